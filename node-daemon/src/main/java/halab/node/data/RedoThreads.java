package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.node.redo.DiskRedoDevice;
import halab.node.redo.RedoDevice;
import halab.node.redo.RedoOwner;
import halab.node.redo.RedoShape;
import halab.runtime.disk.DiskClient;
import halab.systems.dsc.DataLayout;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The redo threads of a group on a shared data disk: the own one is written, all can be read. A
 * silent disk stays silent: no outcome comes, and the role's deadline decides.
 */
final class RedoThreads {
  /** Of each thread. */
  static final RedoShape SHAPE = new RedoShape(DataLayout.SEGMENT_BYTES, DataLayout.SEGMENTS);

  /** What a package may need before it has its LSN and its thread. */
  static final int PACKAGE_BYTES_MOST = SHAPE.payloadBytesMax() - 64;

  private final DiskClient disks;
  private final long group;
  private final Consumer<Event> events;
  private final Map<String, OwnRedo> own = new TreeMap<>();
  private final Map<String, RedoReads> reads = new TreeMap<>();

  /**
   * @param group what tells this lab's redo from another's
   */
  RedoThreads(DiskClient disks, long group, Consumer<Event> events) {
    this.disks = disks;
    this.group = group;
    this.events = events;
  }

  private RedoDevice device(String disk, int thread) {
    return new DiskRedoDevice(disks, disk, DataLayout.REDO_FIRST_BYTE, thread, SHAPE.bytes());
  }

  private RedoOwner owner(int thread) {
    return new RedoOwner("EP" + thread, thread, group);
  }

  private static String key(String disk, int thread) {
    return disk + " " + thread;
  }

  /** Loop thread. */
  void write(Effect.WriteRedo write) {
    own(write.disk(), write.thread()).write(write);
  }

  private OwnRedo own(String disk, int thread) {
    return own.computeIfAbsent(
        key(disk, thread), k -> new OwnRedo(device(disk, thread), disk, owner(thread), events));
  }

  /** Loop thread. Ends what was asked of the same thread before. */
  void read(Effect.ReadRedo read) {
    RedoReads its =
        reads.computeIfAbsent(
            key(read.disk(), read.thread()),
            k -> new RedoReads(owner(read.thread()), Long.MAX_VALUE, events));
    its.begin(() -> its.read(device(read.disk(), read.thread()), read));
  }

  /** Loop thread. */
  void release(Effect.ReleaseRedo release) {
    own(release.disk(), release.thread()).release(release.lsn());
  }
}
