package halab.cli.docker;

import halab.sim.Fault.LinkKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packet filter of one host, a table of nftables that is HALab's alone and is replaced as a
 * whole. It is set from outside, in the container's network namespace and with the rights of the
 * engine: neither the container nor a JVM in it could do or undo it.
 */
final class PacketFilter {
  /** Name of the table; others that somebody made by hand are never touched. */
  static final String TABLE = "halab";

  private static final Pattern COUNTER =
      Pattern.compile("counter (\\w+) \\{\\s*packets (\\d+) bytes (\\d+)");

  private PacketFilter() {}

  /** Packets and bytes that the rules of one fault have bitten on one host. */
  record Count(long packets, long bytes) {}

  /**
   * The commands that put exactly these rules into force.
   *
   * @param before counts to go on from, by fault
   */
  static String script(List<NetPlan.Filter> rules, Map<String, Count> before) {
    StringBuilder text = new StringBuilder();
    // Made so that it can be deleted, whether or not it was there.
    text.append("table inet ").append(TABLE).append(" {}\n");
    text.append("delete table inet ").append(TABLE).append('\n');
    if (rules.isEmpty()) {
      return text.toString();
    }
    text.append("table inet ").append(TABLE).append(" {\n");
    rules.stream()
        .map(NetPlan.Filter::id)
        .distinct()
        .forEach(
            id -> {
              Count count = before.getOrDefault(id, new Count(0, 0));
              text.append("  counter ").append(id).append(" { packets ").append(count.packets());
              text.append(" bytes ").append(count.bytes()).append(" }\n");
            });
    text.append("  chain hear {\n    type filter hook input priority 0; policy accept;\n");
    rules.forEach(rule -> text.append(line(rule)));
    return text.append("  }\n}\n").toString();
  }

  private static String line(NetPlan.Filter rule) {
    String from = "    ip saddr " + rule.address();
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

  /** Has a container's table replaced; what was wrong, or an empty text. */
  static String replace(String container, List<NetPlan.Filter> rules) {
    Map<String, Count> before = counts(container);
    Engine.Result result =
        Engine.ask(words("-i", container, "nft", "-f", "-"), script(rules, before));
    return result.worked() ? "" : result.err().replace('\n', ' ');
  }

  /** What each fault's rules have bitten there so far; none without a table, or without power. */
  static Map<String, Count> counts(String container) {
    return parsed(
        Engine.ask(words("-i", container, "nft", "list", "counters", "table", "inet", TABLE))
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

  /** A call with the engine's own rights inside the container's namespaces. */
  static List<String> words(String... rest) {
    List<String> words =
        new java.util.ArrayList<>(List.of("exec", "--privileged", "--user", "root"));
    words.addAll(List.of(rest));
    return words;
  }
}
