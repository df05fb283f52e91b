package halab.cli.lab;

import halab.cli.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ranges of loopback ports for labs, chosen once when a lab is made. */
final class Ports {
  /** Ports of one lab. */
  static final int RANGE = 100;

  /** Below the range that the system hands out to clients. */
  private static final int FIRST = 18_000;

  private static final int LAST = 32_000;

  /** One port for each range, held by the command that makes a lab there. */
  private static final int CLAIMS = 17_800;

  private static final List<ServerSocket> CLAIMED = new ArrayList<>();

  private Ports() {}

  /**
   * First port of a free range. The search begins anywhere, so that labs of different folders,
   * which know nothing of each other and may be down now, seldom meet. Until this command ends no
   * other one gets the range: a throw-away lab has its daemons up by then.
   *
   * @param taken ranges of other labs, which may be down at this moment
   */
  static int freeRange(Set<Integer> taken) {
    int ranges = (LAST - FIRST) / RANGE;
    int start = ThreadLocalRandom.current().nextInt(ranges);
    for (int i = 0; i < ranges; i++) {
      int base = FIRST + (start + i) % ranges * RANGE;
      if (!taken.contains(base) && claim(base) && freeAll(base)) {
        return base;
      }
    }
    throw Failure.config(
        "no "
            + RANGE
            + " free ports in a row on 127.0.0.1 between "
            + FIRST
            + " and "
            + LAST
            + "; destroy labs that are not needed, or stop what listens there");
  }

  private static boolean claim(int base) {
    try {
      ServerSocket claim = new ServerSocket();
      claim.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), CLAIMS + (base - FIRST) / RANGE));
      CLAIMED.add(claim);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean freeAll(int base) {
    for (int port = base; port < base + RANGE; port++) {
      if (!free(port)) {
        return false;
      }
    }
    return true;
  }

  /** Whether this port can be listened on now. */
  static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
