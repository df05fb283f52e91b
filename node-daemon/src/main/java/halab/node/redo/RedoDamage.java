package halab.node.redo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The log is not what was written, in a way that no crash explains. Nothing of it is used. */
public final class RedoDamage extends IOException {
  private final int segment;
  private final long offset;

  /**
   * @param segment its place on the device, from 0
   * @param offset on the device, in bytes
   */
  RedoDamage(RedoDevice device, int segment, long offset, String what, String remedy) {
    super(
        String.format(
            Locale.ROOT,
            "redo log %s, segment %d, offset %d: %s; %s",
            device,
            segment,
            offset,
            what,
            remedy));
    this.segment = segment;
    this.offset = offset;
  }

  /** Of a file of an archive, which is no segment of a device. */
  RedoDamage(Path file, long offset, String what) {
    super(
        String.format(
            Locale.ROOT,
            "archived redo %s, offset %d: %s; %s",
            file,
            offset,
            what,
            "restore the file from a copy, or make the instance anew from a backup"));
    this.segment = 0;
    this.offset = offset;
  }

  public int segment() {
    return segment;
  }

  public long offset() {
    return offset;
  }
}
