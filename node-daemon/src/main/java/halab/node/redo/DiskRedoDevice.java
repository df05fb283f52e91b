package halab.node.redo;

import halab.runtime.disk.DiskClient;
import halab.runtime.disk.DiskRange;
import halab.runtime.disk.FencedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A redo thread's part of a shared disk. A disk that is silent hangs its caller; an interrupt ends
 * the wait, and what was under way may still reach the disk.
 */
public final class DiskRedoDevice implements RedoDevice {
  private final DiskClient client;
  private final String disk;
  private final int thread;
  private final long base;
  private final long size;

  /**
   * @param disk path as in the vendor's files
   * @param base where thread 0's part begins, from the beginning of the disk's file, in bytes
   * @param thread number of the redo thread, from 0
   * @param size of each thread's part, in bytes
   */
  public DiskRedoDevice(DiskClient client, String disk, long base, int thread, long size) {
    this.client = client;
    this.disk = disk;
    this.thread = thread;
    this.base = base + thread * size;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public byte[] read(long offset, int length) throws IOException {
    check(offset, length);
    return await(client.readRange(disk, base + offset, length));
  }

  @Override
  public void write(long offset, ByteBuffer bytes) throws IOException {
    check(offset, bytes.remaining());
    await(client.writeRanges(disk, List.of(new DiskRange(base + offset, bytes))));
  }

  /** The next thread's redo begins where this one's ends. */
  private void check(long offset, int length) {
    if (offset < 0 || offset > size - length) {
      throw new IllegalArgumentException(length + " bytes at " + offset + " are not in " + this);
    }
  }

  private <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "redo log " + this + ": interrupted while the disk was silent");
    } catch (ExecutionException e) {
      String text = String.format(Locale.ROOT, "redo log %s: %s", this, e.getCause().getMessage());
      if (e.getCause() instanceof FencedException) {
        throw new FencedException(text + "; the instance must end, and may start again");
      }
      throw new IOException(text + "; mend the storage and start the instance again", e.getCause());
    }
  }

  @Override
  public String toString() {
    return disk + " thread " + thread;
  }

  /** The disk is the client's. */
  @Override
  public void close() {}
}
