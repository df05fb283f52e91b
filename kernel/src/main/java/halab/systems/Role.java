package halab.systems;

import halab.kernel.Core;
import java.util.List;
import java.util.function.Function;

/**
 * One part a process can play.
 *
 * @param name the vendor's process name ("dmcss"); also the daemon's name on its host
 * @param module which daemon program plays it ("node-daemon", "css-monitor", "watcher")
 * @param boot first state from the configuration; {@link ConfigException} lists what is wrong
 * @param view what the daemon shows of itself
 * @param instance the vendor's instance name ("CSS0"), for log files
 * @param data what a role that holds rows tells its engine; null for one that holds none
 */
public record Role<S>(
    String name,
    String module,
    Core<S> core,
    Function<Site, S> boot,
    Function<S, View> view,
    Function<S, String> instance,
    VendorLog log,
    Data<S> data) {
  /**
   * Of a role that holds rows.
   *
   * @param serving whether and until when it may answer users
   * @param views the vendor's views, as SQL shows them
   */
  public record Data<S>(Function<S, Serving> serving, List<SqlView<S>> views) {}

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
    return new Role<>(name, module, other, boot, view, instance, log, data);
  }
}
