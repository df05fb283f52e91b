package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.node.redo.RedoAlarms;
import halab.node.redo.RedoDevice;
import halab.node.redo.RedoFormat;
import halab.node.redo.RedoOwner;
import halab.node.redo.RedoPackage;
import halab.node.redo.RedoReader;
import halab.node.redo.RedoWriter;
import halab.redo.proto.RlogPkg;
import halab.runtime.disk.DiskFullException;
import halab.runtime.disk.FencedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The redo thread that this instance writes. A request that fails leaves the log to be opened anew;
 * one that the role makes again while nothing has moved for a while is taken up from the start,
 * because what was asked may have been lost on its way.
 */
final class OwnRedo {
  /** The role asks again sooner; a disk that merely is slow gets this long for each answer. */
  private static final long NOTHING_MOVES_NS = 5_000_000_000L;

  /** More than this may have to wait for room in the writer's queue, which the loop must not. */
  private static final int QUICK_BYTES = 2 << 20;

  private static final int QUICK_PACKAGES = 1000;

  private final RedoDevice device;
  private final RedoOwner owner;
  private final Consumer<Event> events;
  private final RedoAlarms alarms;
  private volatile long movedNs;

  /** Number of the present try; outcomes of earlier ones are nobody's business any more. */
  private volatile int present;

  private volatile RedoWriter writer;
  private volatile long releasedLsn;

  // Loop thread only.
  private long request = -1;
  private CompletableFuture<Void> outcome = CompletableFuture.completedFuture(null);
  private Thread opening;

  /** {@code disk}: the name by which the role knows the device. */
  OwnRedo(RedoDevice device, String disk, RedoOwner owner, Consumer<Event> events) {
    this.device = new Watched(device);
    this.owner = owner;
    this.events = events;
    this.alarms =
        new RedoAlarms() {
          @Override
          public void full(long neededLsn) {
            events.accept(new Event.RedoFull(disk, owner.thread(), neededLsn));
          }
        };
  }

  /** Loop thread. */
  void write(Effect.WriteRedo write) {
    boolean underWay = !outcome.isDone();
    if (underWay && request == write.request() && !nothingMoves()) {
      return;
    }
    request = write.request();
    movedNs = System.nanoTime();
    int number = ++present;
    if (!underWay && writer != null && quick(write)) {
      outcome = append(writer, write);
    } else {
      outcome = inSteps(write, underWay);
    }
    outcome.whenComplete((done, thrown) -> tell(number, write, thrown));
  }

  private boolean nothingMoves() {
    return System.nanoTime() - movedNs > NOTHING_MOVES_NS;
  }

  private static boolean quick(Effect.WriteRedo write) {
    return write.pkgs().size() <= QUICK_PACKAGES
        && write.pkgs().stream().mapToLong(RlogPkg::getSerializedSize).sum() <= QUICK_BYTES;
  }

  /** What takes its time has a thread of its own, which ends the one before. */
  private CompletableFuture<Void> inSteps(Effect.WriteRedo write, boolean anew) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread before = opening;
    opening =
        new Thread(
            () -> {
              try {
                if (before != null) {
                  before.interrupt();
                  before.join();
                }
                if (anew) {
                  drop();
                }
                append(opened(), write).get();
                done.complete(null);
              } catch (ExecutionException e) {
                done.completeExceptionally(e.getCause());
              } catch (IOException | InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            },
            "redo-open");
    opening.setDaemon(true);
    opening.start();
    return done;
  }

  private static CompletableFuture<Void> append(RedoWriter writer, Effect.WriteRedo write) {
    long last = writer.durableLsn();
    return CompletableFuture.allOf(
        write.pkgs().stream()
            .filter(pkg -> pkg.getLsn() > last) // else it is there since an earlier try
            .map(pkg -> new RedoPackage(pkg.getLsn(), pkg.getLsn(), pkg.toByteArray()))
            .map(writer::append)
            .toArray(CompletableFuture[]::new));
  }

  private void tell(int number, Effect.WriteRedo write, Throwable thrown) {
    if (number != present) {
      return;
    }
    if (thrown == null) {
      events.accept(new Event.RedoWritten(write.request(), write.disk(), write.thread()));
      return;
    }
    drop();
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof DiskFullException) {
        events.accept(new Event.DiskFailed(write.request(), write.disk(), t.getMessage()));
        return;
      }
      if (t instanceof FencedException) {
        events.accept(new Event.DiskFailed(write.request(), write.disk(), "fenced"));
        return;
      }
    }
    events.accept(new Event.DiskFailed(write.request(), write.disk(), cause.getMessage()));
  }

  /** Loop thread. Segments up to this LSN may be used again. */
  void release(long lsn) {
    releasedLsn = lsn;
    RedoWriter now = writer;
    if (now != null) {
      now.releaseUpTo(Math.min(lsn, now.durableLsn()));
    }
  }

  private RedoWriter opened() throws IOException {
    if (writer == null) {
      if (RedoFormat.blank(device, RedoThreads.SHAPE)) {
        RedoFormat.write(device, owner, RedoThreads.SHAPE, 0, false);
      }
      RedoReader reader = RedoReader.open(device, owner);
      reader.settle();
      RedoWriter fresh = RedoWriter.start(reader, alarms);
      fresh.releaseUpTo(Math.min(releasedLsn, fresh.durableLsn()));
      writer = fresh;
    }
    return writer;
  }

  private void drop() {
    RedoWriter now = writer;
    writer = null;
    if (now != null) {
      now.abort();
    }
  }

  /** Notes each answer of the disk: a log that moves slowly is not stuck. */
  private final class Watched implements RedoDevice {
    private final RedoDevice inner;

    Watched(RedoDevice inner) {
      this.inner = inner;
    }

    @Override
    public long size() {
      return inner.size();
    }

    @Override
    public byte[] read(long offset, int length) throws IOException {
      byte[] bytes = inner.read(offset, length);
      movedNs = System.nanoTime();
      return bytes;
    }

    @Override
    public void write(long offset, ByteBuffer bytes) throws IOException {
      inner.write(offset, bytes);
      movedNs = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
      inner.close();
    }

    @Override
    public String toString() {
      return inner.toString();
    }
  }
}
