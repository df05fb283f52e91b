package halab.node.redo;

import halab.node.redo.RedoQueue.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Appends to a settled log: one thread, one force for all that waits. After a failed write the
 * writer is broken for good, since nobody knows what reached the device; open the log again to go
 * on. Thread safe.
 */
public final class RedoWriter implements AutoCloseable {
  private final RedoQueue queue;
  private final SegmentWriter segments;
  private final Releases releases;
  private final Thread thread;

  private RedoWriter(RedoReader reader, RedoAlarms alarms) {
    releases = new Releases(reader, alarms);
    segments = new SegmentWriter(reader.device(), reader.tail(), releases);
    queue = new RedoQueue(reader.lastLsn(), reader.shape().payloadBytesMax());
    thread = new Thread(this::run, "redo-" + reader.owner().name());
    thread.setDaemon(true);
  }

  /**
   * Begins to write where the reader found the end.
   *
   * @throws IllegalStateException when the reader is not settled
   */
  public static RedoWriter start(RedoReader reader, RedoAlarms alarms) {
    if (!reader.settled()) {
      throw new IllegalStateException("settle the end of the log before appending to it");
    }
    RedoWriter writer = new RedoWriter(reader, alarms);
    writer.thread.start();
    return writer;
  }

  /**
   * Appends a package. Waits while 4,096 packages or 8 MiB wait to be written, also for as long as
   * the log is full; an interrupt ends that wait and fails the future.
   *
   * @return done when the package is durable, on the writer's thread, which must not be blocked
   *     there; fails with an IOException when that is not known: the package may or may not be in
   *     the log. After a failed write, all later appends fail with the same cause.
   * @throws IllegalArgumentException when its LSN is not above that of the append before, or its
   *     payload is larger than {@link RedoShape#payloadBytesMax}; nothing was appended then
   */
  public CompletableFuture<Void> append(RedoPackage redo) {
    return queue.add(redo);
  }

  /**
   * Says that packages up to this LSN are not needed any more; segments that hold no others are
   * reused. Never goes back.
   *
   * @param lsn at most that of the last durable package
   */
  public void releaseUpTo(long lsn) {
    releases.upTo(lsn);
  }

  /** Segments that can be begun without another release; low numbers call for a checkpoint. */
  public int freeSegments() {
    return releases.free();
  }

  /** LSN of the last package that is durable. */
  public long durableLsn() {
    return releases.durableLsn();
  }

  public RedoCounters counters() {
    return segments.counters();
  }

  private void run() {
    IOException end = new IOException("redo log " + segments.device() + ": the writer was closed");
    try {
      while (true) {
        Waiting first = queue.peek();
        if (first == null) {
          segments.mark();
          break;
        }
        if (segments.room(first.redo()) < 0 && !segments.nextSegment(queue::closing)) {
          break;
        }
        List<Waiting> batch = queue.take(segments.batchRoom(first.redo()));
        segments.write(batch);
        queue.done(batch);
      }
    } catch (IOException e) {
      end = e;
    } catch (InterruptedException e) {
      end = new InterruptedIOException("redo log " + segments.device() + ": the writer was ended");
    } catch (RuntimeException | Error e) {
      end = new IOException("redo log " + segments.device() + ": the writer died: " + e, e);
    }
    queue.fail(end);
  }

  /**
   * Refuses further appends, writes what waits and an end mark, and ends the thread. What cannot be
   * written because the log is full fails. Waits for as long as the device is silent; an interrupt
   * ends the wait and acts like {@link #abort}. The device stays open.
   */
  @Override
  public void close() {
    queue.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort();
    }
  }

  /** Ends the thread now, whatever it waits for. What was not acknowledged fails. */
  public void abort() {
    queue.close();
    thread.interrupt();
  }
}
