package halab.runtime.disk;

import halab.bricks.Slots;
import halab.runtime.lab.LabDisk;
import halab.systems.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The real file behind a disk. What {@link #write} has returned from survives a kill -9. */
final class DiskFile {
  private final int blocks;
  private final FileChannel channel;

  private DiskFile(int blocks, FileChannel channel) {
    this.blocks = blocks;
    this.channel = channel;
  }

  /** Opens the file of a disk; one that is missing or short is a {@link ConfigException}. */
  static DiskFile open(LabDisk disk, Path file) {
    String remedy = "restore the file from a copy, or destroy the lab and init it again";
    try {
      if (!Files.isRegularFile(file)) {
        throw wrong(file, "the file of disk " + disk.name() + " is missing", remedy);
      }
      long there = Files.size(file) / Slots.BLOCK_BYTES;
      if (there < disk.blocks()) {
        String what = "disk %s is truncated at block %d of %d";
        throw wrong(
            file,
            String.format(java.util.Locale.ROOT, what, disk.name(), there, disk.blocks()),
            remedy);
      }
      return new DiskFile(
          disk.blocks(), FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw wrong(file, "disk " + disk.name() + " cannot be opened: " + e.getMessage(), remedy);
    }
  }

  private static ConfigException wrong(Path file, String what, String remedy) {
    return new ConfigException(
        List.of(new ConfigException.Problem(file.toString(), 0, what, remedy)));
  }

  int blocks() {
    return blocks;
  }

  byte[] read(int block) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Slots.BLOCK_BYTES);
    long at = (long) block * Slots.BLOCK_BYTES;
    while (content.hasRemaining()) {
      if (channel.read(content, at + content.position()) < 0) {
        throw new IOException("truncated at block " + block);
      }
    }
    return content.array();
  }

  /** Writes and forces; never beyond the size that the disk had when it was made. */
  void write(int block, byte[] content) throws IOException {
    long at = (long) block * Slots.BLOCK_BYTES;
    if (channel.size() < at + Slots.BLOCK_BYTES) {
      throw new IOException("truncated at block " + channel.size() / Slots.BLOCK_BYTES);
    }
    ByteBuffer rest = ByteBuffer.wrap(content);
    while (rest.hasRemaining()) {
      channel.write(rest, at + rest.position());
    }
    channel.force(false);
  }

  void close() throws IOException {
    channel.close();
  }
}
