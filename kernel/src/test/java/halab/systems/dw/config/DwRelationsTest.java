package halab.systems.dw.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.LabPlan.HostPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What must agree between files and hosts: reference 2.1, after an operator has edited one file.
 */
class DwRelationsTest {
  private static final LabPlan PLAN =
      DwPlan.plan(
          new LabPlan.Options(
              3, false, 5200, Map.of("async_standbys", "1", "confirm_monitors", "3"), Map.of()));

  /** With "|" for line ends. */
  private static LabPlan edited(String host, String file, String oldRow, String newRow) {
    String old = oldRow.replace('|', '\n');
    String text = newRow.replace('|', '\n');
    List<HostPlan> hosts = new ArrayList<>();
    for (HostPlan h : PLAN.hosts()) {
      Map<String, String> files = new TreeMap<>(h.files());
      if (h.name().equals(host) || host.equals("all") && files.containsKey(file)) {
        assertThat(files.get(file)).contains(old);
        files.put(file, files.get(file).replace(old, text));
      }
      hosts.add(
          new HostPlan(
              h.name(),
              h.startList(),
              h.nics(),
              h.ports(),
              h.sqlPorts(),
              files,
              h.networks(),
              h.saved()));
    }
    return PLAN.withHosts(hosts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "n2; dmmal.ini; MAL_CHECK_INTERVAL = 5; MAL_CHECK_INTERVAL = 6; it differs from"
            + " n1/dmmal.ini",
        "all; dmmal.ini; MAL_HOST = n2; MAL_HOST = n9; n9, which is no database host of this lab",
        "all; dmmal.ini; MAL_HOST = n2; MAL_HOST = n1; is n1, but it runs on n2",
        "all; dmmal.ini; MAL_INST_DW_PORT = 5212; #; Data Watch needs all three",
        "all; dmmal.ini; INST_DW_PORT = 5202; INST_DW_PORT = 5200; port 5200: it is meant for",
        "all; dmmal.ini; INST_DW_PORT = 5212; INST_DW_PORT = 5209; for MAL_INST_DW_PORT of"
            + " GRP1_RT_02",
        "all; dmmal.ini; MAL_CONN_FAIL_INTERVAL = 5; MAL_CHECK_IP = 1.2.3.4; no host of this lab",
        "n1; dm.ini; GRP1_RT_01; GRP1_RT_07; n1/dm.ini:1: INSTANCE_NAME is GRP1_RT_07, which is no",
        "n1; dm.ini; GRP1_RT_01; GRP1_RT_02; MAL_HOST of GRP1_RT_02 is n2, but it runs on n1",
        "n1; dm.ini; PORT_NUM = 5203; PORT_NUM = 5204; n1/dm.ini:2: PORT_NUM is 5204,"
            + " MAL_INST_PORT",
        "n1; dm.ini; MAL_INI = 1; MAL_INI = 0; n1/dm.ini:3: MAL_INI is 0",
        "n1; dm.ini; ARCH_INI = 1; ARCH_INI = 0; n1/dm.ini:4: ARCH_INI is 0",
        "n1; dm.ini; TIMER_INI = 1; TIMER_INI = 0; but TIMER_INI of dm.ini is 0",
        "n1; dmtimer.ini; [RT_TIMER]; [OTHER]; ARCH_TIMER_NAME RT_TIMER is no timer",
        "n2; dmwatcher.ini; DW_MODE = AUTO; DW_MODE = MANUAL; DW_MODE is MANUAL, on n1 it is AUTO",
        "n2; dmwatcher.ini; DW_ERROR_TIME = 10; DW_ERROR_TIME = 9; is 9, on n1 it is 10",
        "n2; dmwatcher.ini; [GRP1]; [GRP2]; the group is called GRP2, on n1 GRP1",
        "n2; dmwatcher.ini; DW_TYPE = GLOBAL; DW_TYPE = LOCAL; 1 watchers are of DW_TYPE GLOBAL",
        "n3; dmwatcher.ini; DW_TYPE = LOCAL; DW_TYPE = GLOBAL; type ASYNC, but its watcher is of",
        "n1; dmarch.ini; ARCH_TYPE = LOCAL|ARCH_DEST = /dm/arch; ARCH_TYPE = REMOTE|ARCH_DEST ="
            + " GRP1_RT_02|ARCH_INCOMING_PATH = /i; there is no LOCAL archive",
        "n1; dmarch.ini; [ARCHIVE_LOCAL1]; [R]|ARCH_TYPE = REMOTE|ARCH_DEST = GRP1_RT_02|"
            + "ARCH_INCOMING_PATH = /i|[L]; GRP1_RT_02 has no REMOTE archive to GRP1_RT_01",
        "n1; dmarch.ini; ARCH_DEST = GRP1_RT_02; ARCH_DEST = NOBODY; is no instance of dmmal.ini",
        "n1; dmarch.ini; ARCH_DEST = GRP1_RT_02; ARCH_DEST = GRP1_RT_01; is this instance",
        "n1; dmarch.ini; ARCH_TYPE = REALTIME; ARCH_TYPE = TIMELY; differs from TIMELY of another",
        "n1; dmarch.ini; ARCH_TYPE = ASYNC; ARCH_TYPE = REALTIME; GRP1_LOCAL_01 is of DW_TYPE"
            + " LOCAL",
        "n1; dmarch.ini; ARCH_DEST = GRP1_LOCAL_01; ARCH_DEST = GRP1_RT_02; no ASYNC archive to",
        "n1; dmarch.ini; ARCH_DEST = /dm/arch; ARCH_DEST = /dm/new; n1.arch was made as /dm/arch",
        "n3; dmarch.ini; [ARCHIVE_LOCAL1]; [L]|ARCH_TYPE = LOCAL|ARCH_DEST = /b|[M]; a new lab can",
        "mon; dmmonitor.ini; n2:5211; n2:5210; MON_DW_IP n2:5210 is no watcher of this lab",
        "mon; dmmonitor.ini; n2:5211; n2:5211/n1:5201; the nodes of a DSC cluster",
        "mon; dmmonitor.ini; [GRP1]; [GRP2]; is a watcher of group GRP1",
        "mon2; dmmonitor.ini; MON_MID = 453331; MON_MID = 1; MON_MID is 1, on mon it is 453331",
        "mon2; dmmonitor.ini; MON_PORT = 5229; MON_PORT = 5228; differ from those of mon",
        "mon2; dmmonitor.ini; MON_ID = 2; MON_ID = 1; MON_ID 1 is that of mon",
        "all; dmmonitor.ini; MON_HOST = mon3; MON_HOST = mon9; mon9 is no monitor of this lab",
        "n1; dmwatcher.ini; [GRP1]; [G2]|INST_OGUID = 1|INST_INI = /x|[GRP1]; several groups"
      })
  void refusesAfterAnEdit(String host, String file, String old, String text, String what) {
    assertThatThrownBy(() -> DwPlan.concluded(edited(host, file, old, text)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "n1; dmwatcher.ini; INST_OGUID = 453331; INST_OGUID = 1",
        "mon; dmmonitor.ini; MON_INST_OGUID = 453331; MON_INST_OGUID = 1",
        "n3; dmwatcher.ini; [GRP1]; [GRP_ASYNC]",
        "n3; dmwatcher.ini; DW_ERROR_TIME = 10; DW_ERROR_TIME = 30",
        "n2; dmwatcher.ini; INST_RECOVER_TIME = 60; INST_RECOVER_TIME = 30",
        "n1; release.ini; SVR_BUILD = 218; SVR_BUILD = 156",
        "all; dmarch.ini; ARCH_WAIT_APPLY = 0; ARCH_WAIT_APPLY = 1",
        "n1; dmmal.ini; MAL_CHECK_INTERVAL = 5; # of ours|MAL_CHECK_INTERVAL = 5"
      })
  void takesAfterAnEdit(String host, String file, String old, String text) {
    LabPlan plan = edited(host, file, old, text);
    assertThat(DwPlan.concluded(plan).disks()).isEqualTo(PLAN.disks());
  }

  @Test
  void aManualGroupMustNotWaitForTheReplay() {
    assertThatThrownBy(
            () ->
                DwPlan.plan(
                    new LabPlan.Options(
                        2,
                        false,
                        5200,
                        Map.of("DW_MODE", "MANUAL", "ARCH_WAIT_APPLY", "1"),
                        Map.of())))
        .hasMessageContaining("n1/dmarch.ini: ARCH_WAIT_APPLY is 1, but DW_MODE is MANUAL");
  }

  @Test
  void aFileThatIsMissingIsAProblemOfItsHost() {
    List<HostPlan> hosts = new ArrayList<>(PLAN.hosts());
    HostPlan n1 = hosts.get(0);
    Map<String, String> files = new TreeMap<>(n1.files());
    files.remove("dmarch.ini");
    hosts.set(0, new HostPlan("n1", n1.startList(), n1.nics(), n1.ports(), files));
    assertThatThrownBy(() -> DwPlan.concluded(PLAN.withHosts(hosts)))
        .hasMessage("n1/dmarch.ini: the file is missing; put it into the host's etc folder");
  }
}
