package halab.node.data;

import halab.node.redo.RedoDevice;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A device that is slow, or that fails from now on after half of a write. */
final class FaultyDevice implements RedoDevice {
  private final RedoDevice inner;
  private volatile long delayMs;
  private volatile String failure;

  FaultyDevice(RedoDevice inner) {
    this.inner = inner;
  }

  /** Every write takes so much longer. */
  void slow(long byMs) {
    delayMs = byMs;
  }

  /** What the system says of every write from now on. */
  void fail(String message) {
    failure = message;
  }

  @Override
  public long size() {
    return inner.size();
  }

  @Override
  public byte[] read(long offset, int length) throws IOException {
    return inner.read(offset, length);
  }

  @Override
  public void write(long offset, ByteBuffer bytes) throws IOException {
    if (failure != null) {
      bytes.limit(bytes.position() + bytes.remaining() / 2);
      inner.write(offset, bytes);
      throw new IOException(this + ": write at " + offset + " failed: " + failure);
    }
    inner.write(offset, bytes);
    try {
      Thread.sleep(delayMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }

  @Override
  public String toString() {
    return inner.toString();
  }
}
