package halab.node.redo;

/**
 * How large a log is. The log fills its device.
 *
 * @param segmentBytes a multiple of 512, 4 KiB to 1 GiB
 * @param segments 2 to 64, reused round robin
 */
public record RedoShape(int segmentBytes, int segments) {
  /** Of an instance with local storage. */
  public static final RedoShape SINGLE = new RedoShape(20 << 20, 4);

  public RedoShape {
    if (segmentBytes < 4096
        || segmentBytes > 1 << 30
        || segmentBytes % Layout.SECTOR_BYTES != 0
        || segments < 2
        || segments > Layout.SEGMENTS_MAX) {
      throw new IllegalArgumentException(
          segments + " segments of " + segmentBytes + " bytes: take 2 to 64 of 4 KiB to 1 GiB");
    }
  }

  /** Size of the device that holds such a log. */
  public long bytes() {
    return (long) segmentBytes * segments;
  }

  /** Bound of one package's payload: it must fit into a segment with all headers. */
  public int payloadBytesMax() {
    return Layout.dataEnd(this) - Layout.HEADER_BYTES - Layout.BATCH_BYTES - Layout.PACKAGE_BYTES;
  }
}
