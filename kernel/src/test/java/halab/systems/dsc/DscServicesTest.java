package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.systems.LabPlan;
import halab.systems.dsc.config.DscPlan;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The service scripts of a lab and their lines (reference 2.5, 3.12, 7.4). */
class DscServicesTest {
  private static LabPlan plan(Map<String, String> sets) {
    return DscPlan.plan(new LabPlan.Options(2, true, 20000, sets, Map.of()));
  }

  @Test
  void everyDaemonHasAScriptNamedAfterItsNodesInstance() {
    assertThat(DscServices.of(plan(Map.of())))
        .extracting(s -> s.name() + " " + s.daemon())
        .containsExactly(
            "DmCSSServiceDSC0 n1/dmcss",
            "DmASMSvrServiceDSC0 n1/dmasmsvr",
            "DmServiceDSC0 n1/dmserver",
            "DmCSSServiceDSC1 n2/dmcss",
            "DmASMSvrServiceDSC1 n2/dmasmsvr",
            "DmServiceDSC1 n2/dmserver",
            "DmCSSMonitorServiceMON mon/dmcssm");
    assertThat(DscServices.of(plan(Map.of())))
        .allMatch(s -> s.name().matches(DscServices.NAME))
        .filteredOn(DscServices.Service::stopsAll)
        .extracting(s -> s.daemon().role())
        .containsOnly("dmserver");
  }

  @Test
  void theLinesAreTheVendors() {
    assertThat(DscServices.starting("DmServiceDSC0", true))
        .isEqualTo("Starting DmServiceDSC0: [ OK ]");
    assertThat(DscServices.stopping("DmServiceDSC0", true))
        .isEqualTo("Stopping DmServiceDSC0: [ OK ]");
    assertThat(DscServices.stopping("DmServiceDSC0", false))
        .isEqualTo("Stopping DmServiceDSC0: [FAILED]");
    assertThat(DscServices.timedOut(4711)).isEqualTo("Kill the process(pid:4711) had timeout!");
    assertThat(DscServices.status("DmServiceDSC0", 4711))
        .isEqualTo("DmServiceDSC0 (pid 4711) is running.");
    assertThat(DscServices.status("DmServiceDSC0", 0)).isEqualTo("DmServiceDSC0 is stopped.");
  }
}
