package halab.node.redo;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Head of what is written with one force: packages, or a mark without any.
 *
 * @param bytes with this head, without the padding to a whole sector
 * @param previousLsn where the log ended before this batch
 * @param lastLsn where it ends with it
 */
record Batch(Kind kind, int bytes, int count, long previousLsn, long lastLsn) {
  private static final int MAGIC = 0x48414C42; // "HALB"
  private static final int CRC_AT = Layout.BATCH_BYTES - 4;

  /** Never renumbered. */
  enum Kind {
    PACKAGES,
    /** The log ended here when this was written: what lies before it was durable. */
    MARK,
    /** The segment ends here, and the next one may be begun over what it held. */
    SEAL
  }

  static Batch mark(Kind kind, long lsn) {
    return new Batch(kind, Layout.BATCH_BYTES, 0, lsn, lsn);
  }

  /** Writes the head to the beginning of {@code out}, for this place of this segment. */
  void encode(ByteBuffer out, SegmentHeader segment, int position) {
    out.putInt(0, MAGIC).putInt(4, kind.ordinal());
    out.putLong(8, segment.logId()).putLong(16, segment.sequence());
    out.putInt(24, position).putInt(28, bytes).putInt(32, count).putInt(36, 0);
    out.putLong(40, previousLsn).putLong(48, lastLsn).putInt(56, 0);
    out.putInt(CRC_AT, crc(out, 0));
  }

  private static int crc(ByteBuffer bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(at, CRC_AT));
    return (int) crc.getValue();
  }

  /** The head at this place, or null when none was written there in this use of the segment. */
  static Batch decode(ByteBuffer in, SegmentHeader segment, int position) {
    boolean ours =
        in.getInt(position) == MAGIC
            && in.getLong(position + 8) == segment.logId()
            && in.getLong(position + 16) == segment.sequence()
            && in.getInt(position + 24) == position
            && in.getInt(position + CRC_AT) == crc(in, position);
    int kind = in.getInt(position + 4);
    if (!ours || kind < 0 || kind >= Kind.values().length) {
      return null;
    }
    Batch batch =
        new Batch(
            Kind.values()[kind],
            in.getInt(position + 28),
            in.getInt(position + 32),
            in.getLong(position + 40),
            in.getLong(position + 48));
    return batch.sane(position, segment.shape()) ? batch : null;
  }

  private boolean sane(int position, RedoShape shape) {
    boolean empty = bytes == Layout.BATCH_BYTES && count == 0 && lastLsn == previousLsn;
    return kind == Kind.PACKAGES
        ? bytes > Layout.BATCH_BYTES
            && bytes <= Layout.dataEnd(shape) - position
            && count > 0
            && lastLsn > previousLsn
        : empty;
  }

  /**
   * Checksum of a package at this place of this segment: bytes of another place or of an earlier
   * use of the segment never have it.
   */
  static int packageCrc(
      SegmentHeader segment, int position, long firstLsn, long lastLsn, ByteBuffer payload) {
    ByteBuffer place = ByteBuffer.allocate(40);
    place.putLong(segment.logId()).putLong(segment.sequence()).putInt(position);
    place.putInt(payload.remaining()).putLong(firstLsn).putLong(lastLsn).flip();
    CRC32C crc = new CRC32C();
    crc.update(place);
    crc.update(payload);
    return (int) crc.getValue();
  }
}
