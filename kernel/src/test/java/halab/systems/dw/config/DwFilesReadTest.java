package halab.systems.dw.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.ConfigException;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each file by itself: ranges and defaults of reference 2.2 to 2.7. */
class DwFilesReadTest {
  private static final String DM = "INSTANCE_NAME = A\n";
  private static final String GROUP = "[G]\nINST_OGUID = 1\nINST_INI = /dm/etc/dm.ini\n";
  private static final String WATCHED = "[G]\nMON_INST_OGUID = 1\nMON_DW_IP = n1:5201\n";

  private static Object read(String file, String text) {
    Map<String, String> files = Map.of(file, text);
    return switch (file) {
      case "dm.ini" -> DmIni.read(files);
      case "dmarch.ini" -> DmArchIni.read(files);
      case "dmwatcher.ini" -> DmwatcherIni.read(files);
      case "dmmonitor.ini" -> DmmonitorIni.read(files);
      case "dmtimer.ini" -> DmTimerIni.read(files);
      case "dmmal.ini" -> MalIni.read(files, MalIni.DB_FILE);
      default -> ReleaseIni.read(files);
    };
  }

  /** A text with "|" for line ends, as one table row has it. */
  private static String lines(String row) {
    return row.replace('|', '\n') + "\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dm.ini",
        "dmarch.ini",
        "dmwatcher.ini",
        "dmmonitor.ini",
        "dmtimer.ini",
        "release.ini"
      })
  void aMissingFileIsAProblem(String file) {
    assertThatThrownBy(() -> read(file.equals("release.ini") ? "other" : file, "\u0000"))
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> DmIni.read(Map.of()))
        .hasMessage("dm.ini: the file is missing; put it into the host's etc folder");
  }

  @Test
  void whatDmIniLeavesOutIsTheVendorsDefault() {
    DmIni dm = DmIni.read(Map.of("dm.ini", DM + "BUFFER = 8000\nMAX_SESSIONS = 100\n"));
    assertThat(dm)
        .isEqualTo(
            new DmIni(
                "A", 5236, false, false, false, 60, 1, 0, 1, 60, 1024, 4096, 1800, 1, 180, 64,
                300));
    assertThat(DmIni.settings(Map.of("dm.ini", DM)))
        .contains(new Setting("ALTER_MODE_STATUS", "1", null, "0", "2"));
  }

  @Test
  void whatDmwatcherIniLeavesOutIsTheVendorsDefault() {
    assertThat(DmwatcherIni.read(Map.of("dmwatcher.ini", GROUP)).group("g"))
        .isEqualTo(
            new DmwatcherIni.Group(
                "G",
                DmwatcherIni.Type.LOCAL,
                DmwatcherIni.Mode.MANUAL,
                15,
                15,
                60,
                1,
                "/dm/etc/dm.ini",
                false,
                0,
                null,
                false,
                0,
                0,
                0,
                false,
                1,
                1));
  }

  @Test
  void whatDmarchIniLeavesOutIsTheVendorsDefault() {
    DmArchIni arch =
        DmArchIni.read(Map.of("dmarch.ini", "[L]\narch_type = local\nARCH_DEST = /dm/arch\n"));
    assertThat(arch.waitApply()).as("answers on receipt, as the seed says").isFalse();
    assertThat(arch.local())
        .containsExactly(
            new DmArchIni.Arch(
                "L",
                ArchType.LOCAL,
                "/dm/arch",
                1024,
                0,
                0,
                true,
                null,
                0,
                0,
                0,
                60,
                false,
                null,
                1));
  }

  @Test
  void whatDmmonitorIniLeavesOutIsTheVendorsDefault() {
    DmmonitorIni mon = DmmonitorIni.read(Map.of("dmmonitor.ini", WATCHED));
    assertThat(mon.confirm()).isFalse();
    assertThat(mon.logIntervalS()).isEqualTo(60);
    assertThat(mon.instNum()).isZero();
    assertThat(List.of(mon.hbInterval(), mon.voteInterval(), mon.broInterval()))
        .containsExactly(60, 100, 100);
  }

  @Test
  void oneMonDwIpMayNameTheNodesOfADscCluster() {
    DmmonitorIni mon =
        DmmonitorIni.read(
            Map.of("dmmonitor.ini", WATCHED.replace("n1:5201", "n1:5201/[::1]:5202")));
    assertThat(mon.groups().get(0).watchers().get(0).nodes())
        .extracting(Object::toString)
        .containsExactly("n1:5201", "[::1]:5202");
  }

  @Test
  void aReleaseIs218UnlessTheFileSaysOtherwise() {
    assertThat(ReleaseIni.read(Map.of("release.ini", "")).svrBuild()).isEqualTo(218);
    assertThat(ReleaseIni.read(Map.of("release.ini", "SVR_BUILD = 156")).svrBuild()).isEqualTo(156);
  }

  @Test
  void theMalFileSaysWhereAnInstanceListensForItsWatcher() {
    String mal = "[M]\nMAL_INST_NAME=A\nMAL_HOST=n1\nMAL_PORT=7000\nMAL_INST_DW_PORT=7002\n";
    MalIni.Instance a = MalIni.read(Map.of("dmmal.ini", mal), MalIni.DB_FILE).instance("A");
    assertThat(a.instDwPort()).isEqualTo(7002);
    assertThat(a.dwPort()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PORT_NUM = 80; 1024 to 65534",
        "DW_INACTIVE_INTERVAL = 1801; 0 to 1800",
        "ALTER_MODE_STATUS = 3; 0 to 2",
        "DW_MAX_SVR_WAIT_TIME = 65535; 0 to 65534",
        "ENABLE_OFFLINE_TS = 3; 0 to 2",
        "SESS_FREE_IN_SUSPEND = 1801; 0 to 1800",
        "REDOS_BUF_SIZE = 65537; 0 to 65536",
        "REDOS_BUF_NUM = 100000; 0 to 99999",
        "REDOS_MAX_DELAY = 7201; 0 to 7200",
        "REDOS_PARALLEL_NUM = 0; 1 to 16",
        "ARCH_INI = 2; 0 to 1",
        "INSTANCE_NAME = ABCDEFGHIJKLMNOPQ; a second time",
        "MPP_INI = 1; not emulated",
        "[SECTION]; the file has no sections"
      })
  void refusesInDmIni(String line, String why) {
    assertThatThrownBy(() -> read("dm.ini", DM + line))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dm.ini:2: ")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ARCH_WAIT_APPLY = 2; 1; is outside 0 to 1",
        "[A]|ARCH_DEST = /a; 1; ARCH_TYPE is missing",
        "[A]|ARCH_TYPE = LOCAL; 1; ARCH_DEST is missing",
        "[A]|ARCH_TYPE = LOKAL|ARCH_DEST = /a; 2; LOCAL, REALTIME, TIMELY, ASYNC, REMOTE, SYNC",
        "[A]|ARCH_TYPE = LOCAL|ARCH_DEST = arch; 3; an absolute path",
        "[A]|ARCH_TYPE = LOCAL|ARCH_DEST = /盘; 3; an absolute path in ASCII",
        "[A]|ARCH_TYPE = REALTIME|ARCH_DEST = DSC0/DSC1; 3; names a DSC cluster",
        "[A]|ARCH_TYPE = REALTIME|ARCH_DEST = ABCDEFGHIJKLMNOPQ; 3; 1 to 16 bytes",
        "[A]|ARCH_TYPE = SYNC|ARCH_DEST = B; 2; SYNC is not emulated",
        "[A]|ARCH_TYPE = ASYNC|ARCH_DEST = B; 1; needs ARCH_TIMER_NAME",
        "[A]|ARCH_TYPE = REMOTE|ARCH_DEST = B; 1; needs ARCH_INCOMING_PATH",
        "[A]|ARCH_TYPE = LOCAL|ARCH_DEST = /a|ARCH_LOCAL_SHARE = 1; 4; shared disk",
        "[A]|ARCH_TYPE = LOCAL|ARCH_DEST = /a|ARCH_FILE_SIZE = 63; 4; 64 to 2048",
        "[A]|ARCH_TYPE = LOCAL|ARCH_DEST = /a|ARCH_SPACE_LIMIT = 1023; 4; 0 or 1024 to 4294967294",
        "[A]|ARCH_TYPE = LOCAL|ARCH_DEST = /a|ARCH_DESK = /a; 4; the nearest key here is ARCH_DEST",
        "[A]|ARCH_TYPE = LOCAL|ARCH_DEST = /a|DW_MODE = AUTO; 4; it belongs elsewhere",
        "[A]|ARCH_TYPE = TIMELY|ARCH_DEST = B|[B]|ARCH_TYPE = REALTIME|ARCH_DEST = C; 1; mixed",
        "[A]|ARCH_TYPE = TIMELY|ARCH_DEST = B|[B]|ARCH_TYPE = TIMELY|ARCH_DEST = b; 6; see line 1"
      })
  void refusesInDmarchIni(String row, int line, String why) {
    assertThatThrownBy(() -> read("dmarch.ini", lines(row)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dmarch.ini:" + line + ": ")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOCAL", "REALTIME", "TIMELY", "ASYNC", "REMOTE"})
  void aDatabaseHasAtMostEightArchivesOfAType(String type) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      text.append("[A" + i + "]\nARCH_TYPE = " + type + "\n");
      text.append("ARCH_DEST = " + (type.equals("LOCAL") ? "/a" : "B") + i + "\n");
      text.append("ARCH_TIMER_NAME = T\nARCH_INCOMING_PATH = /b" + i + "\n");
    }
    assertThatThrownBy(() -> read("dmarch.ini", text.toString()))
        .hasMessage(
            "dmarch.ini: there are 9 archives of type "
                + type
                + "; a database has at most 8 of each"
                + " type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "DW_TYPE = REMOTE; 4; GLOBAL, LOCAL",
        "DW_MODE = MANUEL; 4; AUTO, MANUAL",
        "DW_ERROR_TIME = 2; 4; 3 to 1800",
        "INST_ERROR_TIME = 1801; 4; 3 to 1800",
        "INST_RECOVER_TIME = 2; 4; 3 to 86400",
        "INST_AUTO_RESTART = 1; 4; needs INST_STARTUP_CMD",
        "INST_RESTART_CNT = 1025; 4; 0 to 1024",
        "RLOG_SEND_THRESHOLD = 86401; 4; 0 to 86400",
        "DCR_INI = /dm/dmdcr.ini; 4; not emulated",
        "INST_OGUID = 5; 4; a second time",
        "[G]|INST_OGUID = 1|INST_INI = /x; 4; group G is there twice",
        "[H H]|INST_OGUID = 1|INST_INI = /x; 4; letters, digits and _",
        "[H]|INST_INI = /x; 4; INST_OGUID is missing",
        "[H]|INST_OGUID = 2147483648|INST_INI = /x; 5; 0 to 2147483647"
      })
  void refusesInDmwatcherIni(String row, int line, String why) {
    assertThatThrownBy(() -> read("dmwatcher.ini", GROUP + lines(row)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dmwatcher.ini:" + line + ": ")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "MON_LOG_INTERVAL = 601; 1; 0 to 600",
        "MON_LOG_FILE_SIZE = 0; 1; 1 to 2048",
        "MON_INST_NUM = 3; 1; there are 0 [MON] sections",
        "[G2]|MON_INST_OGUID = 1; 1; MON_DW_IP is missing",
        "[G2]|MON_INST_OGUID = 1|MON_DW_IP = n1; 3; is not HOST:PORT",
        "[G2]|MON_INST_OGUID = 1|MON_DW_IP = n1:80; 3; is not HOST:PORT",
        "[G2]|MON_INST_OGUID = 1|MON_DW_IP = n1:5201/; 3; joined by /",
        "[G2]|MON_INST_OGUID = 1|MON_DW_IP = n1:5201|MON_DW_IP = n1:5201; 4; listed twice",
        "[M]|MON_INST_ID = 1|MON_HOST = mon; 1; MON_PORT is missing",
        "[G]|MON_INST_OGUID = 1|MON_DW_IP = n2:5201; 1; group G is there twice"
      })
  void refusesInDmmonitorIni(String row, int line, String why) {
    assertThatThrownBy(() -> read("dmmonitor.ini", lines(row) + WATCHED))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dmmonitor.ini:" + line + ": ")
        .hasMessageContaining(why);
  }

  @Test
  void aMonitorOfSeveralInstancesMustConfirmAndKnowItself() {
    String one = "[M]\nMON_INST_ID = 1\nMON_HOST = mon\nMON_PORT = 5209\n";
    assertThatThrownBy(
            () -> read("dmmonitor.ini", "MON_INST_NUM = 1\nMON_ID = 2\n" + WATCHED + one))
        .hasMessageContaining("dmmonitor.ini:1: several instances are only for a confirm monitor")
        .hasMessageContaining("dmmonitor.ini:2: MON_ID is 2, which no [MON] section has");
    String twice = "MON_INST_NUM = 2\nMON_ID = 1\nMON_DW_CONFIRM = 1\n" + WATCHED + one + one;
    assertThatThrownBy(() -> read("dmmonitor.ini", twice))
        .hasMessageContaining("MON_INST_ID 1 is there twice");
  }

  @Test
  void aGroupHasAtMostThirtyThreeAddresses() {
    StringBuilder text = new StringBuilder("[G]\nMON_INST_OGUID = 1\n");
    for (int i = 0; i < 34; i++) {
      text.append("MON_DW_IP = n1:" + (5000 + i) + "\n");
    }
    assertThatThrownBy(() -> read("dmmonitor.ini", text.toString()))
        .hasMessage("dmmonitor.ini:1: group G has 34 addresses; a group takes 33");
  }

  @Test
  void listsAllProblemsTogetherWithTheirLines() {
    assertThatThrownBy(() -> read("dmwatcher.ini", "DW_MODE = AUTO\nhello\n[G]\nDW_TYPE = X\n"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(ConfigException.Problem::line)
                    .containsExactly(2, 1, 3, 3, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dm.ini",
        "dmarch.ini",
        "dmwatcher.ini",
        "dmmonitor.ini",
        "dmtimer.ini",
        "release.ini"
      })
  void survivesHostileInput(String file) {
    for (String text :
        List.of(
            "x".repeat(2 << 20),
            "[".repeat(4000),
            "=\n=\n[]\n[=]\n==",
            "A=" + "b".repeat(5000),
            "\u0000\u001b[31m=1",
            "[G]\n".repeat(500),
            "[G]\nTYPE = 99999999999999999999\nMON_DW_IP = /:/\nARCH_TYPE =\nSTART_TIME = 9")) {
      assertThatThrownBy(() -> read(file, text + "\nINSTANCE_NAME\n"))
          .isInstanceOf(ConfigException.class)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\u001b", "\u0000"));
    }
  }
}
