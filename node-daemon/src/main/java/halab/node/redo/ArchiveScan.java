package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Walks the batches of a file of an archive and believes none before its checksums. Each batch was
 * durable before the next began, so anything valid behind an invalid one says damage.
 */
final class ArchiveScan {
  static final int HEAD_BYTES = 64;
  static final int PACKAGE_BYTES = 16;
  private static final int MAGIC = 0x48414C41; // "HALA"
  private static final int CRC_AT = HEAD_BYTES - 4;
  private static final int WINDOW_BYTES = 1 << 18;

  /** More in one batch was never written. */
  static final int BATCH_BYTES_MOST = 64 << 20;

  private final ArchiveFile file;
  private final FileChannel channel;
  private final long limit;
  private final boolean newest;
  private byte[] window = new byte[0];
  private long windowAt;
  private long begin;
  private long end;
  private long lastLsn;
  private boolean cut;

  /**
   * @param limit where what is known to be durable ends
   * @param newest whether a crash may have left a batch incomplete before that
   */
  ArchiveScan(ArchiveFile file, FileChannel channel, long limit, boolean newest) {
    this.file = file;
    this.channel = channel;
    this.limit = limit;
    this.newest = newest;
    this.end = ArchiveFile.HEADER_BYTES;
    this.lastLsn = file.afterLsn();
  }

  /** Goes on at a place where a batch is known to end with this LSN. */
  void from(long place, long lsn) {
    end = place;
    lastLsn = lsn;
  }

  /** Writes the head of a batch that goes to this place; its packages are in the buffer already. */
  static void head(
      ByteBuffer out, ArchiveFile file, long place, int bytes, long previous, long last) {
    out.putInt(0, MAGIC).putInt(4, bytes).putLong(8, file.id()).putLong(16, place);
    out.putLong(24, previous).putLong(32, last).putLong(40, 0).putLong(48, 0).putInt(56, 0);
    out.putInt(CRC_AT, crc(out.slice(0, CRC_AT)));
  }

  static int packageCrc(ArchiveFile file, long place, long lsn, ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    ByteBuffer where = ByteBuffer.allocate(32);
    crc.update(where.putLong(file.id()).putLong(place).putLong(lsn).flip());
    crc.update(payload);
    return (int) crc.getValue();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private ByteBuffer bytes(long at, int length) throws IOException {
    if (at < windowAt || at + length > windowAt + window.length) {
      int wanted = (int) Math.min(Math.max(length, WINDOW_BYTES), channel.size() - at);
      if (wanted < length) {
        return null;
      }
      ByteBuffer fresh = ByteBuffer.allocate(wanted);
      while (fresh.hasRemaining()) {
        // In steps: the channel copies through direct memory, of which a daemon has little.
        fresh.limit(Math.min(wanted, fresh.position() + WINDOW_BYTES));
        if (channel.read(fresh, at + fresh.position()) < 0) {
          return null;
        }
        fresh.limit(wanted);
      }
      window = fresh.array();
      windowAt = at;
    }
    return ByteBuffer.wrap(window, (int) (at - windowAt), length).slice();
  }

  /** Bytes of the batch that a head at this place begins, or -1: there is none. */
  private int batchAt(long place) throws IOException {
    ByteBuffer head = place + HEAD_BYTES > limit ? null : bytes(place, HEAD_BYTES);
    boolean ours =
        head != null
            && head.getInt(0) == MAGIC
            && head.getLong(8) == file.id()
            && head.getLong(16) == place
            && head.getInt(CRC_AT) == crc(head.slice(0, CRC_AT));
    int length = ours ? head.getInt(4) : -1;
    return length > HEAD_BYTES && length <= BATCH_BYTES_MOST ? length : -1;
  }

  /** Moves to the next whole batch; false at the end. */
  boolean next() throws IOException {
    if (end >= limit) {
      return false;
    }
    int length = batchAt(end);
    if (length < 0) {
      return refuseUnlessTorn("no batch begins here");
    }
    ByteBuffer head = bytes(end, HEAD_BYTES);
    long previous = head.getLong(24);
    long last = head.getLong(32);
    if (previous != lastLsn || last <= previous) {
      String what = "a batch goes on after LSN %d to %d, but redo before it ends with LSN %d";
      throw damage(end, String.format(Locale.ROOT, what, previous, last, lastLsn));
    }
    ByteBuffer whole = end + length > limit ? null : bytes(end, length);
    if (whole == null) {
      return refuseUnlessTorn("a batch of " + length + " bytes has no end");
    }
    String problem = problem(whole, last);
    if (problem != null) {
      return refuseUnlessTorn(problem);
    }
    begin = end;
    end += Layout.aligned(length);
    lastLsn = last;
    return true;
  }

  private String problem(ByteBuffer batch, long last) {
    int at = HEAD_BYTES;
    long lsn = lastLsn;
    while (at < batch.limit()) {
      int room = batch.limit() - at - PACKAGE_BYTES;
      int length = room < 0 ? -1 : batch.getInt(at);
      if (length < 0 || length > room) {
        return "a package has no length";
      }
      long its = batch.getLong(at + 8);
      ByteBuffer payload = batch.slice(at + PACKAGE_BYTES, length);
      if (batch.getInt(at + 4) != packageCrc(file, end + at, its, payload)) {
        return "a package has a wrong checksum";
      }
      if (its <= lsn) {
        return "LSN " + its + " follows LSN " + lsn;
      }
      lsn = its;
      at += PACKAGE_BYTES + length;
    }
    return lsn == last ? null : "the batch ends with LSN " + lsn + ", its head says " + last;
  }

  private boolean refuseUnlessTorn(String what) throws IOException {
    if (!newest) {
      throw damage(end, what);
    }
    for (long at = end + Layout.SECTOR_BYTES; at < limit; at += Layout.SECTOR_BYTES) {
      if (batchAt(at) > 0) {
        throw damage(end, what + ", but a later batch stands at offset " + at);
      }
    }
    cut = true;
    return false;
  }

  private RedoDamage damage(long place, String what) {
    return new RedoDamage(file.path(), place, what);
  }

  /** Packages of the batch at hand, which was checked. */
  List<RedoPackage> packages() throws IOException {
    int length = batchAt(begin);
    ByteBuffer batch = bytes(begin, length);
    List<RedoPackage> all = new ArrayList<>();
    int at = HEAD_BYTES;
    while (at < length) {
      byte[] payload = new byte[batch.getInt(at)];
      long lsn = batch.getLong(at + 8);
      batch.get(at + PACKAGE_BYTES, payload);
      all.add(new RedoPackage(lsn, lsn, payload));
      at += PACKAGE_BYTES + payload.length;
    }
    return all;
  }

  /** Where the next batch goes. */
  long end() {
    return end;
  }

  long lastLsn() {
    return lastLsn;
  }

  /** Whether something incomplete stands behind the end. */
  boolean torn() {
    return cut;
  }
}
