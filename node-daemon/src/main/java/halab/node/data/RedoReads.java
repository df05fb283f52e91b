package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.node.redo.RedoCursor;
import halab.node.redo.RedoDamage;
import halab.node.redo.RedoDevice;
import halab.node.redo.RedoFormat;
import halab.node.redo.RedoOwner;
import halab.node.redo.RedoPackage;
import halab.node.redo.RedoReader;
import halab.redo.proto.RlogPkg;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads of one redo thread, each on a thread of its own that ends the one before. */
final class RedoReads {
  private final RedoOwner owner;
  private final long bytesMost;
  private final Consumer<Event> events;
  private Thread latest;

  /** {@code bytesMost}: after so many a read ends with what it has. */
  RedoReads(RedoOwner owner, long bytesMost, Consumer<Event> events) {
    this.owner = owner;
    this.bytesMost = bytesMost;
    this.events = events;
  }

  /** Loop thread. */
  void begin(Runnable read) {
    if (latest != null) {
      latest.interrupt();
    }
    latest = new Thread(read, "redo-read-" + owner.thread());
    latest.setDaemon(true);
    latest.start();
  }

  void read(RedoDevice device, Effect.ReadRedo read) {
    try {
      if (RedoFormat.blank(device, RedoThreads.SHAPE)) {
        answer(read, List.of(), 1, 0);
        return;
      }
      RedoReader reader = RedoReader.open(device, owner);
      RedoCursor cursor = reader.packages(Math.max(read.fromLsn(), reader.startLsn() + 1));
      List<RlogPkg> pkgs = new ArrayList<>();
      long bytes = 0;
      while (pkgs.size() < read.most() && bytes < bytesMost) {
        RedoPackage one = cursor.next();
        if (one == null) {
          break;
        }
        pkgs.add(RlogPkg.parseFrom(one.payload()));
        bytes += one.payload().length;
      }
      answer(read, pkgs, reader.startLsn() + 1, reader.lastLsn());
    } catch (RedoDamage e) {
      events.accept(
          new Event.RedoDamaged(read.request(), read.disk(), read.thread(), e.getMessage()));
    } catch (IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        events.accept(new Event.DiskFailed(read.request(), read.disk(), e.getMessage()));
      }
    }
  }

  private void answer(Effect.ReadRedo read, List<RlogPkg> pkgs, long oldestLsn, long lastLsn) {
    events.accept(
        new Event.RedoRead(read.request(), read.disk(), read.thread(), pkgs, oldestLsn, lastLsn));
  }
}
