package halab.cli.load.check;

import org.HdrHistogram.Histogram;

/** How long acknowledged writes took, and how many there were. */
public final class Latencies implements Judge {
  private static final long MAX_US = 3_600_000_000L;

  private final Histogram writesUs = new Histogram(MAX_US, 3);

  @Override
  public void done(Op invoke, Op done) {
    if (done.type() == Op.Type.OK && done.value().writes()) {
      long us = (done.timeNs() - invoke.timeNs()) / 1_000;
      writesUs.recordValue(Math.max(0, Math.min(us, MAX_US)));
    }
  }

  /** Acknowledged writes. */
  public long count() {
    return writesUs.getTotalCount();
  }

  /** So many of a hundred were at most this long, in microseconds. */
  public long us(double percentile) {
    return writesUs.getTotalCount() == 0 ? 0 : writesUs.getValueAtPercentile(percentile);
  }
}
