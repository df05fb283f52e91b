package halab.node.redo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Packages on their way to the device, in the order of their LSNs, bounded. */
final class RedoQueue {
  private static final int PACKAGES_MAX = 4096;
  private static final long BYTES_MAX = 8L << 20;

  /** A package and who waits for it. */
  record Waiting(RedoPackage redo, CompletableFuture<Void> durable) {}

  private final int payloadBytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final ArrayDeque<Waiting> underWay = new ArrayDeque<>();
  private long bytes;
  private long lastLsn;
  private volatile boolean closing;
  private IOException failure;

  RedoQueue(long lastLsn, int payloadBytesMax) {
    this.lastLsn = lastLsn;
    this.payloadBytesMax = payloadBytesMax;
  }

  CompletableFuture<Void> add(RedoPackage redo) {
    if (redo.payload().length > payloadBytesMax) {
      throw new IllegalArgumentException(
          redo + ": a package of this log has at most " + payloadBytesMax + " bytes");
    }
    lock.lock();
    try {
      while (failure == null && !closing && isFull()) {
        drained.await();
      }
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      if (closing) {
        return CompletableFuture.failedFuture(new IOException(redo + ": the redo log is closed"));
      }
      if (redo.firstLsn() <= lastLsn) {
        throw new IllegalArgumentException(redo + " is appended after LSN " + lastLsn);
      }
      Waiting last = new Waiting(redo, new CompletableFuture<>());
      waiting.add(last);
      bytes += redo.payload().length;
      lastLsn = redo.lastLsn();
      filled.signal();
      return last.durable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(
          new InterruptedIOException(redo + ": interrupted before it was appended"));
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return waiting.size() >= PACKAGES_MAX || bytes >= BYTES_MAX;
  }

  /** The oldest that waits; blocks until there is one. Null: closed, and none will come. */
  Waiting peek() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closing) {
        filled.await();
      }
      return waiting.peek();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest, and all behind it that fit into so many bytes together with it. */
  List<Waiting> take(int room) {
    lock.lock();
    try {
      List<Waiting> batch = new ArrayList<>();
      int left = room;
      while (!waiting.isEmpty()) {
        left -= Layout.PACKAGE_BYTES + waiting.peek().redo().payload().length;
        if (left < 0) {
          break;
        }
        bytes -= waiting.peek().redo().payload().length;
        batch.add(waiting.poll());
      }
      underWay.addAll(batch);
      drained.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  void done(List<Waiting> batch) {
    lock.lock();
    try {
      underWay.clear();
    } finally {
      lock.unlock();
    }
    batch.forEach(one -> one.durable().complete(null));
  }

  boolean closing() {
    return closing;
  }

  void close() {
    lock.lock();
    try {
      closing = true;
      filled.signalAll();
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Fails all that waits, and whoever comes later. */
  void fail(IOException cause) {
    List<Waiting> all = new ArrayList<>();
    lock.lock();
    try {
      failure = cause;
      all.addAll(underWay);
      all.addAll(waiting);
      underWay.clear();
      waiting.clear();
      drained.signalAll();
    } finally {
      lock.unlock();
    }
    all.forEach(one -> one.durable().completeExceptionally(cause));
  }
}
