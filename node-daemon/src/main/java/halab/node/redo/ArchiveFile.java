package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One file of an archive, as its header describes it.
 *
 * @param id drawn when the file was made; no byte of another file passes for one of this
 * @param group what all copies of one database share
 * @param sequence how many files were begun up to this one, from 1
 * @param afterLsn last LSN of the file before; 0 when there was none
 */
record ArchiveFile(Path path, long id, long group, long sequence, long afterLsn) {
  static final int HEADER_BYTES = Layout.SECTOR_BYTES;
  private static final long MAGIC = 0x48414C41_42415243L; // "HALABARC"
  private static final int VERSION = 1;
  private static final int CRC_AT = HEADER_BYTES - 4;

  /** Makes the file with its header, durably; it is there as a whole or not at all. */
  void create() throws IOException {
    Path half = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(half);
    try (FileChannel channel =
        FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      header.putLong(MAGIC).putInt(VERSION).putInt(HEADER_BYTES);
      header.putLong(id).putLong(group).putLong(sequence).putLong(afterLsn);
      header.putInt(CRC_AT, crc(header)).rewind();
      while (header.hasRemaining()) {
        channel.write(header);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(half);
      throw e;
    }
    Files.move(half, path, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  private static int crc(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, CRC_AT));
    return (int) crc.getValue();
  }

  /** Reads the header; one that cannot be right, or is of another database, is a RedoDamage. */
  static ArchiveFile open(Path path, long group) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(HEADER_BYTES);
    try (FileChannel channel = FileChannel.open(path)) {
      while (in.hasRemaining() && channel.read(in) >= 0) {}
    }
    if (in.hasRemaining() || in.getLong(0) != MAGIC || in.getInt(CRC_AT) != crc(in)) {
      throw new RedoDamage(path, 0, "no header of archived redo stands here");
    }
    in.rewind();
    in.getLong();
    int version = in.getInt();
    in.getInt();
    if (version != VERSION) {
      throw new RedoDamage(path, 8, "format version " + version + " is unknown");
    }
    long id = in.getLong();
    long itsGroup = in.getLong();
    if (itsGroup != group) {
      throw new RedoDamage(path, 24, "it is redo of group " + itsGroup + ", not of " + group);
    }
    return new ArchiveFile(path, id, itsGroup, in.getLong(), in.getLong());
  }
}
