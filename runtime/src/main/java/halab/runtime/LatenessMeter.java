package halab.runtime;

import halab.admin.proto.Lateness;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * How late the loop woke for its own deadlines, in real milliseconds: starved CPU, collections and
 * stops of the process all show here. Used by the loop thread only.
 */
final class LatenessMeter {
  /** A timer later than this counts as late. */
  static final long LIMIT_MS = 200;

  private static final int SLOTS = 12;
  private static final long SLOT_NS = TimeUnit.SECONDS.toNanos(5);

  private final long[] worstOfSlot = new long[SLOTS];
  private final long[] slotNumber = new long[SLOTS];
  private long worstMs;
  private long late;

  void woke(long lateMs) {
    if (lateMs <= 0) {
      return;
    }
    worstMs = Math.max(worstMs, lateMs);
    late += lateMs > LIMIT_MS ? 1 : 0;
    long number = System.nanoTime() / SLOT_NS;
    int slot = Math.floorMod(number, SLOTS);
    if (slotNumber[slot] != number) {
      slotNumber[slot] = number;
      worstOfSlot[slot] = 0;
    }
    worstOfSlot[slot] = Math.max(worstOfSlot[slot], lateMs);
  }

  /** What was measured since the start and, as "recent", within the last minute. */
  Lateness read() {
    long oldest = System.nanoTime() / SLOT_NS - SLOTS;
    long recent = 0;
    for (int i = 0; i < SLOTS; i++) {
      if (slotNumber[i] > oldest) {
        recent = Math.max(recent, worstOfSlot[i]);
      }
    }
    long gcMs = 0;
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      gcMs += Math.max(0, gc.getCollectionTime());
    }
    return Lateness.newBuilder()
        .setWorstTimerMs(worstMs)
        .setLateTimers(late)
        .setGcMs(gcMs)
        .setWorstRecentMs(recent)
        .build();
  }
}
