package halab.node.redo;

import halab.node.redo.SegmentHeader.Found;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of a log by their headers, and what to make of a header that is not there. One may
 * be: that of the segment after the newest, when a crash met its first write. That write comes
 * after the newest segment's seal and before any batch, so it is told from damage.
 */
final class RedoChain {
  private final RedoDevice device;
  private final RedoShape shape;
  private final List<Found> slots = new ArrayList<>();
  private final List<SegmentHeader> segments = new ArrayList<>();

  private RedoChain(RedoDevice device, RedoShape shape) {
    this.device = device;
    this.shape = shape;
  }

  /** Reads every header of the log; {@code owner} null: whoever's it is. */
  static RedoChain read(RedoDevice device, RedoOwner owner) throws IOException {
    RedoShape shape = shape(device);
    RedoChain chain = new RedoChain(device, shape);
    SegmentHeader newest = null;
    for (int slot = 0; slot < shape.segments(); slot++) {
      Found found = header(device, (long) slot * shape.segmentBytes());
      chain.slots.add(found);
      SegmentHeader header = found.header();
      if (header != null && (newest == null || header.sequence() > newest.sequence())) {
        newest = header;
      }
    }
    chain.checkOwner(newest, owner);
    chain.collect(newest);
    return chain;
  }

  private static Found header(RedoDevice device, long offset) throws IOException {
    return SegmentHeader.decode(device.read(offset, Layout.HEADER_BYTES));
  }

  /** From the first header, or if that one is gone from the second, wherever it fits. */
  private static RedoShape shape(RedoDevice device) throws IOException {
    Found first =
        device.size() < Layout.HEADER_BYTES
            ? new Found(null, "the device is smaller than a header")
            : header(device, 0);
    if (first.header() != null && first.header().shape().bytes() == device.size()) {
      return first.header().shape();
    }
    for (int segments = 2; segments <= Layout.SEGMENTS_MAX; segments++) {
      long offset = device.size() / segments;
      if (device.size() % segments == 0 && offset >= Layout.HEADER_BYTES) {
        SegmentHeader second = header(device, offset).header();
        if (second != null && second.offset() == offset && second.shape().segments() == segments) {
          return second.shape();
        }
      }
    }
    String what =
        first.header() == null
            ? first.problem()
            : "the log has " + first.header().shape().bytes() + " bytes, not " + device.size();
    String remedy = first.blank() ? "format the log" : Layout.REMEDY;
    throw new RedoDamage(device, 0, 0, what, remedy);
  }

  private void checkOwner(SegmentHeader newest, RedoOwner owner) throws RedoDamage {
    for (int slot = 0; slot < slots.size(); slot++) {
      SegmentHeader header = slots.get(slot).header();
      if (header == null) {
        continue;
      }
      if (owner != null && !header.owner().equals(owner)) {
        String what = "the redo is " + header.owner() + "'s, not " + owner + "'s";
        throw damage(slot, what, "give the instance its own log");
      }
      boolean same =
          header.logId() == newest.logId()
              && header.owner().equals(newest.owner())
              && header.shape().equals(newest.shape())
              && header.slot() == slot;
      if (!same) {
        throw damage(slot, "the header belongs to another log or place", Layout.REMEDY);
      }
    }
  }

  /** All that must be there, oldest first; the slot of the segment to come is looked at later. */
  private void collect(SegmentHeader newest) throws RedoDamage {
    for (long sequence = Math.max(1, newest.sequence() - shape.segments() + 1);
        sequence <= newest.sequence();
        sequence++) {
      int slot = Layout.slot(sequence, shape);
      Found found = slots.get(slot);
      if (found.header() != null && found.header().sequence() == sequence) {
        segments.add(found.header());
      } else if (slot != nextSlot(newest)) {
        throw damage(slot, problem(found, sequence), Layout.REMEDY);
      }
    }
    for (long unused = newest.sequence() + 2; unused <= shape.segments(); unused++) {
      int slot = Layout.slot(unused, shape);
      if (!slots.get(slot).blank()) {
        throw damage(slot, problem(slots.get(slot), unused), Layout.REMEDY);
      }
    }
  }

  private int nextSlot(SegmentHeader newest) {
    return Layout.slot(newest.sequence() + 1, shape);
  }

  private static String problem(Found found, long sequence) {
    String there =
        found.problem() != null
            ? found.problem()
            : "the header has sequence " + found.header().sequence();
    return there + " where segment number " + sequence + " of the log has its place";
  }

  /** Judges the place of the segment to come, once it is known whether the newest was sealed. */
  void checkNext(boolean sealed) throws IOException {
    SegmentHeader newest = newest();
    int slot = nextSlot(newest);
    Found found = slots.get(slot);
    long replaced = newest.sequence() + 1 - shape.segments();
    boolean untouched =
        replaced < 1
            ? found.blank()
            : found.header() != null && found.header().sequence() == replaced;
    if (!untouched && !sealed) {
      throw damage(slot, problem(found, Math.max(replaced, 1)), Layout.REMEDY);
    }
    SegmentHeader next = newest.next(newest.afterLsn());
    if (sealed && SegmentScan.of(device, next, true).firstBatch(Layout.HEADER_BYTES) >= 0) {
      throw damage(slot, problem(found, next.sequence()) + " and has batches", Layout.REMEDY);
    }
  }

  RedoShape shape() {
    return shape;
  }

  /** The segments whose content is there, oldest first. */
  List<SegmentHeader> segments() {
    return segments;
  }

  SegmentHeader newest() {
    return segments.get(segments.size() - 1);
  }

  private RedoDamage damage(int slot, String what, String remedy) {
    return new RedoDamage(device, slot, (long) slot * shape.segmentBytes(), what, remedy);
  }
}
