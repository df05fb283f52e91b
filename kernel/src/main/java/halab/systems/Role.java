package halab.systems;

import halab.kernel.Core;
import java.util.function.Function;

/**
 * One part a process can play.
 *
 * @param name the vendor's process name ("dmcss"); also the daemon's name on its host
 * @param module which daemon program plays it ("node-daemon", "css-monitor", "watcher")
 * @param boot first state from the configuration; {@link ConfigException} lists what is wrong
 * @param view what the daemon shows of itself
 * @param instance the vendor's instance name ("CSS0"), for log files
 * @param serving whether and until when it may answer users; null for a role that holds no data
 */
public record Role<S>(
    String name,
    String module,
    Core<S> core,
    Function<Site, S> boot,
    Function<S, View> view,
    Function<S, String> instance,
    VendorLog log,
    Function<S, Serving> serving) {
  /** A role that holds no data. */
  public Role(
      String name,
      String module,
      Core<S> core,
      Function<Site, S> boot,
      Function<S, View> view,
      Function<S, String> instance,
      VendorLog log) {
    this(name, module, core, boot, view, instance, log, null);
  }

  /** The same role with another table, for canaries. */
  public Role<S> withCore(Core<S> other) {
    return new Role<>(name, module, other, boot, view, instance, log, serving);
  }
}
