package halab.node.redo;

/**
 * What one transaction changed. The log does not look into it.
 *
 * @param firstLsn from 1
 * @param lastLsn not below {@code firstLsn}
 * @param payload must not change once it is appended
 */
public record RedoPackage(long firstLsn, long lastLsn, byte[] payload) {
  public RedoPackage {
    if (firstLsn < 1 || lastLsn < firstLsn) {
      throw new IllegalArgumentException("no LSN range: " + firstLsn + " to " + lastLsn);
    }
  }

  @Override
  public String toString() {
    return "LSN " + firstLsn + " to " + lastLsn + ", " + payload.length + " bytes";
  }
}
