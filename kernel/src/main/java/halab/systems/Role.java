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
   * @param oneEngine whether the rows change here alone while users are served: row locks keep
   *     changes apart, and nobody else's packages come meanwhile
   * @param procedures names of the vendor's system procedures that the role carries out, in upper
   *     case: a call is an {@link halab.kernel.Event.Statement} of the name and the arguments
   * @param archive how it keeps an archive of redo on a disk of its own
   */
  public record Data<S>(
      Function<S, Serving> serving,
      List<SqlView<S>> views,
      boolean oneEngine,
      List<String> procedures,
      Function<Site, Archive> archive) {
    /** Of one engine among several, all writing to shared disks. */
    public Data(Function<S, Serving> serving, List<SqlView<S>> views) {
      this(serving, views, false, List.of(), site -> Archive.DEFAULT);
    }
  }

  /**
   * How archived redo is laid out, as the instance's files say.
   *
   * @param prefix what the names of its files begin with; the time of their making follows
   * @param fileBytesMost 1 MiB to 2 GiB less one byte: a file that has so many is followed by
   *     another one
   * @param spaceBytesMost of all files together, beyond which the oldest go; 0: no limit
   */
  public record Archive(String prefix, long fileBytesMost, long spaceBytesMost) {
    /** Of an instance whose files say nothing about it. */
    public static final Archive DEFAULT = new Archive("ARCHIVE_LOCAL1_0x0_EP0_", 64L << 20, 0);
  }

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
