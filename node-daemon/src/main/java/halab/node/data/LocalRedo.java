package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.node.redo.RedoArchive;
import halab.node.redo.RedoOwner;
import halab.runtime.DataPlane;
import halab.runtime.disk.OwnDisk;
import halab.runtime.lab.LabDisk;
import halab.systems.LabPlan.DiskPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Redo on disks of this host alone: an online log that is overwritten once it is released, and an
 * archive that grows.
 */
final class LocalRedo {
  /** One read gives no more, whatever was asked for; the role asks again for the rest. */
  static final long READ_BYTES_MOST = 8 << 20;

  private static final int THREAD = 0;

  private final DataPlane.Place place;
  private final Map<String, Online> online = new TreeMap<>();
  private final Map<String, OwnArchive> archives = new TreeMap<>();

  private record Online(OwnFile file, OwnRedo redo, RedoReads reads) {}

  LocalRedo(DataPlane.Place place) {
    this.place = place;
    for (LabDisk disk : place.lab().disks()) {
      if (place.self().host().equals(disk.host())) {
        take(disk);
      }
    }
  }

  private void take(LabDisk disk) {
    Path path = place.lab().diskFile(disk);
    OwnDisk own = new OwnDisk(disk.name(), place.faults(), place.clock());
    Consumer<Event> events = place.events();
    long group = place.lab().epochWallMs();
    if (disk.kind().equals(DiskPlan.ARCHIVE)) {
      OwnArchive.Opener opener =
          () -> RedoArchive.open(path, place.archive(), group, own, place.clock()::wallMs);
      archives.put(disk.path(), new OwnArchive(opener, events));
    } else {
      OwnFile file = new OwnFile(path, RedoThreads.SHAPE.bytes(), own);
      RedoOwner owner = new RedoOwner("EP" + THREAD, THREAD, group);
      OwnRedo redo = new OwnRedo(file, disk.path(), owner, events);
      online.put(
          disk.path(), new Online(file, redo, new RedoReads(owner, READ_BYTES_MOST, events)));
    }
  }

  /** Whether this path is a disk of this host alone. */
  boolean has(String disk) {
    return online.containsKey(disk) || archives.containsKey(disk);
  }

  /** Loop thread. */
  void write(Effect.WriteRedo write) {
    OwnArchive archive = archives.get(write.disk());
    if (archive != null) {
      archive.write(write);
    } else {
      online.get(write.disk()).redo().write(write);
    }
  }

  /** Loop thread. */
  void read(Effect.ReadRedo read) {
    OwnArchive archive = archives.get(read.disk());
    if (archive != null) {
      archive.read(read);
      return;
    }
    Online log = online.get(read.disk());
    log.reads()
        .begin(
            () -> {
              // A log that is written meanwhile would read as damaged.
              synchronized (log.file()) {
                log.reads().read(log.file(), read);
              }
            });
  }

  /** Loop thread. */
  void release(Effect.ReleaseRedo release) {
    OwnArchive archive = archives.get(release.disk());
    if (archive != null) {
      archive.release(release.lsn());
    } else {
      online.get(release.disk()).redo().release(release.lsn());
    }
  }
}
