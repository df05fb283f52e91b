package halab.systems.dw;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.View;
import halab.systems.dm.DmService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which script starts which daemon, and in which order a group is stopped (reference 8). */
class DwServicesTest {
  private static LabPlan.HostPlan host(String name, List<String> roles, String instance) {
    Map<String, String> files =
        instance == null ? Map.of() : Map.of("dm.ini", "INSTANCE_NAME = " + instance + "\n");
    return new LabPlan.HostPlan(name, roles, List.of(), Map.of(), files);
  }

  private static LabPlan plan() {
    List<String> roles = List.of("dmserver", "dmwatcher");
    return new LabPlan(
        "dw",
        List.of(
            host("n1", roles, "GRP1_RT_01"),
            host("n2", roles, "GRP1_RT_02"),
            host("n3", roles, "GRP1_LOCAL_01"),
            host("mon", List.of("dmmonitor"), null)),
        List.of());
  }

  private static Map<Endpoint, View> modes(String... modes) {
    Map<Endpoint, View> views = new TreeMap<>();
    for (int i = 0; i < modes.length; i++) {
      Endpoint instance = new Endpoint("n" + (i + 1), "dmserver");
      views.put(instance, new View("OPEN", Map.of("mode", modes[i])));
    }
    return views;
  }

  private static List<String> order(String... modes) {
    return DwServices.stopping(plan(), modes(modes)).ends().stream()
        .map(Endpoint::toString)
        .toList();
  }

  @Test
  void everyDaemonHasAScript() {
    assertThat(DwServices.of(plan()))
        .allMatch(s -> s.name().matches(DmService.NAME) && s.stopAll().isEmpty())
        .extracting(s -> s.name() + " " + s.daemon())
        .containsExactly(
            "DmServiceGRP1_RT_01 n1/dmserver",
            "DmWatcherServiceGRP1_RT_01 n1/dmwatcher",
            "DmServiceGRP1_RT_02 n2/dmserver",
            "DmWatcherServiceGRP1_RT_02 n2/dmwatcher",
            "DmServiceGRP1_LOCAL_01 n3/dmserver",
            "DmWatcherServiceGRP1_LOCAL_01 n3/dmwatcher",
            "DmMonitorServiceMON mon/dmmonitor");
  }

  @Test
  void thePrimaryEndsBeforeItsStandbys() {
    assertThat(order("STANDBY", "PRIMARY", "STANDBY"))
        .containsExactly(
            "mon/dmmonitor",
            "n2/dmwatcher",
            "n1/dmwatcher",
            "n3/dmwatcher",
            "n2/dmserver",
            "n1/dmserver",
            "n3/dmserver");
  }

  @Test
  void withoutOnePrimaryTheFilesGiveTheOrder() {
    List<String> byFiles =
        List.of(
            "mon/dmmonitor",
            "n1/dmwatcher",
            "n2/dmwatcher",
            "n3/dmwatcher",
            "n1/dmserver",
            "n2/dmserver",
            "n3/dmserver");
    assertThat(order("STANDBY", "STANDBY", "STANDBY")).isEqualTo(byFiles);
    assertThat(order("STANDBY", "PRIMARY", "PRIMARY")).isEqualTo(byFiles);
    assertThat(order()).isEqualTo(byFiles);
  }
}
