package halab.node.redo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * First sector of a segment.
 *
 * @param logId drawn when the log was made; no byte of another log passes for one of this
 * @param sequence how many segments were begun up to this one, from 1
 * @param afterLsn last LSN of the segment before; 0 when there was none
 */
record SegmentHeader(long logId, RedoOwner owner, RedoShape shape, long sequence, long afterLsn) {
  private static final long MAGIC = 0x48414C41_42524C47L; // "HALABRLG"
  private static final int VERSION = 1;
  private static final int CRC_AT = Layout.HEADER_BYTES - 4;
  private static final String BLANK = "the header is empty";

  /** A header, or why there is none. */
  record Found(SegmentHeader header, String problem) {
    boolean blank() {
      return BLANK.equals(problem);
    }
  }

  /** The header of the segment after this one. */
  SegmentHeader next(long lastLsn) {
    return new SegmentHeader(logId, owner, shape, sequence + 1, lastLsn);
  }

  int slot() {
    return Layout.slot(sequence, shape);
  }

  /** Where the segment begins on the device. */
  long offset() {
    return (long) slot() * shape.segmentBytes();
  }

  byte[] encode() {
    byte[] sector = new byte[Layout.HEADER_BYTES];
    byte[] name = owner.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.wrap(sector);
    out.putLong(MAGIC).putInt(VERSION).putInt(Layout.HEADER_BYTES).putLong(logId);
    out.putInt(shape.segmentBytes()).putInt(shape.segments()).putInt(slot()).putInt(name.length);
    out.putLong(sequence).putLong(afterLsn);
    out.putLong(owner.group()).putInt(owner.thread()).put(name);
    out.putInt(CRC_AT, crc(sector));
    return sector;
  }

  private static int crc(byte[] sector) {
    CRC32C crc = new CRC32C();
    crc.update(sector, 0, CRC_AT);
    return (int) crc.getValue();
  }

  /** Whether a segment header ever stood here, whole or not. */
  static boolean remains(byte[] sector) {
    return ByteBuffer.wrap(sector).getLong(0) == MAGIC;
  }

  /** Reads a header of {@code HEADER_BYTES}; nothing in it is believed before its checksum. */
  static Found decode(byte[] sector) {
    if (Arrays.equals(sector, new byte[Layout.HEADER_BYTES])) {
      return new Found(null, BLANK);
    }
    ByteBuffer in = ByteBuffer.wrap(sector);
    if (in.getLong() != MAGIC) {
      return new Found(null, "no segment header of a redo log stands here");
    }
    if (in.getInt(CRC_AT) != crc(sector)) {
      return new Found(null, "the header's checksum is wrong");
    }
    int version = in.getInt();
    if (version != VERSION) {
      return new Found(null, "format version " + version + " is unknown, " + VERSION + " is known");
    }
    try {
      return parsed(in);
    } catch (IllegalArgumentException e) {
      return new Found(null, "the header is nonsense: " + e.getMessage());
    }
  }

  private static Found parsed(ByteBuffer in) {
    in.getInt();
    long logId = in.getLong();
    RedoShape shape = new RedoShape(in.getInt(), in.getInt());
    int slot = in.getInt();
    int nameBytes = in.getInt();
    long sequence = in.getLong();
    long afterLsn = in.getLong();
    long group = in.getLong();
    int thread = in.getInt();
    if (nameBytes < 1 || nameBytes > RedoOwner.NAME_BYTES_MAX || sequence < 1 || afterLsn < 0) {
      throw new IllegalArgumentException("a field is out of bounds");
    }
    byte[] name = new byte[nameBytes];
    in.get(name);
    RedoOwner owner = new RedoOwner(new String(name, StandardCharsets.UTF_8), thread, group);
    SegmentHeader header = new SegmentHeader(logId, owner, shape, sequence, afterLsn);
    if (header.slot() != slot) {
      throw new IllegalArgumentException("sequence " + sequence + " in segment " + slot);
    }
    return new Found(header, null);
  }
}
