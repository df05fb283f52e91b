package halab.node.data;

import halab.node.redo.FileRedoDevice;
import halab.node.redo.RedoDevice;
import halab.runtime.disk.DiskFullException;
import halab.runtime.disk.OwnDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A log in a file of this host, which is laid out in full when it is first written. After a failed
 * or interrupted write the file is opened anew. Who holds its monitor keeps writes away.
 */
final class OwnFile implements RedoDevice {
  private static final int STEP_BYTES = 1 << 18;

  private final Path file;
  private final long size;
  private final OwnDisk disk;
  private FileRedoDevice open;

  OwnFile(Path file, long size, OwnDisk disk) {
    this.file = file;
    this.size = size;
    this.disk = disk;
  }

  @Override
  public long size() {
    return size;
  }

  /** Of a file that there is not yet zeros. An interrupt ends this reading, and nothing else. */
  @Override
  public byte[] read(long offset, int length) throws IOException {
    disk.beforeRead();
    ByteBuffer content = ByteBuffer.allocate(length);
    if (!Files.exists(file)) {
      return content.array();
    }
    try (FileChannel channel = FileChannel.open(file)) {
      while (content.position() < length) {
        content.limit(Math.min(length, content.position() + STEP_BYTES));
        if (channel.read(content, offset + content.position()) < 0) {
          throw new IOException(
              "redo log "
                  + file
                  + " has lost its end; restore it from a copy of "
                  + size
                  + " bytes");
        }
      }
    }
    return content.array();
  }

  @Override
  public void write(long offset, ByteBuffer bytes) throws IOException {
    disk.beforeWrite();
    synchronized (this) {
      try {
        if (open == null) {
          if (!Files.exists(file)) {
            FileRedoDevice.create(file, size);
          }
          open = FileRedoDevice.open(file);
        }
        open.write(offset, bytes);
      } catch (IOException e) {
        close();
        throw DiskFullException.orElse(file.toAbsolutePath().getParent(), e);
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
