package halab.cli.load;

import halab.cli.load.check.Stall;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures when this process itself did not run: a thread that wants to wake every few milliseconds
 * notes how late it was, whatever the reason (garbage collection, a starved CPU, a stopped
 * process). Collections that the thread did not feel are noted, too.
 */
final class OwnStalls implements AutoCloseable {
  /** At most so many are kept; later ones lengthen the last. */
  static final int MOST = 10_000;

  private static final long EVERY_NS = 5_000_000;
  private static final long STALL_NS = 30_000_000;

  private final long zeroNs;
  private final List<Stall> stalls = new ArrayList<>();
  private final Thread thread = new Thread(this::watch, "own-stalls");
  private volatile boolean stopping;

  /** Times of stalls count from {@code zeroNs} of the monotonic clock. */
  OwnStalls(long zeroNs) {
    this.zeroNs = zeroNs;
    thread.setDaemon(true);
    thread.setPriority(Thread.MAX_PRIORITY);
    thread.start();
  }

  private void watch() {
    long before = System.nanoTime();
    long collected = collectedMs();
    while (!stopping) {
      LockSupport.parkNanos(EVERY_NS);
      long now = System.nanoTime();
      long collectedNow = collectedMs();
      long late = now - before - EVERY_NS;
      long pauseNs = (collectedNow - collected) * 1_000_000;
      if (Math.max(late, pauseNs) >= STALL_NS) {
        long from = Math.max(zeroNs, now - Math.max(late, pauseNs));
        add(new Stall(from - zeroNs, now - zeroNs));
      }
      before = now;
      collected = collectedNow;
    }
  }

  private static long collectedMs() {
    long ms = 0;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      ms += Math.max(0, bean.getCollectionTime());
    }
    return ms;
  }

  private synchronized void add(Stall stall) {
    if (stalls.size() < MOST) {
      stalls.add(stall);
    } else {
      Stall last = stalls.remove(stalls.size() - 1);
      stalls.add(new Stall(last.fromNs(), stall.toNs()));
    }
  }

  synchronized List<Stall> all() {
    return List.copyOf(stalls);
  }

  @Override
  public void close() {
    stopping = true;
    LockSupport.unpark(thread);
  }
}
