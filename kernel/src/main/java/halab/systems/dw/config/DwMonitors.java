package halab.systems.dw.config;

import halab.systems.LabPlan.HostPlan;
import halab.systems.dm.config.Address;
import halab.systems.dm.config.Problems;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** That the monitors of a lab know its watchers and, where a monitor has instances, each other. */
final class DwMonitors {
  private final Problems problems;
  private final Map<String, DmmonitorIni> inis = new TreeMap<>();

  DwMonitors(Problems problems) {
    this.problems = problems;
  }

  /**
   * Adds one.
   *
   * @param ini null when the file has problems of its own
   */
  void add(HostPlan host, DmmonitorIni ini) {
    if (ini != null) {
      inis.put(host.name(), ini);
    }
  }

  /** The group of this name as a monitor knows it; null when none does. */
  DmmonitorIni.Group group(String name) {
    return inis.values().stream()
        .flatMap(i -> i.groups().stream())
        .filter(g -> g.name().equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }

  void check(List<DwHost> dbs) {
    if (dbs.stream().allMatch(d -> d.group() != null && d.instance() != null)) {
      inis.forEach((host, ini) -> ini.groups().forEach(g -> checkGroup(host, g, dbs)));
    }
    inis.forEach(this::checkInstances);
    checkTogether();
  }

  private void checkGroup(String host, DmmonitorIni.Group group, List<DwHost> dbs) {
    String file = host + "/" + DmmonitorIni.FILE;
    List<String> known = dbs.stream().map(d -> watcher(d).toString()).toList();
    for (DmmonitorIni.Watcher watcher : group.watchers()) {
      problems.require(
          watcher.nodes().size() == 1,
          file,
          watcher.line(),
          "MON_DW_IP lists the nodes of a DSC cluster, which Data Watch does not have here",
          "give one address for each instance");
      for (Address address : watcher.nodes()) {
        problems.require(
            known.contains(address.toString()),
            file,
            watcher.line(),
            "MON_DW_IP " + address + " is no watcher of this lab",
            "the watchers are " + String.join(", ", known));
      }
      for (DwHost db : dbs) {
        problems.require(
            !watcher.address().equals(watcher(db))
                || db.group().name().equalsIgnoreCase(group.name()),
            file,
            watcher.line(),
            "MON_DW_IP " + watcher.address() + " is a watcher of group " + db.group().name(),
            "put it into a section of that name");
      }
    }
  }

  private static Address watcher(DwHost db) {
    return new Address(db.instance().host(), db.instance().dwPort());
  }

  private void checkInstances(String host, DmmonitorIni ini) {
    String file = host + "/" + DmmonitorIni.FILE;
    for (DmmonitorIni.Instance instance : ini.instances()) {
      problems.require(
          inis.containsKey(instance.host()),
          file,
          instance.line(),
          "MON_HOST " + instance.host() + " is no monitor of this lab",
          "the monitors are " + String.join(", ", inis.keySet()));
    }
    DmmonitorIni.Instance own = ini.instance(ini.id());
    problems.require(
        own == null || own.host().equals(host),
        file,
        own == null ? 0 : own.line(),
        "MON_ID " + ini.id() + " is that of " + (own == null ? "" : own.host()),
        "give " + host + " the MON_INST_ID of its own section");
  }

  /** Confirm monitors of several instances are one: the same number, the same list. */
  private void checkTogether() {
    String first = null;
    for (Map.Entry<String, DmmonitorIni> one : inis.entrySet()) {
      if (one.getValue().instNum() == 0) {
        continue;
      }
      first = first == null ? one.getKey() : first;
      DmmonitorIni model = inis.get(first);
      String file = one.getKey() + "/" + DmmonitorIni.FILE;
      problems.require(
          one.getValue().mid() == model.mid(),
          file,
          0,
          "MON_MID is " + one.getValue().mid() + ", on " + first + " it is " + model.mid(),
          "all instances of a confirm monitor have the same");
      problems.require(
          Objects.equals(places(one.getValue()), places(model)),
          file,
          0,
          "its [MON] sections differ from those of " + first,
          "all instances of a confirm monitor list the same instances");
    }
  }

  private static Map<Integer, String> places(DmmonitorIni ini) {
    Map<Integer, String> places = new TreeMap<>();
    ini.instances().forEach(i -> places.put(i.id(), i.host() + ":" + i.port()));
    return places;
  }

  /** A monitor's ports: what its own section says, else what the lab gave it. */
  Map<String, Integer> portsOf(HostPlan host) {
    DmmonitorIni ini = inis.get(host.name());
    DmmonitorIni.Instance own = ini == null ? null : ini.instance(ini.id());
    return own == null ? host.ports() : new TreeMap<>(Map.of(DwPlan.MONITOR_ROLE, own.port()));
  }
}
