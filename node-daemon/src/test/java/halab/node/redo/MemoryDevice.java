package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A device whose writes fail, hang, or meet a crash that leaves any part of them. */
final class MemoryDevice implements RedoDevice {
  private static final int SECTOR = 512;
  final byte[] bytes;
  private Random crash;
  private int crashAfter = Integer.MAX_VALUE;
  private IOException failure;
  private CountDownLatch hang;
  private int writes;

  MemoryDevice(long size) {
    this(new byte[(int) size]);
  }

  MemoryDevice(byte[] bytes) {
    this.bytes = bytes;
  }

  /** What another process finds when this one is gone. */
  synchronized MemoryDevice survivor() {
    return new MemoryDevice(bytes.clone());
  }

  /** Crashes in the write after so many whole ones. */
  synchronized MemoryDevice crashAfter(int count, Random random) {
    crashAfter = count;
    crash = random;
    return this;
  }

  synchronized void failWith(IOException cause) {
    failure = cause;
  }

  /** Writes wait until it is counted down. */
  synchronized void hang(CountDownLatch until) {
    hang = until;
  }

  synchronized int writes() {
    return writes;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public synchronized byte[] read(long offset, int length) throws IOException {
    byte[] content = new byte[length];
    System.arraycopy(bytes, (int) offset, content, 0, length);
    return content;
  }

  @Override
  public void write(long offset, ByteBuffer content) throws IOException {
    CountDownLatch wait;
    synchronized (this) {
      wait = hang;
    }
    try {
      if (wait != null) {
        wait.await();
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    put((int) offset, content);
  }

  private synchronized void put(int offset, ByteBuffer content) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (writes == crashAfter) {
      tear(offset, content);
      failure = new IOException("the power is off");
      throw failure;
    }
    writes++;
    content.get(bytes, offset, content.remaining());
  }

  /** All, nothing, a beginning, or any sectors of it reach the disk; one may be torn itself. */
  private void tear(int offset, ByteBuffer content) {
    int length = content.remaining();
    byte[] all = new byte[length];
    content.get(all);
    int style = crash.nextInt(4);
    int prefix = style == 0 ? length : style == 1 ? 0 : crash.nextInt(length + 1);
    if (style < 3) {
      System.arraycopy(all, 0, bytes, offset, prefix);
      return;
    }
    for (int at = 0; at < length; at += SECTOR) {
      int part = Math.min(SECTOR, length - at);
      if (crash.nextBoolean()) {
        int torn = crash.nextInt(8) == 0 ? crash.nextInt(part + 1) : part;
        System.arraycopy(all, at, bytes, offset + at, torn);
      }
    }
  }

  @Override
  public String toString() {
    return "memory";
  }

  @Override
  public void close() {}
}
