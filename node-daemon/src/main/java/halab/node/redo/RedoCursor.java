package halab.node.redo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;

/** Hands out packages one by one, and holds one segment in memory at a time. */
public final class RedoCursor {
  private final RedoDevice device;
  private final List<SegmentHeader> segments;
  private final long fromLsn;
  private final ArrayDeque<RedoPackage> ready = new ArrayDeque<>();
  private int nextSegment;
  private SegmentScan scan;

  RedoCursor(RedoDevice device, List<SegmentHeader> segments, long[] lastLsns, long fromLsn) {
    this.device = device;
    this.segments = segments;
    this.fromLsn = fromLsn;
    while (nextSegment < segments.size() && lastLsns[nextSegment] < fromLsn) {
      nextSegment++;
    }
  }

  /** The next package that ends at or after the LSN asked for, or null after the last. */
  public RedoPackage next() throws IOException {
    while (ready.isEmpty()) {
      if (scan != null && scan.next()) {
        scan.packages().stream().filter(p -> p.lastLsn() >= fromLsn).forEach(ready::add);
      } else if (nextSegment < segments.size()) {
        SegmentHeader segment = segments.get(nextSegment++);
        scan = null;
        scan = SegmentScan.of(device, segment, nextSegment == segments.size());
      } else {
        return null;
      }
    }
    return ready.poll();
  }
}
