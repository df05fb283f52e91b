package halab.cli.docker;

import halab.cli.fault.Links.Held;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Fault;
import halab.sim.Fault.LinkKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which mechanism puts which held fault into force, decided afresh from all of them. Pure.
 *
 * <p>A host that is cut both ways from every other host of a network is taken off that network. All
 * other cuts, refusals and losses are packet filter rules at the host that would hear. Delays and
 * repetitions are the business of {@code netem}, or of the daemons' edge.
 *
 * @param apart hosts to take off, by network
 * @param filters rules, by hearing host
 * @param shaped delays and repetitions
 */
record NetPlan(
    SortedMap<String, SortedSet<String>> apart,
    SortedMap<String, List<Filter>> filters,
    List<Held> shaped) {

  /**
   * One packet filter rule: what happens to packets of one sender.
   *
   * @param id of the fault; its counter has this name
   * @param address of the sender on this network
   * @param percent of a LOSS
   */
  record Filter(
      String id, String network, String from, String address, LinkKind kind, int percent) {}

  /** One direction of one cut. */
  private record Way(String from, String to) {
    Way back() {
      return new Way(to, from);
    }
  }

  static NetPlan of(Lab lab, List<Held> held) {
    NetPlan plan = new NetPlan(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
    for (String network : LabHost.NETWORKS) {
      plan.add(lab, network, held);
    }
    held.stream().filter(h -> isShaped(h.link().kind())).forEach(plan.shaped()::add);
    return plan;
  }

  private static boolean isShaped(LinkKind kind) {
    return kind == LinkKind.DELAY || kind == LinkKind.DUPLICATE;
  }

  private void add(Lab lab, String network, List<Held> held) {
    SortedMap<String, String> members = new TreeMap<>();
    lab.hosts().stream()
        .filter(h -> h.addresses().containsKey(network))
        .forEach(h -> members.put(h.name(), h.address(network)));
    List<Held> here = held.stream().filter(h -> concerns(h.link(), network, members)).toList();
    SortedSet<String> off = apart(members.keySet(), here);
    if (!off.isEmpty()) {
      apart.put(network, off);
    }
    for (Held one : here) {
      for (Way way : ways(one.link())) {
        boolean through = !off.contains(way.from()) && !off.contains(way.to());
        if (through && !isShaped(one.link().kind())) {
          filters
              .computeIfAbsent(way.to(), h -> new ArrayList<>())
              .add(
                  new Filter(
                      one.id(),
                      network,
                      way.from(),
                      members.get(way.from()),
                      one.link().kind(),
                      one.link().amount()));
        }
      }
    }
  }

  private static boolean concerns(
      Fault.Link link, String network, SortedMap<String, String> members) {
    boolean named = link.network().equals("all") || link.network().equals(network);
    return named
        && members.containsKey(link.from().get(0))
        && members.containsKey(link.to().get(0));
  }

  private static List<Way> ways(Fault.Link link) {
    Way way = new Way(link.from().get(0), link.to().get(0));
    return link.bothWays() ? List.of(way, way.back()) : List.of(way);
  }

  /** Those cut from all others; of two that only lack each other the one that was named first. */
  private static SortedSet<String> apart(Set<String> members, List<Held> here) {
    Set<Way> cut = new LinkedHashSet<>();
    for (Held one : here) {
      if (one.link().kind() == LinkKind.CUT) {
        cut.addAll(ways(one.link()));
      }
    }
    Set<String> inOrder = new LinkedHashSet<>();
    cut.forEach(way -> inOrder.add(way.from()));
    SortedSet<String> off = new TreeSet<>();
    for (String host : inOrder) {
      List<String> others = members.stream().filter(o -> !o.equals(host)).toList();
      boolean alone =
          others.stream()
              .map(o -> new Way(host, o))
              .allMatch(way -> cut.contains(way) && cut.contains(way.back()));
      boolean needed = others.stream().anyMatch(o -> !off.contains(o));
      if (alone && needed) {
        off.add(host);
      }
    }
    return off;
  }

  List<Filter> filters(String host) {
    return filters.getOrDefault(host, List.of());
  }

  boolean isApart(String network, String host) {
    return apart.getOrDefault(network, new TreeSet<>()).contains(host);
  }
}
