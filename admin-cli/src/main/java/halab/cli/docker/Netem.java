package halab.cli.docker;

import halab.cli.Failure;
import halab.cli.fault.Links.Held;
import halab.runtime.lab.Lab;
import halab.sim.Fault;
import halab.sim.Fault.LinkKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Delays and repetitions of packets by the kernel's {@code netem}, at the sending host's cards, one
 * band for each host that they go to. Many kernels of laptops and CI machines do not have it.
 */
final class Netem {
  /** Bands that {@code prio} has of its own, and at most. */
  private static final int OWN_BANDS = 3;

  private static final int MAX_BANDS = 16;

  /** Exit codes from here on are the engine's own: the program did not run. */
  private static final int NOT_RUN = 125;

  private Netem() {}

  /** Whether the kernel can do it, tried on the loopback of this host. */
  static boolean isThere(Containers containers, String host) {
    String probe =
        "tc qdisc replace dev lo root handle 1: prio bands 4"
            + " && tc qdisc replace dev lo parent 1:4 handle 40: netem delay 1ms; yes=$?;"
            + " tc qdisc del dev lo root 2>/dev/null; exit $yes";
    Engine.Result tried = containers.moments().inNetworkOf(host, "", "sh", "-c", probe);
    if (tried.exitCode() >= NOT_RUN) {
      throw Engine.failure("asking the kernel for netem", tried);
    }
    return tried.worked();
  }

  /**
   * The shell script that puts exactly these faults into force on a host, for all its networks; an
   * empty list takes all shaping away.
   */
  static String script(Lab lab, String host, List<Held> shaped) {
    StringBuilder text = new StringBuilder("set -e\n");
    lab.host(host)
        .addresses()
        .forEach(
            (network, address) -> {
              text.append("card=$(ip -o -4 addr show to ").append(address);
              text.append(" | awk '{print $2; exit}')\n");
              text.append("if [ -n \"$card\" ]; then\n");
              text.append("tc qdisc del dev $card root 2>/dev/null || true\n");
              text.append(bands(lab, host, network, shaped)).append("fi\n");
            });
    return text.toString();
  }

  private static String bands(Lab lab, String host, String network, List<Held> shaped) {
    Map<String, String> byPeer = new TreeMap<>();
    for (Held one : shaped) {
      Fault.Link link = one.link();
      boolean on = link.network().equals("all") || link.network().equals(network);
      String peer = on ? peer(link, host) : null;
      if (peer != null && lab.host(peer).addresses().containsKey(network)) {
        byPeer.merge(lab.host(peer).address(network), what(link), (a, b) -> a + " " + b);
      }
    }
    if (byPeer.size() > MAX_BANDS - OWN_BANDS) {
      throw Failure.no(
          host + " cannot delay more than " + (MAX_BANDS - OWN_BANDS) + " peers of one network");
    }
    return byPeer.isEmpty() ? "" : lines(byPeer);
  }

  private static String what(Fault.Link link) {
    return link.kind() == LinkKind.DELAY
        ? "delay " + link.amount() + "ms"
        : "duplicate " + link.amount() + "%";
  }

  private static String lines(Map<String, String> byPeer) {
    StringBuilder text = new StringBuilder("tc qdisc add dev $card root handle 1: prio bands ");
    text.append(OWN_BANDS + byPeer.size()).append('\n');
    int band = OWN_BANDS;
    for (Map.Entry<String, String> peer : byPeer.entrySet()) {
      String flow = "1:" + Integer.toHexString(++band);
      text.append("tc qdisc add dev $card parent " + flow + " netem " + peer.getValue() + "\n");
      text.append("tc filter add dev $card parent 1: protocol ip prio 1 u32 match ip dst ");
      text.append(peer.getKey()).append("/32 flowid ").append(flow).append('\n');
    }
    return text.toString();
  }

  /** Whom this host sends to under this fault; null: it does not. */
  private static String peer(Fault.Link link, String host) {
    if (link.from().contains(host)) {
      return link.to().get(0);
    }
    return link.bothWays() && link.to().contains(host) ? link.from().get(0) : null;
  }

  /** Has a host's shaping replaced; what was wrong, or an empty text. */
  static String replace(Containers containers, Lab lab, String host, List<Held> shaped) {
    Engine.Result result =
        containers.moments().inNetworkOf(host, "", "sh", "-c", script(lab, host, shaped));
    return result.worked() ? "" : result.err().replace('\n', ' ');
  }
}
