package halab.node.redo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Which segments hold redo that is still needed. */
final class Releases {
  private static final long ALARM_MS = 1000;

  /** How soon a close is seen while the log is full. */
  private static final long LOOK_MS = 20;

  private final RedoAlarms alarms;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Last LSN of each segment by its place; 0 for one that was never used. */
  private final long[] lastLsns;

  private int current;
  private long durableLsn;
  private long releasedLsn;

  Releases(RedoReader reader, RedoAlarms alarms) {
    this.alarms = alarms;
    RedoReader.Tail tail = reader.tail();
    lastLsns = new long[reader.shape().segments()];
    current = tail.segment().slot();
    long[] there = reader.lastLsns();
    for (int back = 0; back < there.length; back++) {
      lastLsns[Math.floorMod(current - back, lastLsns.length)] = there[there.length - 1 - back];
    }
    durableLsn = tail.lastLsn();
    releasedLsn = reader.startLsn();
    if (tail.sealed()) {
      // The seal says so, though nobody remembers the release.
      lastLsns[next()] = 0;
    }
  }

  private int next() {
    return (current + 1) % lastLsns.length;
  }

  void upTo(long lsn) {
    lock.lock();
    try {
      if (lsn > durableLsn) {
        throw new IllegalArgumentException(
            "release up to LSN " + lsn + ", but redo is durable up to LSN " + durableLsn);
      }
      releasedLsn = Math.max(releasedLsn, lsn);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int free() {
    lock.lock();
    try {
      int free = 0;
      for (int slot = next(); slot != current; slot = (slot + 1) % lastLsns.length) {
        if (lastLsns[slot] > releasedLsn) {
          break;
        }
        free++;
      }
      return free;
    } finally {
      lock.unlock();
    }
  }

  long durableLsn() {
    lock.lock();
    try {
      return durableLsn;
    } finally {
      lock.unlock();
    }
  }

  /** The current segment holds durable redo up to here. */
  void durable(long lsn) {
    lock.lock();
    try {
      durableLsn = lsn;
      lastLsns[current] = lsn;
    } finally {
      lock.unlock();
    }
  }

  /** The next segment is the current one from now on. */
  void advance() {
    lock.lock();
    try {
      current = next();
      lastLsns[current] = durableLsn;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the next segment may be overwritten; false when told to give up instead. */
  boolean awaitNext(BooleanSupplier givesUp) throws InterruptedException {
    if (free() > 0) {
      return true;
    }
    long beganNs = System.nanoTime();
    long needed = lastLsns[next()];
    long alarmMs = ALARM_MS;
    alarms.full(needed);
    while (!isFreeSoon()) {
      if (givesUp.getAsBoolean()) {
        return false;
      }
      if (sinceMs(beganNs) >= alarmMs) {
        alarms.waiting(needed, sinceMs(beganNs));
        alarmMs += ALARM_MS;
      }
    }
    alarms.released(sinceMs(beganNs));
    return true;
  }

  private boolean isFreeSoon() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return lastLsns[next()] <= releasedLsn
          || changed.await(LOOK_MS, TimeUnit.MILLISECONDS) && lastLsns[next()] <= releasedLsn;
    } finally {
      lock.unlock();
    }
  }

  private static long sinceMs(long beganNs) {
    return (System.nanoTime() - beganNs) / 1_000_000;
  }
}
