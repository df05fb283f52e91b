package halab.systems.dw.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.LabPlan.DiskPlan;
import halab.systems.dm.config.MalIni;
import halab.systems.dsc.Golden;
import halab.systems.dw.DmCtl;
import halab.systems.dw.DmMode;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Files of a site with addresses, ports and folders of its own, as published examples have them.
 */
class DwBroughtTest {
  private static final String MAL =
      """
      # the same on both hosts
      MAL_CHECK_INTERVAL      = 5    # seconds
      MAL_CONN_FAIL_INTERVAL  = 5
      MAL_CHECK_IP            = 192.168.56.1
      MAL_CHECK_TIMEOUT       = 3000
      MAL_TEMP_PATH           = /tmp
      [MAL_INST1]
      MAL_INST_NAME           = DMRW01
      MAL_HOST                = 10.10.10.11   # private network
      MAL_PORT                = 61141
      MAL_INST_HOST           = 192.168.56.11
      MAL_INST_PORT           = 32141
      MAL_DW_PORT             = 52141
      MAL_INST_DW_PORT        = 33141
      [MAL_INST2]
      MAL_INST_NAME           = DMRW02
      MAL_HOST                = 10.10.10.12
      MAL_PORT                = 61141
      MAL_INST_HOST           = 192.168.56.12
      MAL_INST_PORT           = 32141
      MAL_DW_PORT             = 52141
      MAL_INST_DW_PORT        = 33141
      """;

  private static final String WATCHER =
      """
      [GRPRW]
      DW_TYPE = GLOBAL
      DW_MODE = AUTO
      DW_ERROR_TIME = 15
      INST_RECOVER_TIME = 60
      INST_ERROR_TIME = 15
      INST_OGUID = 45331
      INST_INI = /dm8/data/DAMENG/dm.ini
      INST_AUTO_RESTART = 1
      INST_STARTUP_CMD = /home/dmdba/dmdbms/bin/dmserver
      RLOG_SEND_THRESHOLD = 0
      RLOG_APPLY_THRESHOLD = 0
      """;

  private static final String MONITOR =
      """
      MON_DW_CONFIRM      = 1
      MON_LOG_PATH        = /home/dmdba/dmdbms/log
      MON_LOG_INTERVAL    = 60
      MON_LOG_FILE_SIZE   = 32
      MON_LOG_SPACE_LIMIT = 0
      [GRPRW]
      MON_INST_OGUID = 45331
      MON_DW_IP = 10.10.10.11:52141
      MON_DW_IP = 10.10.10.12:52141
      """;

  private static String dm(String name) {
    return """
    #DaMeng Database Server Configuration file
    #this is comments

    #file location of dm.ctl
    CTL_PATH          = /dm8/data/DAMENG/dm.ctl     #ctl file path
    CONFIG_PATH       = /dm8/data/DAMENG            #config path
    #instance name
    INSTANCE_NAME     = %s                          #Instance name
    PORT_NUM          = 32141                       #Port number
    MAX_SESSIONS      = 10000                       #Maximum number of sessions
    DW_PORT           = 0
    DW_INACTIVE_INTERVAL = 60
    ALTER_MODE_STATUS = 0
    ENABLE_OFFLINE_TS = 2
    MAL_INI           = 1
    ARCH_INI          = 1
    """
        .replace("%s", name);
  }

  private static String arch(String other) {
    return """
    ARCH_WAIT_APPLY = 1
    [ARCHIVE_REALTIME]
    ARCH_TYPE = REALTIME
    ARCH_DEST = %s
    [ARCHIVE_LOCAL1]
    ARCH_TYPE = LOCAL
    ARCH_DEST = /dm8/arch
    ARCH_FILE_SIZE = 2048
    ARCH_SPACE_LIMIT = 102400
    ARCH_FLUSH_BUF_SIZE = 0
    ARCH_HANG_FLAG = 1
    """
        .replace("%s", other);
  }

  private static Map<String, String> site() {
    Map<String, String> files = new TreeMap<>();
    for (int k = 1; k <= 2; k++) {
      String folder = k == 1 ? "DMRW01" : "192.168.56.12";
      files.put(folder + "/dm.ini", dm("DMRW0" + k));
      files.put(folder + "/dmmal.ini", MAL);
      files.put(folder + "/dmarch.ini", arch("DMRW0" + (3 - k)));
      files.put(folder + "/dmwatcher.ini", WATCHER);
    }
    files.put("DMRW01/sqllog.ini", "BUF_TOTAL_SIZE = 10240\n");
    files.put("monitor/dmmonitor.ini", MONITOR);
    return files;
  }

  private static LabPlan.Options options(Map<String, String> files, String... set) {
    Map<String, String> overrides = new TreeMap<>();
    for (String one : set) {
      overrides.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
    }
    return new LabPlan.Options(2, false, 5200, overrides, files);
  }

