package halab.cli.load.check;

/** A time in which the measuring side itself did not run, on the history's clock. */
public record Stall(long fromNs, long toNs) {
  public long ns() {
    return toNs - fromNs;
  }

  /** How much of it lies in this window, in nanoseconds. */
  long within(long from, long to) {
    return Math.max(0, Math.min(toNs, to) - Math.max(fromNs, from));
  }
}
