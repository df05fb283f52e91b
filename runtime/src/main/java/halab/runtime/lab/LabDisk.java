package halab.runtime.lab;

import halab.bricks.Slots;

/**
 * A disk of a lab. A shared one has blocks, and behind them bytes for whoever needs more than a
 * block; a host's own one is for redo, grows as its content does, and is reached by that host
 * alone.
 *
 * @param name what faults call it ("vote", "n1.arch"); its file or folder is {@code NAME.disk}
 * @param path what the vendor's files call it ("/dev/raw/vote"); of its host alone for an own disk
 * @param kind "voting", "config", "data" or "dcrv"; of a host's own "online" or "archive"
 * @param blocks size in blocks of 512 bytes; 0 of a host's own
 * @param rangeBytes how many bytes behind the blocks are read and written by range; 0 for none
 * @param host whose own disk it is; null: shared
 */
public record LabDisk(
    String name, String path, String kind, int blocks, long rangeBytes, String host) {
  /** A shared disk. */
  public LabDisk(String name, String path, String kind, int blocks, long rangeBytes) {
    this(name, path, kind, blocks, rangeBytes, null);
  }

  /** Whether the disk daemon serves it to all hosts. */
  public boolean shared() {
    return host == null;
  }

  /** Where the ranges begin in the file, which is where the blocks end. */
  public long rangesFrom() {
    return (long) blocks * Slots.BLOCK_BYTES;
  }

  /** How large the file is, in bytes. */
  public long bytes() {
    return rangesFrom() + rangeBytes;
  }
}
