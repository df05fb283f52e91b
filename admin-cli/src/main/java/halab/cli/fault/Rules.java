package halab.cli.fault;

import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.sim.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Link faults as the rules that the daemons of one host have to apply. Pure. */
public final class Rules {
  private Rules() {}

  /**
   * Everything that holds for one host.
   *
   * @param version rises with every change, so that a late push never undoes a newer one
   */
  public static FaultSet forHost(String host, List<Links.Held> held, long version) {
    FaultSet.Builder set = FaultSet.newBuilder().setVersion(version);
    for (Links.Held one : held) {
      for (String from : one.link().from()) {
        for (String to : one.link().to()) {
          add(set, host, from, to, one);
        }
      }
    }
    return set.build();
  }

  private static void add(
      FaultSet.Builder set, String host, String from, String to, Links.Held held) {
    boolean bothWays = held.link().bothWays();
    if (host.equals(from)) {
      rule(set, held, to, true, bothWays);
    } else if (host.equals(to)) {
      rule(set, held, from, bothWays, true);
    }
  }

  /** What swallows or refuses acts at both ends; what draws or delays acts once, at the sender. */
  private static void rule(
      FaultSet.Builder set, Links.Held held, String peer, boolean out, boolean in) {
    Fault.LinkKind kind = held.link().kind();
    boolean bothEnds = kind == Fault.LinkKind.CUT || kind == Fault.LinkKind.REFUSE;
    if (!bothEnds && !out) {
      return;
    }
    FaultRule.Builder rule =
        FaultRule.newBuilder()
            .setId(held.id())
            .setNetwork(held.link().network().equals("all") ? "" : held.link().network())
            .setPeerHost(peer)
            .setOut(out)
            .setIn(in && bothEnds)
            .setAction(action(kind));
    if (kind == Fault.LinkKind.DELAY) {
      rule.setDelayMs(held.link().amount());
    } else {
      rule.setPercent(held.link().amount());
    }
    set.addRule(rule);
  }

  private static FaultAction action(Fault.LinkKind kind) {
    return switch (kind) {
      case CUT -> FaultAction.BLACK_HOLE;
      case REFUSE -> FaultAction.REFUSE;
      case DELAY -> FaultAction.DELAY;
      case LOSS -> FaultAction.LOSS;
      case DUPLICATE -> FaultAction.DUPLICATE;
    };
  }

  /**
   * One fault between sets of hosts as faults between two hosts each, so that each can be healed.
   * Hosts that share no network of the fault have no link that it could be in.
   *
   * @param networks those that a host is on
   */
  static List<Fault.Link> pairs(Fault.Link link, Function<String, Set<String>> networks) {
    List<Fault.Link> pairs = new ArrayList<>();
    for (String from : link.from()) {
      for (String to : link.to()) {
        if (!from.equals(to) && share(networks.apply(from), networks.apply(to), link.network())) {
          pairs.add(
              new Fault.Link(
                  link.kind(),
                  List.of(from),
                  List.of(to),
                  link.bothWays(),
                  link.network(),
                  link.amount()));
        }
      }
    }
    return pairs;
  }

  private static boolean share(Set<String> some, Set<String> others, String network) {
    return network.equals("all")
        ? !Collections.disjoint(some, others)
        : some.contains(network) && others.contains(network);
  }

  /** Whether healing what lies between these hosts lifts this fault. */
  static boolean healedBy(Fault.Link pair, Fault.Heal heal) {
    return heal.between(pair.from().get(0), pair.to().get(0));
  }
}
