package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Walks the batches of one segment and believes none before all its checksums. What follows the
 * last whole batch is either a batch that a crash left incomplete, or damage: only one batch is
 * ever under way, so anything valid behind an invalid one says damage.
 */
final class SegmentScan {
  private final RedoDevice device;
  private final SegmentHeader segment;
  private final boolean newest;
  private final ByteBuffer bytes;
  private int end = Layout.HEADER_BYTES;
  private long lastLsn;
  private int begin;
  private Batch batch;
  private String cut;

  private SegmentScan(RedoDevice device, SegmentHeader segment, boolean newest, byte[] bytes) {
    this.device = device;
    this.segment = segment;
    this.newest = newest;
    this.bytes = ByteBuffer.wrap(bytes);
    lastLsn = segment.afterLsn();
  }

  /** Reads a segment; only the newest one may end without a seal. */
  static SegmentScan of(RedoDevice device, SegmentHeader segment, boolean newest)
      throws IOException {
    byte[] bytes = device.read(segment.offset(), segment.shape().segmentBytes());
    return new SegmentScan(device, segment, newest, bytes);
  }

  /** Moves to the next whole batch; false at the end of what was written to this segment. */
  boolean next() throws RedoDamage {
    if (sealed()) {
      return false;
    }
    if (end > segment.shape().segmentBytes() - Layout.SECTOR_BYTES) {
      throw damage(end, "the segment is full and has no seal");
    }
    Batch found = Batch.decode(bytes, segment, end);
    String problem = found == null ? "no batch begins here" : problem(found);
    if (problem != null) {
      refuseUnlessTorn(problem);
      cut = found == null ? null : found.count() + " packages at offset " + offset(end);
      return false;
    }
    batch = found;
    begin = end;
    end = Layout.aligned(end + found.bytes());
    lastLsn = found.lastLsn();
    return true;
  }

  private void refuseUnlessTorn(String problem) throws RedoDamage {
    int behind = firstBatch(end + Layout.SECTOR_BYTES);
    if (behind >= 0) {
      throw damage(end, problem + ", but a later batch stands at offset " + offset(behind));
    }
    if (!newest) {
      throw damage(end, problem + ", but a later segment was begun");
    }
  }

  /** Place of the first batch of this use of the segment from here on, or -1. */
  int firstBatch(int from) {
    for (int at = from; at < segment.shape().segmentBytes(); at += Layout.SECTOR_BYTES) {
      if (Batch.decode(bytes, segment, at) != null) {
        return at;
      }
    }
    return -1;
  }

  /** What is incomplete about a batch, or null. What is whole and yet wrong is refused. */
  private String problem(Batch found) throws RedoDamage {
    int at = end + Layout.BATCH_BYTES;
    int limit = end + found.bytes();
    long lsn = found.previousLsn();
    for (int i = 0; i < found.count(); i++) {
      int room = limit - at - Layout.PACKAGE_BYTES;
      int length = room < 0 ? -1 : bytes.getInt(at);
      if (length < 0 || length > room) {
        return "package " + i + " of the batch has no length";
      }
      long first = bytes.getLong(at + 8);
      long last = bytes.getLong(at + 16);
      ByteBuffer payload = bytes.slice(at + Layout.PACKAGE_BYTES, length);
      if (bytes.getInt(at + 4) != Batch.packageCrc(segment, at, first, last, payload)) {
        return "package " + i + " of the batch has a wrong checksum";
      }
      if (first <= lsn || last < first) {
        throw damage(at, "LSN " + first + " to " + last + " follows LSN " + lsn);
      }
      lsn = last;
      at += Layout.PACKAGE_BYTES + length;
    }
    if (at != limit || lsn != found.lastLsn() || found.previousLsn() != lastLsn) {
      throw damage(
          end,
          String.format(
              Locale.ROOT,
              "a batch goes on after LSN %d to %d, but the log ended with LSN %d",
              found.previousLsn(),
              found.lastLsn(),
              lastLsn));
    }
    return null;
  }

  /** Packages of the batch at hand. */
  List<RedoPackage> packages() {
    List<RedoPackage> all = new ArrayList<>(batch.count());
    int at = begin + Layout.BATCH_BYTES;
    for (int i = 0; i < batch.count(); i++) {
      byte[] payload = new byte[bytes.getInt(at)];
      bytes.get(at + Layout.PACKAGE_BYTES, payload);
      all.add(new RedoPackage(bytes.getLong(at + 8), bytes.getLong(at + 16), payload));
      at += Layout.PACKAGE_BYTES + payload.length;
    }
    return all;
  }

  /** Where the next batch goes, within the segment. */
  int end() {
    return end;
  }

  long lastLsn() {
    return lastLsn;
  }

  boolean sealed() {
    return batch != null && batch.kind() == Batch.Kind.SEAL;
  }

  /** Whether a mark says that everything before it is all there was, and nothing came after. */
  boolean marked() {
    return batch != null && batch.kind() == Batch.Kind.MARK && cut == null;
  }

  /** The incomplete batch behind the end, for people; null when none is known of. */
  String cut() {
    return cut;
  }

  private long offset(int position) {
    return segment.offset() + position;
  }

  private RedoDamage damage(int position, String what) {
    return new RedoDamage(device, segment.slot(), offset(position), what, Layout.REMEDY);
  }
}
