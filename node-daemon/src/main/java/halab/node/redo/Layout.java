package halab.node.redo;

/** Sizes and places within a segment; see docs/redo.md for the fields. */
final class Layout {
  /** Everything begins on a sector, so that no write touches one that holds durable redo. */
  static final int SECTOR_BYTES = 512;

  static final int SEGMENTS_MAX = 64;
  static final int HEADER_BYTES = SECTOR_BYTES;
  static final int BATCH_BYTES = 64;
  static final int PACKAGE_BYTES = 24;

  /** What to do about a damaged log; the owner's checkpoint decides what is lost. */
  static final String REMEDY =
      "restore the log from a copy, or make the instance anew (in a lab: destroy, init)";

  private Layout() {}

  static int aligned(int bytes) {
    return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
  }

  /** Packages end before the last two sectors: one for an end mark, one for the seal. */
  static int dataEnd(RedoShape shape) {
    return shape.segmentBytes() - 2 * SECTOR_BYTES;
  }

  static int slot(long sequence, RedoShape shape) {
    return (int) ((sequence - 1) % shape.segments());
  }
}
