package halab.sim;

import halab.bricks.Rng;
import java.util.Arrays;

/** The fault rules of the networks, per ordered pair of hosts. */
final class SimNets {
  /** Network of daemons on one host; has no rules. */
  static final int LOCAL = -1;

  static final int STORAGE = 2;
  private static final String[] NAMES = {"public", "private", "storage"};

  private final int hosts;
  private final Rule[][] rules;

  /** What lies on one ordered pair of hosts. */
  private static final class Rule {
    boolean cut;
    boolean refuse;
    int delayMs;
    int lossPercent;
    int duplicatePercent;
  }

  SimNets(int hosts) {
    this.hosts = hosts;
    this.rules = new Rule[NAMES.length][hosts * hosts];
  }

  /** Number of a network by name; any name but the three is local. */
  int network(String name) {
    return Arrays.asList(NAMES).indexOf(name);
  }

  private Rule rule(int network, SimHost from, SimHost to) {
    return network < 0 || from == to ? null : rules[network][from.index * hosts + to.index];
  }

  boolean cut(int network, SimHost from, SimHost to) {
    Rule rule = rule(network, from, to);
    return rule != null && rule.cut;
  }

  /** Refused in either direction: a connection needs both. */
  boolean refused(int network, SimHost a, SimHost b) {
    Rule one = rule(network, a, b);
    Rule two = rule(network, b, a);
    return (one != null && one.refuse) || (two != null && two.refuse);
  }

  /** Whether a message is cut, refused or lost. */
  boolean swallows(int network, SimHost from, SimHost to, Rng rng) {
    Rule rule = rule(network, from, to);
    return rule != null && (rule.cut || rule.refuse || rng.chance(rule.lossPercent * 10));
  }

  boolean duplicates(int network, SimHost from, SimHost to, Rng rng) {
    Rule rule = rule(network, from, to);
    return rule != null && rng.chance(rule.duplicatePercent * 10);
  }

  int delayMs(int network, SimHost from, SimHost to) {
    Rule rule = rule(network, from, to);
    return rule == null ? 0 : rule.delayMs;
  }

  void set(Fault.Link fault, SimHost from, SimHost to) {
    for (int network = 0; network < NAMES.length; network++) {
      if (from != to && (fault.network().equals("all") || fault.network().equals(NAMES[network]))) {
        int place = from.index * hosts + to.index;
        if (rules[network][place] == null) {
          rules[network][place] = new Rule();
        }
        set(rules[network][place], fault);
      }
    }
  }

  private static void set(Rule rule, Fault.Link fault) {
    switch (fault.kind()) {
      case CUT:
        rule.cut = true;
        break;
      case REFUSE:
        rule.refuse = true;
        break;
      case DELAY:
        rule.delayMs = fault.amount();
        break;
      case LOSS:
        rule.lossPercent = fault.amount();
        break;
      default:
        rule.duplicatePercent = fault.amount();
        break;
    }
  }

  void heal(SimHost a, SimHost b) {
    for (Rule[] network : rules) {
      network[a.index * hosts + b.index] = null;
      network[b.index * hosts + a.index] = null;
    }
  }

  void healAll() {
    for (Rule[] network : rules) {
      Arrays.fill(network, null);
    }
  }

  /** Which pairs are cut now, for comparing after a change. */
  Before before() {
    boolean[][] cut = new boolean[NAMES.length][hosts * hosts];
    for (int network = 0; network < NAMES.length; network++) {
      for (int i = 0; i < cut[network].length; i++) {
        cut[network][i] = rules[network][i] != null && rules[network][i].cut;
      }
    }
    return (network, from, to) ->
        network >= 0 && from != to && cut[network][from.index * hosts + to.index];
  }

  /** A remembered answer to {@link #cut}. */
  interface Before {
    boolean cut(int network, SimHost from, SimHost to);
  }
}
