package halab.runtime.disk;

import halab.runtime.disk.DiskFault.Kind;
import halab.runtime.lab.LabDisk;
import java.io.IOException;
import java.nio.file.Path;

/** What lies on a disk, read and written as its fault has it. Disk thread only. */
final class DiskContent {
  private final LabDisk disk;
  private final DiskFile file;
  private final Path imagePath;
  private boolean keepsBefore;
  private BeforeImage before;
  private long bitten;

  /** ConfigException when the file is unusable. */
  DiskContent(LabDisk disk, Path path) {
    this.disk = disk;
    file = DiskFile.open(disk, path);
    imagePath = path.resolveSibling(disk.name() + ".before");
  }

  /** Whether to keep what is overwritten from now on; {@code anew} forgets what was kept. */
  void keepBefore(boolean keeps, boolean anew) {
    keepsBefore = keeps;
    if (before != null && (!keeps || anew)) {
      before.close();
      before = null;
    }
  }

  byte[] read(long at, int length, Kind fault) throws IOException {
    byte[] content = file.read(at, length);
    if (fault == Kind.STALE && before != null && before.cover(at, content)) {
      bitten++;
    }
    return content;
  }

  /** Not durable before {@link #force}. */
  void write(long at, byte[] content, Kind fault) throws IOException {
    if (keepsBefore) {
      if (before == null) {
        before = new BeforeImage(file, disk.bytes(), imagePath);
      }
      before.keep(at, content.length);
    }
    file.write(at, content.length == 0 ? content : bent(at, content, fault));
  }

  private byte[] bent(long at, byte[] content, Kind fault) throws IOException {
    if (fault == Kind.FLIPPED) {
      bitten++;
      content[content.length / 2] ^= 0x10;
    } else if (fault == Kind.TORN) {
      bitten++;
      byte[] torn = file.read(at, content.length);
      System.arraycopy(content, 0, torn, 0, content.length / 2);
      // Content that tears without a trace (equal halves) is given one.
      torn[content.length - 1] ^= 0x01;
      return torn;
    }
    return content;
  }

  void force() throws IOException {
    file.force();
  }

  /** How often a fault has changed what was read or written. */
  long bitten() {
    return bitten;
  }
}
