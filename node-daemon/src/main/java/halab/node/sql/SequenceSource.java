package halab.node.sql;

/** Grants numbers for sequences. What was granted once is never granted again, on any instance. */
public interface SequenceSource {
  /**
   * Grants {@code count} numbers (1 to 1,000,000) of the counter, durably, and gives the first; a
   * counter that was never asked for starts at 0. Waits for the grant.
   *
   * @throws SqlFailure when no grant can be had now
   */
  long next(String counter, int count) throws SqlFailure;
}
