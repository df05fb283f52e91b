package halab.node.data;

import halab.runtime.disk.DiskClient;
import halab.runtime.disk.DiskRange;
import halab.systems.dsc.DataLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32C;

/**
 * The checkpoint image on the shared data disk: a whole engine as of one LSN, for an instance that
 * is behind all redo. Of two places the older one is overwritten, and its head comes last, so that
 * a crash leaves the other. Blocks on silent disks; an interrupt ends the wait.
 *
 * <pre>
 *   head, 512 bytes: magic, version, LSN, length, CRC32C of the content, CRC32C of the head
 *   from 4096 on: the content
 * </pre>
 */
final class SharedImage {
  private static final long MAGIC = 0x48414c4142494d47L;
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 512;
  private static final int HEAD_USED = 8 + 4 + 8 + 8 + 4;
  private static final int CONTENT_AT = 4096;
  private static final int STEP_BYTES = 1 << 20;
  private static final int PLACES = 2;

  private final DiskClient disks;
  private final String disk;

  /** What stands in a place. */
  record Head(int place, long lsn, long length, int crc) {}

  SharedImage(DiskClient disks, String disk) {
    this.disks = disks;
    this.disk = disk;
  }

  /** The newer of the images that are there; null when there is none. */
  Head newest() throws IOException {
    Head best = null;
    for (int place = 0; place < PLACES; place++) {
      Head head = head(place);
      best = best == null || head != null && head.lsn() > best.lsn() ? head : best;
    }
    return best;
  }

  private static long at(int place) {
    return DataLayout.IMAGE_FIRST_BYTE + place * DataLayout.IMAGE_BYTES;
  }

  private Head head(int place) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(await(disks.readRange(disk, at(place), HEAD_BYTES)));
    CRC32C crc = new CRC32C();
    crc.update(head.array(), 0, HEAD_USED);
    boolean ours = head.getLong() == MAGIC && head.getInt() == VERSION;
    Head read = new Head(place, head.getLong(), head.getLong(), head.getInt());
    boolean good = ours && head.getInt() == (int) crc.getValue();
    return good && read.length() >= 0 && read.length() <= room() ? read : null;
  }

  private static long room() {
    return DataLayout.IMAGE_BYTES - CONTENT_AT;
  }

  /** Writes this file as the image of this LSN. */
  void save(Path file, long lsn) throws IOException {
    Head newest = newest();
    int place = newest == null ? 0 : (newest.place() + 1) % PLACES;
    write(at(place), ByteBuffer.allocate(HEAD_BYTES));
    CRC32C crc = new CRC32C();
    byte[] step = new byte[STEP_BYTES];
    long length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(step); n >= 0; n = in.read(step)) {
        if (length + n > room()) {
          throw tooLarge();
        }
        crc.update(step, 0, n);
        write(at(place) + CONTENT_AT + length, ByteBuffer.wrap(step, 0, n));
        length += n;
      }
    }
    write(at(place), head(lsn, length, (int) crc.getValue()));
  }

  private IOException tooLarge() {
    return new IOException(
        "the image does not fit into the "
            + room()
            + " bytes of its place on disk "
            + disk
            + "; delete rows, or start the instances that are down before redo is reused");
  }

  private static ByteBuffer head(long lsn, long length, int contentCrc) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    head.putLong(MAGIC).putInt(VERSION).putLong(lsn).putLong(length).putInt(contentCrc);
    CRC32C crc = new CRC32C();
    crc.update(head.array(), 0, HEAD_USED);
    return head.putInt((int) crc.getValue()).rewind();
  }

  /** Copies an image into a file; damage is an IOException that says so. */
  void load(Head head, Path file) throws IOException {
    CRC32C crc = new CRC32C();
    long offset = at(head.place()) + CONTENT_AT;
    long left = head.length();
    try (OutputStream out = Files.newOutputStream(file)) {
      while (left > 0) {
        byte[] step = await(disks.readRange(disk, offset, (int) Math.min(left, STEP_BYTES)));
        crc.update(step, 0, step.length);
        out.write(step);
        offset += step.length;
        left -= step.length;
      }
    }
    if ((int) crc.getValue() != head.crc()) {
      throw new IOException(
          "the checkpoint image of LSN "
              + head.lsn()
              + " on disk "
              + disk
              + " is damaged (checksum); let the control EP save a new one, or load a copy");
    }
  }

  private void write(long offset, ByteBuffer bytes) throws IOException {
    await(disks.writeRanges(disk, List.of(new DiskRange(offset, bytes))));
  }

  private static <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the disk was silent", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }
}
