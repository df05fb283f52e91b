package halab.systems.dw;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.Stopping;
import halab.systems.View;
import halab.systems.dm.DmService;
import halab.systems.dw.config.DwMembers;
import halab.systems.dw.config.DwPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The vendor's service scripts, and the order in which a whole lab is stopped. */
final class DwServices {
  private static final SortedMap<String, String> PREFIXES =
      new TreeMap<>(
          Map.of(
              DwMembers.INSTANCE, "DmService",
              DwMembers.WATCHER, "DmWatcherService",
              DwPlan.MONITOR_ROLE, "DmMonitorService"));

  private DwServices() {}

  /** All scripts of a lab (reference 1.1). */
  static List<DmService> of(LabPlan plan) {
    return DmService.all(plan, PREFIXES);
  }

  /**
   * Monitors, so that none starts a takeover; watchers, so that none restarts or fails over, the
   * primary's first; the primary, whose last redo its standbys still have to acknowledge; standbys
   * (reference 8). While nobody or more than one shows itself as primary, hosts are in the order of
   * the files.
   */
  static Stopping stopping(LabPlan plan, Map<Endpoint, View> views) {
    List<String> hosts = primaryFirst(plan, views);
    List<Endpoint> ends = new ArrayList<>();
    for (String role : List.of(DwPlan.MONITOR_ROLE, DwMembers.WATCHER, DwMembers.INSTANCE)) {
      for (String host : hosts) {
        if (plan.host(host).startList().contains(role)) {
          ends.add(new Endpoint(host, role));
        }
      }
    }
    return Stopping.of(ends);
  }

  private static List<String> primaryFirst(LabPlan plan, Map<Endpoint, View> views) {
    List<String> hosts =
        new ArrayList<>(plan.hosts().stream().map(LabPlan.HostPlan::name).toList());
    List<String> primaries =
        hosts.stream()
            .filter(h -> isPrimary(views.get(new Endpoint(h, DwMembers.INSTANCE))))
            .toList();
    if (primaries.size() == 1) {
      hosts.removeAll(primaries);
      hosts.addAll(0, primaries);
    }
    return hosts;
  }

  private static boolean isPrimary(View view) {
    return view != null && DmMode.PRIMARY.name().equals(view.facts().get("mode"));
  }
}
