package halab.node.redo;

import halab.node.redo.RedoQueue.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Lays batches one behind the other, each with one force. A segment ends with a seal, and the next
 * one begins with its header, each forced before what comes after it: whatever a crash leaves, a
 * reader knows which of the three was under way. Writer's thread only, except the counters.
 */
final class SegmentWriter {
  /** A batch of this size is one request of a shared disk. */
  private static final int BATCH_BYTES_MAX = 1 << 19;

  private final RedoDevice device;
  private final Releases releases;
  private final AtomicLong packages = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong forceNsTotal = new AtomicLong();
  private final AtomicLong forceNsMax = new AtomicLong();
  private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private SegmentHeader segment;
  private int position;
  private long lastLsn;
  private boolean sealed;
  private boolean dirty;

  SegmentWriter(RedoDevice device, RedoReader.Tail tail, Releases releases) {
    this.device = device;
    this.releases = releases;
    segment = tail.segment();
    position = tail.position();
    lastLsn = tail.lastLsn();
    sealed = tail.sealed();
  }

  RedoDevice device() {
    return device;
  }

  /** What the segment has left behind this package; negative: it does not fit. */
  int room(RedoPackage redo) {
    return sealed ? -1 : space() - Layout.PACKAGE_BYTES - redo.payload().length;
  }

  private int space() {
    return Layout.dataEnd(segment.shape()) - position - Layout.BATCH_BYTES;
  }

  /** Bytes for the packages of the next batch, enough for this one at least. */
  int batchRoom(RedoPackage first) {
    int least = Layout.PACKAGE_BYTES + first.payload().length;
    return Math.min(space(), Math.max(least, BATCH_BYTES_MAX - Layout.BATCH_BYTES));
  }

  /** Goes on in the next segment; false when it is not free and the caller gave up. */
  boolean nextSegment(BooleanSupplier givesUp) throws IOException, InterruptedException {
    if (!releases.awaitNext(givesUp)) {
      return false;
    }
    if (!sealed) {
      mark(Batch.Kind.SEAL);
      sealed = true;
    }
    segment = segment.next(lastLsn);
    put(0, ByteBuffer.wrap(segment.encode()));
    position = Layout.HEADER_BYTES;
    sealed = false;
    releases.advance();
    return true;
  }

  /** Writes an end mark behind what was written, if anything was. */
  void mark() throws IOException {
    if (dirty && !sealed) {
      mark(Batch.Kind.MARK);
    }
  }

  private void mark(Batch.Kind kind) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(Layout.SECTOR_BYTES);
    Batch.mark(kind, lastLsn).encode(sector, segment, position);
    put(position, sector);
    position += Layout.SECTOR_BYTES;
    dirty = false;
  }

  /** Durable on return. */
  void write(List<Waiting> waiting) throws IOException {
    int length = Layout.BATCH_BYTES;
    for (Waiting one : waiting) {
      length += Layout.PACKAGE_BYTES + one.redo().payload().length;
    }
    ByteBuffer out = cleared(Layout.aligned(length));
    int at = Layout.BATCH_BYTES;
    long lsn = lastLsn;
    for (Waiting one : waiting) {
      at = encode(one.redo(), out, at);
      lsn = one.redo().lastLsn();
    }
    Batch batch = new Batch(Batch.Kind.PACKAGES, length, waiting.size(), lastLsn, lsn);
    batch.encode(out, segment, position);
    out.put(length, new byte[out.limit() - length]);
    put(position, out);
    position += out.limit();
    lastLsn = lsn;
    dirty = true;
    releases.durable(lsn);
    packages.addAndGet(waiting.size());
    batches.incrementAndGet();
  }

  private int encode(RedoPackage redo, ByteBuffer out, int at) {
    int length = redo.payload().length;
    ByteBuffer payload = ByteBuffer.wrap(redo.payload());
    int crc = Batch.packageCrc(segment, position + at, redo.firstLsn(), redo.lastLsn(), payload);
    out.putInt(at, length).putInt(at + 4, crc);
    out.putLong(at + 8, redo.firstLsn()).putLong(at + 16, redo.lastLsn());
    out.put(at + Layout.PACKAGE_BYTES, redo.payload());
    return at + Layout.PACKAGE_BYTES + length;
  }

  /** The buffer, as large as that; one that had to grow beyond a usual batch is not kept. */
  private ByteBuffer cleared(int length) {
    if (length > BATCH_BYTES_MAX) {
      return ByteBuffer.allocate(length);
    }
    if (buffer.capacity() < length) {
      buffer = ByteBuffer.allocate(Math.max(length, Math.min(2 * length, BATCH_BYTES_MAX)));
    }
    return buffer.clear().limit(length);
  }

  private void put(int at, ByteBuffer content) throws IOException {
    int length = content.remaining();
    long beganNs = System.nanoTime();
    device.write(segment.offset() + at, content.duplicate());
    long tookNs = System.nanoTime() - beganNs;
    bytes.addAndGet(length);
    forces.incrementAndGet();
    forceNsTotal.addAndGet(tookNs);
    forceNsMax.accumulateAndGet(tookNs, Math::max);
  }

  /** Any thread. */
  RedoCounters counters() {
    return new RedoCounters(
        packages.get(),
        batches.get(),
        bytes.get(),
        forces.get(),
        forceNsTotal.get(),
        forceNsMax.get());
  }
}
