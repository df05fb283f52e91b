package halab.runtime.disk;

import halab.bricks.Slots;
import halab.runtime.lab.LabDisk;
import halab.systems.ConfigException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** The real file behind a disk. What {@link #force} has returned from survives a kill -9. */
final class DiskFile {
  private final FileChannel channel;

  private DiskFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens the file of a disk; one that is missing or short is a {@link ConfigException}. */
  static DiskFile open(LabDisk disk, Path file) {
    String remedy = "restore the file from a copy, or destroy the lab and init it again";
    try {
      if (!Files.isRegularFile(file)) {
        throw wrong(file, "the file of disk " + disk.name() + " is missing", remedy);
      }
      long there = Files.size(file);
      if (there < disk.rangesFrom()) {
        long block = there / Slots.BLOCK_BYTES;
        String what = "disk %s is truncated at block %d of %d";
        throw wrong(
            file, String.format(Locale.ROOT, what, disk.name(), block, disk.blocks()), remedy);
      }
      if (there < disk.bytes()) {
        String what = "disk %s is truncated at byte %d of %d";
        throw wrong(
            file, String.format(Locale.ROOT, what, disk.name(), there, disk.bytes()), remedy);
      }
      return new DiskFile(
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw wrong(file, "disk " + disk.name() + " cannot be opened: " + e.getMessage(), remedy);
    }
  }

  private static ConfigException wrong(Path file, String what, String remedy) {
    return new ConfigException(
        List.of(new ConfigException.Problem(file.toString(), 0, what, remedy)));
  }

  byte[] read(long at, int length) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(length);
    while (content.hasRemaining()) {
      if (channel.read(content, at + content.position()) < 0) {
        throw new EOFException(truncated());
      }
    }
    return content.array();
  }

  /** Never writes beyond the size that the disk had when it was made. */
  void write(long at, byte[] content) throws IOException {
    if (channel.size() < at + content.length) {
      throw new EOFException(truncated());
    }
    ByteBuffer rest = ByteBuffer.wrap(content);
    while (rest.hasRemaining()) {
      channel.write(rest, at + rest.position());
    }
  }

  private String truncated() throws IOException {
    return "truncated at block " + channel.size() / Slots.BLOCK_BYTES;
  }

  void force() throws IOException {
    channel.force(false);
  }

  void close() throws IOException {
    channel.close();
  }
}
