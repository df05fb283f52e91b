package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A log in a file of its own, laid out in full when it is made, so that appending never needs new
 * space. One process at a time has it.
 */
public final class FileRedoDevice implements RedoDevice {
  /** The channel copies through direct memory, of which a daemon has little. */
  private static final int STEP_BYTES = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  private final long size;

  private FileRedoDevice(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  /**
   * Makes the file, full of zeros, durably; half-made ones of a crash are made anew.
   *
   * @throws IOException when the file is there or the disk is full
   */
  public static void create(Path file, long bytes) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString(), null, "move the redo log away first");
    }
    Path half = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(half);
    try (FileChannel channel =
        FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(STEP_BYTES, bytes - at));
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(half);
      String what = "redo log %s cannot be made with %d bytes: %s; free some space";
      throw new IOException(String.format(Locale.ROOT, what, file, bytes, e.getMessage()), e);
    }
    Files.move(half, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  /** Opens the file for this process alone. */
  public static FileRedoDevice open(Path file) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new IOException("redo log " + file + " is missing; restore it from a copy", e);
    }
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this process: the same as held by another.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IOException("redo log " + file + " is in use; end the process that has it open");
    }
    return new FileRedoDevice(file, channel, channel.size());
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public byte[] read(long offset, int length) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(length);
    while (content.position() < length) {
      content.limit(Math.min(length, content.position() + STEP_BYTES));
      int count = io("read", offset, () -> channel.read(content, offset + content.position()));
      if (count < 0) {
        throw failed("read", offset, new IOException("the file was truncated"));
      }
    }
    return content.array();
  }

  @Override
  public void write(long offset, ByteBuffer bytes) throws IOException {
    if (offset < 0 || offset > size - bytes.remaining()) {
      throw new IllegalArgumentException("a write beyond the end of " + file + " at " + offset);
    }
    int from = bytes.position();
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + STEP_BYTES));
      long at = offset + bytes.position() - from;
      io("write", at, () -> channel.write(bytes, at));
    }
    io(
        "force",
        offset,
        () -> {
          channel.force(false);
          return 0;
        });
  }

  /** Something that the channel does. */
  private interface Io {
    int run() throws IOException;
  }

  private int io(String what, long offset, Io io) throws IOException {
    try {
      return io.run();
    } catch (IOException e) {
      throw failed(what, offset, e);
    }
  }

  private IOException failed(String what, long offset, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new IOException(
        String.format(
            Locale.ROOT,
            "redo log %s: %s at %d failed: %s; mend the storage and start the instance again",
            file,
            what,
            offset,
            reason),
        e);
  }

  @Override
  public String toString() {
    return file.toString();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
