package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Locale;

/** Lays down an empty log. */
public final class RedoFormat {
  private RedoFormat() {}

  /**
   * Makes the device an empty log; durable on return. A crash on the way leaves none.
   *
   * @param afterLsn every package will have a higher LSN; 0 for a new database
   * @param overwrite whether a log or the remains of one may be lost
   * @throws IOException when a log is there and may not be lost, when the device has not the size
   *     of the shape, and when it cannot be written
   */
  public static void write(
      RedoDevice device, RedoOwner owner, RedoShape shape, long afterLsn, boolean overwrite)
      throws IOException {
    if (device.size() != shape.bytes()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "redo log %s has %d bytes, but %d segments of %d need %d; make it anew in that size",
              device,
              device.size(),
              shape.segments(),
              shape.segmentBytes(),
              shape.bytes()));
    }
    if (!overwrite) {
      refuseRemains(device, shape);
    }
    for (int slot = 0; slot < shape.segments(); slot++) {
      long offset = (long) slot * shape.segmentBytes();
      device.write(offset, ByteBuffer.allocate(Layout.HEADER_BYTES));
    }
    long logId = new SecureRandom().nextLong();
    SegmentHeader first = new SegmentHeader(logId, owner, shape, 1, afterLsn);
    device.write(first.offset(), ByteBuffer.wrap(first.encode()));
  }

  /** Whether no log was ever laid down here, nor begun to be. */
  public static boolean blank(RedoDevice device, RedoShape shape) throws IOException {
    for (int slot = 0; slot < shape.segments(); slot++) {
      long offset = (long) slot * shape.segmentBytes();
      if (SegmentHeader.remains(device.read(offset, Layout.HEADER_BYTES))) {
        return false;
      }
    }
    return true;
  }

  private static void refuseRemains(RedoDevice device, RedoShape shape) throws IOException {
    for (int slot = 0; slot < shape.segments(); slot++) {
      byte[] sector = device.read((long) slot * shape.segmentBytes(), Layout.HEADER_BYTES);
      if (SegmentHeader.remains(sector)) {
        SegmentHeader there = SegmentHeader.decode(sector).header();
        throw new IOException(
            "redo log "
                + device
                + " is not overwritten: segment "
                + slot
                + " holds redo of "
                + (there == null ? "an unreadable log" : there.owner())
                + "; move it away, or say that it may be lost");
      }
    }
  }
}
