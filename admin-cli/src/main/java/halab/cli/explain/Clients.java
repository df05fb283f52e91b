package halab.cli.explain;

import halab.cli.Failure;
import halab.cli.load.HistoryAcks;
import halab.runtime.lab.Lab;
import halab.systems.Waterfall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** What the clients of a load saw of a failover: the longest time without an acknowledged write. */
public final class Clients {
  /** No history was given. */
  public static final Clients NONE = new Clients(new long[0]);

  private final long[] ackMs;

  /**
   * A gap between acknowledged writes.
   *
   * @param lastMs the last one before, lab wall clock
   * @param firstMs the first one after
   */
  public record Gap(long lastMs, long firstMs) {}

  private Clients(long[] ackMs) {
    this.ackMs = ackMs;
  }

  /**
   * Takes the history that {@code halab load --history} wrote.
   *
   * @throws Failure if it is none
   */
  public static Clients of(Path history, Lab lab) throws IOException {
    try {
      return new Clients(Arrays.stream(HistoryAcks.wallMs(history)).map(lab::labMs).toArray());
    } catch (IllegalArgumentException e) {
      throw Failure.config(e.getMessage());
    }
  }

  /** The longest gap that began before the failover was over; null: the load did not run then. */
  public Gap during(Waterfall failover) {
    Gap longest = null;
    for (int i = 1; i < ackMs.length; i++) {
      Gap gap = new Gap(ackMs[i - 1], ackMs[i]);
      boolean within = gap.firstMs() >= failover.beginMs() && gap.lastMs() <= failover.endMs();
      if (within && (longest == null || length(gap) > length(longest))) {
        longest = gap;
      }
    }
    return longest;
  }

  private static long length(Gap gap) {
    return gap.firstMs() - gap.lastMs();
  }
}
