package halab.systems.dsc;

import halab.dsc.proto.GroupType;
import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.Stopping;
import halab.systems.View;
import halab.systems.dm.DmService;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The vendor's service scripts, and the order in which a whole lab is stopped. */
final class DscServices {
  private static final SortedMap<String, String> PREFIXES =
      new TreeMap<>(
          Map.of(
              "dmcss", "DmCSSService",
              "dmasmsvr", "DmASMSvrService",
              "dmserver", "DmService",
              DscPlan.MONITOR_ROLE, "DmCSSMonitorService"));

  private DscServices() {}

  /** All scripts of a lab (reference 2.5, 7.4); only that of an instance can stop its group. */
  static List<DmService> of(LabPlan plan) {
    List<String> stopAll = stop(DcrNames.of(plan).group(GroupType.DB));
    return DmService.all(plan, PREFIXES).stream()
        .map(s -> s.daemon().role().equals("dmserver") ? s.stoppingAll(stopAll) : s)
        .toList();
  }

  /**
   * The DB group and then the ASM group by the monitor's {@code ep stop}, then the cluster services
   * one by one, the control one last, then the monitor.
   */
  static Stopping stopping(LabPlan plan, Map<Endpoint, View> views) {
    DcrNames names = DcrNames.of(plan);
    Endpoint control = DscChecks.control("CSS", views);
    List<Endpoint> ends = new ArrayList<>();
    for (String role : List.of("dmserver", "dmasmsvr", "dmcss")) {
      plan.daemons().stream()
          .filter(d -> d.role().equals(role) && !d.equals(control))
          .forEach(ends::add);
    }
    if (control != null) {
      ends.add(control);
    }
    plan.daemons().stream().filter(d -> d.role().equals(DscPlan.MONITOR_ROLE)).forEach(ends::add);
    return new Stopping(
        List.of(
            new Stopping.Order("dmserver", stop(names.group(GroupType.DB))),
            new Stopping.Order("dmasmsvr", stop(names.group(GroupType.ASM)))),
        control == null ? "there is no control CSS" : null,
        ends);
  }

  private static List<String> stop(String group) {
    return List.of("ep", "stop", group);
  }
}
