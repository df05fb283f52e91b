package halab.systems;

import java.util.Comparator;
import java.util.List;

/**
 * One failover, start or rejoin as it was measured, part by part, each beside what was predicted.
 *
 * @param title what happened: "n1 lost: DSC0[0]"
 * @param cause the fault or act that began it; empty: none is known
 * @param beginMs from when its time counts, lab wall clock
 * @param rows its parts; each begins where the one before ended
 * @param over whether it came to its end
 */
public record Waterfall(String title, String cause, long beginMs, List<Row> rows, boolean over) {
  /** Below this a difference is the grain of ticks and of log lines. */
  private static final long WORTH_TELLING_MS = 250;

  /**
   * A part.
   *
   * @param endMs lab wall clock
   * @param tookMs since the part before ended
   * @param term what was predicted
   * @param status what the vendor shows meanwhile; empty: nothing of its own
   * @param notes commands with their numbers, counts, in the order of their coming
   */
  public record Row(long endMs, long tookMs, Term term, String status, List<String> notes) {
    public Row {
      notes = List.copyOf(notes);
    }

    /** How much longer than expected. */
    public long differenceMs() {
      return tookMs - term.expectedMs();
    }

    /** Whether it took what the term allows. */
    public boolean within() {
      return term.leastMs() <= tookMs && tookMs <= term.mostMs();
    }
  }

  public Waterfall {
    rows = List.copyOf(rows);
  }

  /** The predictions of its parts. */
  public List<Term> terms() {
    return rows.stream().map(Row::term).toList();
  }

  /** The first healthy status, or the last thing known; lab wall clock. */
  public long endMs() {
    return rows.isEmpty() ? beginMs : rows.get(rows.size() - 1).endMs();
  }

  /** From the cause to the end. */
  public long tookMs() {
    return endMs() - beginMs;
  }

  /** What the configured parameters make one expect. */
  public long expectedMs() {
    return Term.sum(terms(), Term::expectedMs);
  }

  /** Parts that took clearly longer or shorter than expected, the largest difference first. */
  public List<Row> differences() {
    return rows.stream()
        .filter(r -> Math.abs(r.differenceMs()) >= WORTH_TELLING_MS)
        .sorted(Comparator.comparingLong((Row r) -> -Math.abs(r.differenceMs())))
        .toList();
  }

  /** What the other parts add up to. */
  public long smallDifferencesMs() {
    long told = differences().stream().mapToLong(Row::differenceMs).sum();
    return tookMs() - expectedMs() - told;
  }
}
