package halab.systems;

import halab.kernel.Endpoint;
import java.util.List;

/**
 * How the vendor has a lab stopped, as things stand.
 *
 * @param orders typed at the monitor first, one after the other; the first that fails ends them
 * @param closed why nothing can be ordered now, in words; null when it can
 * @param ends daemons in the order in which they are told to end then, each waited for
 */
public record Stopping(List<Order> orders, String closed, List<Endpoint> ends) {
  /**
   * @param role none of whose daemons runs when it has been carried out
   * @param words as the monitor takes them
   */
  public record Order(String role, List<String> words) {}

  /** Without orders: these daemons, one after the other. */
  public static Stopping of(List<Endpoint> ends) {
    return new Stopping(List.of(), null, ends);
  }
}