  private static LabPlan plan(Map<String, String> files, String... set) {
    return DwPlan.plan(options(files, set));
  }

  @Test
  void aSitesFilesBecomeALab() {
    LabPlan plan = plan(site());
    assertThat(plan.hosts()).extracting(LabPlan.HostPlan::name).containsExactly("n1", "n2", "mon");
    MalIni mal = MalIni.read(plan.host("n2").files(), MalIni.DB_FILE);
    assertThat(mal.hostOf("DMRW02")).isEqualTo("n2");
    assertThat(mal.instance("DMRW02").dwPort()).isEqualTo(5211);
    assertThat(mal.checkIp()).isNull();
    assertThat(plan.host("n2").sqlPorts()).isEqualTo(Map.of("dmserver", 5213));
    DmwatcherIni.Group group = DmwatcherIni.read(plan.host("n1").files()).group("GRPRW");
    assertThat(group.dwErrorTimeS()).isEqualTo(15);
    assertThat(DmArchIni.read(plan.host("n1").files()).waitApply()).isTrue();
    assertThat(plan.disks()).extracting(DiskPlan::path).contains("/dm8/arch");
    DmmonitorIni monitor = DmmonitorIni.read(plan.host("mon").files());
    assertThat(monitor.groups().get(0).watchers().get(1).address()).hasToString("n2:5211");
    assertThat(monitor.logPath()).isEqualTo("/home/dmdba/dmdbms/log");
    DmCtl ctl = DmCtl.read(plan.host("n1").saved());
    assertThat(ctl.mode()).isEqualTo(DmMode.PRIMARY);
    assertThat(ctl.oguid()).isEqualTo(45331);
    assertThat(DwPlan.concluded(plan)).isEqualTo(plan);
  }

  @Test
  void tellsWhatItReplacedAndLeftOut() {
    String told = String.join("\n", DwPlan.brought(site()).told());
    Golden.matches("dw", "told.txt", told + "\n");
  }

  @Test
  void linesThatMeanNothingHereStayAsComments() {
    String mal = plan(site()).host("n1").files().get("dmmal.ini");
    assertThat(mal)
        .startsWith("# the same on both hosts\nMAL_CHECK_INTERVAL      = 5    # seconds\n")
        .contains("# MAL_TEMP_PATH           = /tmp\n");
    assertThat(plan(site()).host("n1").files().get("dm.ini"))
        .contains("MAX_SESSIONS      = 10000                       #Maximum number of sessions\n");
  }

  @Test
  void withoutFilesNothingIsTold() {
    assertThat(DwPlan.brought(Map.of()).told()).isEmpty();
  }

  @Test
  void theFilesOfALabMakeTheSameLab() {
    LabPlan first = plan(Map.of());
    Map<String, String> files = new TreeMap<>();
    first
        .hosts()
        .forEach(h -> h.files().forEach((name, text) -> files.put(h.name() + "/" + name, text)));
    assertThat(DwPlan.brought(files).files()).isEqualTo(files);
    assertThat(DwPlan.brought(files).told())
        .as("only ports, which a new lab has of its own")
        .allMatch(line -> line.contains("the lab's own"));
    assertThat(plan(files)).isEqualTo(first);
  }

  @Test
  void whatIsNotBroughtAlongIsMadeToFit() {
    Map<String, String> files = new TreeMap<>();
    files.put("dmmal.ini", MAL);
    files.put("dmwatcher.ini", WATCHER.replace("AUTO\n", "MANUAL\n"));
    LabPlan plan = plan(files);
    assertThat(DmIni.read(plan.host("n2").files()).instanceName()).isEqualTo("DMRW02");
    assertThat(DmArchIni.read(plan.host("n1").files()).to("DMRW02").type())
        .isEqualTo(ArchType.REALTIME);
    DmmonitorIni monitor = DmmonitorIni.read(plan.host("mon").files());
    assertThat(monitor.confirm()).as("nobody has to confirm in a manual group").isFalse();
    assertThat(monitor.groups().get(0).name()).isEqualTo("GRPRW");
    assertThat(monitor.groups().get(0).oguid()).isEqualTo(45331);
  }

  @Test
  void aFileInNoFolderIsForAllHosts() {
    Map<String, String> files = new TreeMap<>();
    files.put("dm.ini", dm("DAMENG"));
    files.put("dmmal.ini", MAL);
    LabPlan plan = plan(files);
    assertThat(DmIni.read(plan.host("n1").files()).instanceName()).isEqualTo("DMRW01");
    assertThat(DmIni.read(plan.host("n2").files()).instanceName()).isEqualTo("DMRW02");
  }

