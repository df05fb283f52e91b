package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.Stopping;
import halab.systems.View;
import halab.systems.dm.DmService;
import halab.systems.dsc.config.DscPlan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Scripts of a lab, their lines, and how it is stopped (reference 2.5, 3.12, 7.4). */
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
        .allMatch(s -> s.name().matches(DmService.NAME))
        .filteredOn(s -> s.stopAll().equals(List.of("ep", "stop", "GRP_DSC")))
        .extracting(s -> s.daemon().role())
        .containsExactly("dmserver", "dmserver");
  }

  @Test
  void theLinesAreTheVendors() {
    DmService service =
        new DmService("DmServiceDSC0", new Endpoint("n1", "dmserver"), List.of());
    assertThat(service.starting(true)).isEqualTo("Starting DmServiceDSC0: [ OK ]");
    assertThat(service.stopping(true)).isEqualTo("Stopping DmServiceDSC0: [ OK ]");
    assertThat(service.stopping(false)).isEqualTo("Stopping DmServiceDSC0: [FAILED]");
    assertThat(DmService.timedOut(4711)).isEqualTo("Kill the process(pid:4711) had timeout!");
    assertThat(service.status(4711)).isEqualTo("DmServiceDSC0 (pid 4711) is running.");
    assertThat(service.status(0)).isEqualTo("DmServiceDSC0 is stopped.");
  }

  @Test
  void theControlCssEndsAfterTheOthers() {
    Map<Endpoint, View> views = new TreeMap<>();
    views.put(
        new Endpoint("n1", "dmcss"),
        new View("CONTROL", Map.of("control.CSS", "0", "seqno", "0")));
    views.put(
        new Endpoint("n2", "dmcss"), new View("NORMAL", Map.of("control.CSS", "0", "seqno", "1")));
    Stopping stopping = DscServices.stopping(plan(Map.of()), views);
    assertThat(stopping.closed()).isNull();
    assertThat(stopping.orders())
        .containsExactly(
            new Stopping.Order("dmserver", List.of("ep", "stop", "GRP_DSC")),
            new Stopping.Order("dmasmsvr", List.of("ep", "stop", "GRP_ASM")));
    assertThat(stopping.ends())
        .extracting(Endpoint::toString)
        .containsExactly(
            "n1/dmserver",
            "n2/dmserver",
            "n1/dmasmsvr",
            "n2/dmasmsvr",
            "n2/dmcss",
            "n1/dmcss",
            "mon/dmcssm");
  }

  @Test
  void withoutAControlCssNothingCanBeOrdered() {
    assertThat(DscServices.stopping(plan(Map.of()), Map.of()).closed())
        .isEqualTo("there is no control CSS");
  }
}
