package halab.kernel;

/**
 * Who wrote a block, in which life, and as its how-manieth write. Copies of one block on mirrored
 * disks are told apart by it: there the counter rises from write to write of the block, whoever
 * writes, and the greater writer is the newer one.
 *
 * @param counter on a single disk, of the writes of that life; on mirrored disks, of the block
 */
public record Writer(Endpoint owner, long incarnation, long counter) implements Comparable<Writer> {
  @Override
  public int compareTo(Writer other) {
    int byCounter = Long.compare(counter, other.counter);
    int byLife = byCounter != 0 ? byCounter : Long.compare(incarnation, other.incarnation);
    return byLife != 0 ? byLife : owner.compareTo(other.owner);
  }
}
