package halab.runtime.lab;

import halab.bricks.Slots;

/**
 * A shared disk of a lab: blocks, and behind them bytes for whoever needs more than a block.
 *
 * @param name what faults call it ("vote"); its file is {@code NAME.disk}
 * @param path what the vendor's files call it ("/dev/raw/vote")
 * @param kind "voting", "config", "data" or "dcrv"
 * @param blocks size in blocks of 512 bytes
 * @param rangeBytes how many bytes behind the blocks are read and written by range; 0 for none
 */
public record LabDisk(String name, String path, String kind, int blocks, long rangeBytes) {
  /** Where the ranges begin in the file, which is where the blocks end. */
  public long rangesFrom() {
    return (long) blocks * Slots.BLOCK_BYTES;
  }

  /** How large the file is, in bytes. */
  public long bytes() {
    return rangesFrom() + rangeBytes;
  }
}
