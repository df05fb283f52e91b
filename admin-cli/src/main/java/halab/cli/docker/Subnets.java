package halab.cli.docker;

import halab.cli.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Address space of labs in containers: {@code 10.X.1.0/24} for the public network, {@code .2} for
 * the private one, {@code .3} for storage.
 */
public final class Subnets {
  private static final int FIRST = 60;
  private static final int LAST = 249;

  private Subnets() {}

  /** "10.X" that no network of the engine has; chosen anywhere, for labs that are down now. */
  public static String free() {
    Engine.require();
    List<String> taken = taken();
    int count = LAST - FIRST + 1;
    int start = ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < count; i++) {
      String net = "10." + (FIRST + (start + i) % count);
      if (taken.stream().noneMatch(subnet -> overlaps(subnet, net))) {
        return net;
      }
    }
    throw Failure.config("the engine's networks take all of 10.60 to 10.249; remove some");
  }

  /** Whether a subnet, as "10.64.0.0/10", has anything of these 65,536 addresses. */
  static boolean overlaps(String subnet, String net) {
    String[] parts = subnet.split("[./]");
    if (parts.length != 5) {
      return false; // not of IPv4
    }
    int shift = 32 - Math.min(16, Integer.parseInt(parts[4]));
    long theirs = Long.parseLong(parts[0]) << 24 | Long.parseLong(parts[1]) << 16;
    String[] ours = net.split("\\.");
    long own = Long.parseLong(ours[0]) << 24 | Long.parseLong(ours[1]) << 16;
    return theirs >> shift == own >> shift;
  }

  private static List<String> taken() {
    List<String> ids = Engine.must("looking at networks", "network", "ls", "--quiet").lines();
    List<String> words = new ArrayList<>(List.of("network", "inspect", "--format"));
    words.add("{{range .IPAM.Config}}{{println .Subnet}}{{end}}");
    words.addAll(ids);
    return Engine.ask(words).lines();
  }

  /** What was asked for, checked. */
  public static String checked(String net) {
    boolean numbers = net.matches("\\d{1,3}\\.\\d{1,3}");
    if (!numbers || List.of(net.split("\\.")).stream().anyMatch(n -> Integer.parseInt(n) > 255)) {
      throw Failure.usage("--net " + net + " is not the first two numbers of an address, as 10.56");
    }
    return net;
  }
}
