package halab.kernel;

import java.util.Comparator;

/**
 * Who wrote a block, in which life, and as its how-manieth write. Copies of one block on mirrored
 * disks are told apart by it: there the counter rises from write to write of the block, whoever
 * writes, and the greater writer is the newer one.
 *
 * @param counter on a single disk, of the writes of that life; on mirrored disks, of the block
 */
public record Writer(Endpoint owner, long incarnation, long counter) implements Comparable<Writer> {
  private static final Comparator<Writer> ORDER =
      Comparator.comparingLong(Writer::counter)
          .thenComparingLong(Writer::incarnation)
          .thenComparing(Writer::owner);

  @Override
  public int compareTo(Writer other) {
    return ORDER.compare(this, other);
  }
}
