package halab.node.redo;

/**
 * What a writer has done since it was started.
 *
 * @param packages durable and acknowledged
 * @param batches of packages; packages by batches is the gain of group commit
 * @param bytes written, with headers and padding
 * @param forces including those of marks, seals and headers
 * @param forceNsTotal time spent in writing and forcing
 * @param forceNsMax the longest of them
 */
public record RedoCounters(
    long packages, long batches, long bytes, long forces, long forceNsTotal, long forceNsMax) {
  /** Mean time of a force, 0 when there was none. */
  public long forceNsMean() {
    return forces == 0 ? 0 : forceNsTotal / forces;
  }
}
