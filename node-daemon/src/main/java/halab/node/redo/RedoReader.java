package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * A log as it was found. Opening reads all of it and checks every byte that counts: an incomplete
 * last batch is cut, everything else that is wrong is a {@link RedoDamage}. A reader writes nothing
 * before {@link #settle}, so an instance can read what another one left; it must have fenced that
 * one, since a log that goes on being written reads as damaged. Not thread safe.
 */
public final class RedoReader {
  private final RedoDevice device;
  private final RedoChain chain;
  private final long[] lastLsns;
  private Tail tail;
  private boolean settled;
  private String cut;

  /** Where a writer goes on. */
  record Tail(SegmentHeader segment, int position, long lastLsn, boolean sealed) {}

  private RedoReader(RedoDevice device, RedoChain chain) throws IOException {
    this.device = device;
    this.chain = chain;
    List<SegmentHeader> segments = chain.segments();
    lastLsns = new long[segments.size()];
    for (int i = 0; i < lastLsns.length; i++) {
      SegmentHeader segment = segments.get(i);
      if (i > 0 && segment.afterLsn() != lastLsns[i - 1]) {
        String what = "goes on after LSN %d, but the segment before ended with LSN %d";
        throw new RedoDamage(
            device,
            segment.slot(),
            segment.offset(),
            String.format(Locale.ROOT, what, segment.afterLsn(), lastLsns[i - 1]),
            Layout.REMEDY);
      }
      lastLsns[i] = check(segment, i == lastLsns.length - 1);
    }
    chain.checkNext(tail.sealed());
  }

  /** Goes through a segment, and keeps no more of it than where it ends. */
  private long check(SegmentHeader segment, boolean newest) throws IOException {
    SegmentScan scan = SegmentScan.of(device, segment, newest);
    while (scan.next()) {}
    tail = new Tail(segment, scan.end(), scan.lastLsn(), scan.sealed());
    settled = scan.sealed() || scan.marked();
    cut = scan.cut();
    return scan.lastLsn();
  }

  /** Opens anyone's log. */
  public static RedoReader open(RedoDevice device) throws IOException {
    return new RedoReader(device, RedoChain.read(device, null));
  }

  /** Opens the log of this owner; another one's is a {@link RedoDamage}. */
  public static RedoReader open(RedoDevice device, RedoOwner owner) throws IOException {
    return new RedoReader(device, RedoChain.read(device, owner));
  }

  public RedoOwner owner() {
    return chain.newest().owner();
  }

  public RedoShape shape() {
    return chain.shape();
  }

  /** Every package after this LSN is here; earlier ones were released and overwritten. */
  public long startLsn() {
    return chain.segments().get(0).afterLsn();
  }

  /** The last LSN in the log; {@link #startLsn} when it has no package. */
  public long lastLsn() {
    return tail.lastLsn();
  }

  /** What was cut off, for people ("3 packages at offset 5120"); null when nothing is known of. */
  public String cut() {
    return cut;
  }

  /**
   * The packages from this LSN on, in order.
   *
   * @param fromLsn above {@link #startLsn}
   * @throws IllegalArgumentException when some of them were overwritten: the caller is behind the
   *     oldest segment and needs a checkpoint
   */
  public RedoCursor packages(long fromLsn) {
    if (fromLsn <= startLsn()) {
      throw new IllegalArgumentException(
          "redo log "
              + device
              + " begins after LSN "
              + startLsn()
              + ", LSN "
              + fromLsn
              + " is gone; begin with a checkpoint");
    }
    return new RedoCursor(device, chain.segments(), lastLsns, fromLsn);
  }

  /**
   * Makes the end of the log durable: what was cut never comes back, and damage before the end is
   * told from a cut from now on. Needed before a {@link RedoWriter}; costs at most one write.
   */
  public void settle() throws IOException {
    if (settled) {
      return;
    }
    int position = tail.position();
    SegmentHeader segment = tail.segment();
    Batch mark = Batch.mark(Batch.Kind.MARK, tail.lastLsn());
    ByteBuffer sector = ByteBuffer.allocate(Layout.SECTOR_BYTES);
    mark.encode(sector, segment, position);
    device.write(segment.offset() + position, sector);
    tail = new Tail(segment, position + Layout.SECTOR_BYTES, tail.lastLsn(), false);
    settled = true;
  }

  boolean settled() {
    return settled;
  }

  Tail tail() {
    return tail;
  }

  /** Where it lies. */
  public RedoDevice device() {
    return device;
  }

  /** Last LSN of each segment that is there, oldest first. */
  long[] lastLsns() {
    return lastLsns.clone();
  }
}
