package halab.runtime;

import halab.kernel.Now;

/**
 * Lab time: wall clock and monotonic clock, both run {@code scale} times as fast as the machine's.
 * The monotonic clock starts near zero with each process.
 */
public final class LabClock {
  private final long epochWallMs;
  private final double scale;
  private final long startNs = System.nanoTime();

  public LabClock(long epochWallMs, double scale) {
    this.epochWallMs = epochWallMs;
    this.scale = scale;
  }

  /** One reading of both clocks. */
  public Now read() {
    return new Now(monoMs(), wallMs());
  }

  public long wallMs() {
    long elapsed = System.currentTimeMillis() - epochWallMs;
    return epochWallMs + (long) (elapsed * scale);
  }

  public long monoMs() {
    return (long) ((System.nanoTime() - startNs) * scale / 1_000_000);
  }

  /** Real nanoseconds until this lab moment; 0 or less when it is due. */
  public long realNsUntil(long monoMs) {
    return (long) (monoMs * 1_000_000.0 / scale) - (System.nanoTime() - startNs);
  }

  /** A duration of lab time in real milliseconds, rounded up. */
  public long realMs(long labMs) {
    return (long) Math.ceil(labMs / scale);
  }
}
