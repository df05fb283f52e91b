package halab.runtime.disk;

import halab.bricks.Slots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/**
 * What a disk held when a stale fault began, for the sectors written since. Kept in a sparse file
 * that goes with the process: a long fault under load must not grow the heap.
 */
final class BeforeImage implements AutoCloseable {
  private static final int SECTOR_BYTES = Slots.BLOCK_BYTES;
  private final DiskFile disk;
  private final long diskBytes;
  private final FileChannel kept;
  private final BitSet sectors = new BitSet();

  /** {@code file} holds the image; what lies there of an earlier process is thrown away. */
  BeforeImage(DiskFile disk, long diskBytes, Path file) throws IOException {
    this.disk = disk;
    this.diskBytes = diskBytes;
    Files.deleteIfExists(file);
    kept =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Keeps these bytes before they are overwritten, unless they were kept already. */
  void keep(long at, int length) throws IOException {
    long end = at + length;
    for (long sector = at / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
      if (!sectors.get((int) sector)) {
        long from = sector * SECTOR_BYTES;
        byte[] content = disk.read(from, (int) Math.min(SECTOR_BYTES, diskBytes - from));
        kept.write(ByteBuffer.wrap(content), from);
        sectors.set((int) sector);
      }
    }
  }

  /** Lays what was there over what is there now; whether anything was kept of these bytes. */
  boolean cover(long at, byte[] content) throws IOException {
    boolean found = false;
    long end = at + content.length;
    for (long sector = at / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
      if (sectors.get((int) sector)) {
        long from = Math.max(at, sector * SECTOR_BYTES);
        long to = Math.min(end, (sector + 1) * SECTOR_BYTES);
        kept.read(ByteBuffer.wrap(content, (int) (from - at), (int) (to - from)), from);
        found = true;
      }
    }
    return found;
  }

  @Override
  public void close() {
    try {
      kept.close();
    } catch (IOException e) {
      // Nothing of value is lost: the image is done with, and the next one removes its file.
      sectors.clear();
    }
  }
}
