package halab.runtime;

import java.util.ArrayDeque;

/**
 * Holds things back for a while without changing their order. Network thread only. What is held
 * when the line is cut never comes out.
 */
public final class DelayLine {
  private final Net net;
  private final LabClock clock;
  private long releaseNs = Long.MIN_VALUE;
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private boolean cut;

  public DelayLine(Net net, LabClock clock) {
    this.net = net;
    this.clock = clock;
  }

  /** Does this after {@code labMs}, and after everything that was handed in before. */
  public void pass(long labMs, Runnable work) {
    if (labMs <= 0 && held.isEmpty()) {
      work.run();
      return;
    }
    long nowNs = System.nanoTime();
    long wantedNs = nowNs + clock.realMs(labMs) * 1_000_000;
    releaseNs = held.isEmpty() ? wantedNs : Math.max(releaseNs, wantedNs);
    held.add(work);
    net.later(
        Math.max(0, (releaseNs - nowNs) / 1_000_000),
        () -> {
          Runnable oldest = held.poll();
          if (!cut) {
            oldest.run();
          }
        });
  }

  public void cut() {
    cut = true;
  }
}
