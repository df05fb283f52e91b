package halab.cli.docker;

import halab.cli.fault.Links.Held;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Fault;
import halab.sim.Fault.LinkKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Delays and repetitions of packets by the kernel's {@code netem}, at the sending host's cards, one
 * band for each host that they go to. Many kernels of laptops and CI machines do not have it.
 */
final class Netem {
  /** Bands that {@code prio} has of its own, and at most. */
  private static final int OWN_BANDS = 3;

  private static final int MAX_BANDS = 16;

  private Netem() {}

  /** Whether the kernel can do it, tried on the loopback of this host. */
  static boolean isThere(Containers containers, String host) {
    String probe =
        "tc qdisc replace dev lo root handle 1: prio bands 4"
            + " && tc qdisc replace dev lo parent 1:4 handle 40: netem delay 1ms; yes=$?;"
            + " tc qdisc del dev lo root 2>/dev/null; exit $yes";
    return containers.inNetworkOf(host, "", "sh", "-c", probe).worked();
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
    List<String> lines = new ArrayList<>();
    for (Held one : shaped) {
      Fault.Link link = one.link();
      boolean on = link.network().equals("all") || link.network().equals(network);
      String peer = on ? peer(link, host) : null;
      LabHost to = peer == null ? null : lab.host(peer);
      if (to != null && to.addresses().containsKey(network)) {
        int band = OWN_BANDS + 1 + lines.size() / 2;
        String what =
            link.kind() == LinkKind.DELAY
                ? "delay " + link.amount() + "ms"
                : "duplicate " + link.amount() + "%";
        lines.add(
            "tc qdisc add dev $card parent 1:" + Integer.toHexString(band) + " netem " + what);
        lines.add(
            "tc filter add dev $card parent 1: protocol ip prio 1 u32 match ip dst "
                + to.address(network)
                + "/32 flowid 1:"
                + Integer.toHexString(band));
      }
    }
    int bands = Math.min(MAX_BANDS, OWN_BANDS + lines.size() / 2);
    return lines.isEmpty()
        ? ""
        : "tc qdisc add dev $card root handle 1: prio bands "
            + bands
            + "\n"
            + String.join("\n", lines)
            + "\n";
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
    Engine.Result result = containers.inNetworkOf(host, "", "sh", "-c", script(lab, host, shaped));
    return result.worked() ? "" : result.err().replace('\n', ' ');
  }
}