  @Test
  void anAsynchronousStandbyIsKnownByItsWatcherOrByTheArchivesThatLeadThere() {
    String async = "\n[A]\nARCH_TYPE = ASYNC\nARCH_DEST = DMASYNC\nARCH_TIMER_NAME = RT_TIMER\n";
    String three =
        MAL
            + "[MAL_INST3]\nMAL_INST_NAME = DMASYNC\nMAL_HOST = 10.10.10.13\nMAL_PORT = 61141\n"
            + "MAL_INST_HOST = 192.168.56.13\nMAL_INST_PORT = 32141\nMAL_DW_PORT = 52141\n";
    Map<String, String> files = new TreeMap<>();
    files.put("dmmal.ini", three);
    files.put("DMRW01/dmarch.ini", arch("DMRW02") + async);
    files.put("DMRW02/dmarch.ini", arch("DMRW01") + async);
    LabPlan plan = plan(files);
    assertThat(plan.hosts()).hasSize(4);
    assertThat(DmwatcherIni.read(plan.host("n3").files()).groups().get(0).type())
        .isEqualTo(DmwatcherIni.Type.LOCAL);
    assertThat(DmTimerIni.read(plan.host("n1").files()).timer("RT_TIMER").valid()).isTrue();
    assertThat(DwPlan.brought(files).told())
        .anyMatch(line -> line.contains("MAL_INST_DW_PORT (missing)"));
  }

  @Test
  void aConfirmMonitorOfSeveralInstancesGetsAHostForEach() {
    String several =
        "MON_INST_NUM = 3\nMON_ID = 1\nMON_MID = 9\n"
            + MONITOR
            + "[MON1]\nMON_INST_ID = 1\nMON_HOST = 10.10.10.21\nMON_PORT = 7000\n"
            + "[MON2]\nMON_INST_ID = 2\nMON_HOST = 10.10.10.22\nMON_PORT = 7000\n"
            + "[MON3]\nMON_INST_ID = 3\nMON_HOST = 10.10.10.23\nMON_PORT = 7000\n";
    Map<String, String> files = site();
    files.remove("monitor/dmmonitor.ini");
    files.put("dmmonitor.ini", several);
    LabPlan plan = plan(files);
    assertThat(plan.hosts()).hasSize(5);
    assertThat(DmmonitorIni.read(plan.host("mon3").files()).id()).isEqualTo(3);
    assertThat(plan.host("mon3").ports()).isEqualTo(Map.of("dmmonitor", 5229));
  }

  @Test
  void synchronousArchivesAndForeignFoldersAreLeftOut() {
    Map<String, String> files = site();
    files.put(
        "DMRW01/dmarch.ini",
        arch("DMRW02") + "[S]\nARCH_TYPE = SYNC\nARCH_DEST = DMRW02\nARCH_RECOVER_TIME = 60\n");
    files.put("old/dm.ini", dm("DMOLD"));
    assertThat(DmArchIni.read(plan(files).host("n1").files()).archives()).hasSize(2);
    assertThat(DwPlan.brought(files).told())
        .anyMatch(line -> line.contains("[S] is a SYNC archive, which is not emulated"))
        .anyMatch(line -> line.startsWith("old/dm.ini: its folder stands for no instance"));
  }

  @Test
  void aDirectoryThatIsNoneHereBecomesTheLabs() {
    Map<String, String> files = site();
    files.put("DMRW01/dmarch.ini", arch("DMRW02").replace("/dm8/arch", "D:\\dm\\arch"));
    assertThat(plan(files).disks()).extracting(DiskPlan::path).contains("/dm/arch");
  }

  @Test
  void whatIsWrongInTheSitesFilesIsAProblemWithItsLine() {
    Map<String, String> files = site();
    files.put("DMRW01/dmwatcher.ini", WATCHER.replace("DW_ERROR_TIME = 15", "DW_ERROR_TIME = 1"));
    files.put("monitor/dmmonitor.ini", MONITOR.replace("10.10.10.12", "10.10.10.99"));
    assertThatThrownBy(() -> plan(files))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("n1/dmwatcher.ini:4: DW_ERROR_TIME = '1' is outside 3 to 1800");
    files.put("DMRW01/dmwatcher.ini", WATCHER);
    assertThatThrownBy(() -> plan(files))
        .hasMessageContaining("mon/dmmonitor.ini:9: MON_DW_IP 10.10.10.99:52141 is no watcher");
  }

  @Test
  void aHostTooFewIsAProblem() {
    Map<String, String> files = Map.of("n3/dmwatcher.ini", WATCHER, "n1/dmwatcher.ini", WATCHER);
    assertThat(DwPlan.brought(files).told()).isEmpty();
    assertThatThrownBy(() -> plan(files))
        .hasMessageContaining("n3/dmwatcher.ini: no host of this lab has such a file");
  }

  @Test
  void settingsThatTheFilesMakeAreRefused() {
    assertThatThrownBy(() -> plan(site(), "async_standbys=1", "monitors=2"))
        .hasMessageContaining("setting 'async_standbys': the files that are brought along say it")
        .hasMessageContaining("setting 'monitors'");
  }
}
