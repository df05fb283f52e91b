package halab.cli.docker;

import halab.sim.Fault.LinkKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packet filter of one host, a table of nftables that is HALab's alone and is replaced as a
 * whole. It is set from outside: a container of a moment enters the host's network namespace with
 * the right to administer networks, which the host itself and its JVMs need not have.
 */
final class PacketFilter {
  /** Name of the table; others that somebody made by hand are never touched. */
  static final String TABLE = "inet halab";

  private static final Pattern COUNTER =
      Pattern.compile("counter (\\w+) \\{\\s*packets (\\d+) bytes (\\d+)");

  private PacketFilter() {}

  /** Packets and bytes that the rules of one fault have bitten on one host. */
  record Count(long packets, long bytes) {}

  /**
   * The commands that put exactly these rules into force; what counts already counts on.
   *
   * @param cards hardware address of a rule's sender where it may speak with other addresses than
   *     its own, as one that holds a virtual address does; empty: it does not
   */
  static String script(List<NetPlan.Filter> rules, Function<NetPlan.Filter, String> cards) {
    StringBuilder text = new StringBuilder();
    // Added first, so that it can be deleted or flushed whether or not it was there.
    text.append("add table ").append(TABLE).append('\n');
    if (rules.isEmpty()) {
      return text.append("delete table ").append(TABLE).append('\n').toString();
    }
    text.append("add chain ").append(TABLE).append(" hear ");
    text.append("{ type filter hook input priority 0; policy accept; }\n");
    text.append("flush chain ").append(TABLE).append(" hear\n");
    rules.stream()
        .map(NetPlan.Filter::id)
        .distinct()
        .forEach(id -> text.append("add counter " + TABLE + " ").append(id).append('\n'));
    for (NetPlan.Filter rule : rules) {
      text.append(lines(rule, "ip saddr " + rule.address()));
      String card = cards.apply(rule);
      if (!card.isEmpty()) {
        text.append(lines(rule, "ether saddr " + card + " ip saddr != " + rule.address()));
      }
    }
    return text.toString();
  }

  private static String lines(NetPlan.Filter rule, String sender) {
    String from = "add rule " + TABLE + " hear " + sender;
    String counted = " counter name \"" + rule.id() + "\" ";
    if (rule.kind() == LinkKind.REFUSE) {
      // TCP is told by a reset, everything else by ICMP.
      return from
          + " meta l4proto tcp"
          + counted
          + "reject with tcp reset\n"
          + from
          + counted
          + "reject with icmp type host-unreachable\n";
    }
    boolean loss = rule.kind() == LinkKind.LOSS;
    return from + (loss ? " numgen random mod 100 < " + rule.percent() : "") + counted + "drop\n";
  }

  /** Has a host's table replaced; what was wrong, or an empty text. */
  static String replace(
      Containers containers,
      String host,
      List<NetPlan.Filter> rules,
      Function<NetPlan.Filter, String> cards) {
    Engine.Result result =
        containers.moments().inNetworkOf(host, script(rules, cards), "nft", "-f", "-");
    return result.worked() ? "" : result.err().replace('\n', ' ');
  }

  /** What each fault's rules have bitten there so far; none without a table, or without power. */
  static Map<String, Count> counts(Containers containers, String host) {
    return parsed(
        containers
            .moments()
            .inNetworkOf(host, "", "nft", "list", "counters", "table", "inet", "halab")
            .out());
  }

  static Map<String, Count> parsed(String listed) {
    Map<String, Count> counts = new TreeMap<>();
    Matcher counter = COUNTER.matcher(listed);
    while (counter.find()) {
      counts.put(
          counter.group(1),
          new Count(Long.parseLong(counter.group(2)), Long.parseLong(counter.group(3))));
    }
    return counts;
  }
}
