package halab.cli.load.check;

import java.util.HashMap;
import java.util.Map;

/**
 * Where one side only may accept writes at a time: no side accepts a write that began after another
 * side had taken over. A side that comes back later than {@link #SWITCH_NS} after its last
 * acknowledgement took over in its turn, which is allowed. Time in which sides alternate faster
 * than that is one window.
 */
public final class TwoSides implements Judge {
  /** No real takeover there and back is faster. */
  static final long SWITCH_NS = 1_000_000_000L;

  private final Findings findings;
  private final Map<String, Long> lastAckNs = new HashMap<>();
  private String holder;
  private long heldSinceNs;
  private long windowFromNs = -1;
  private long windowToNs;
  private String windowSides = "";
  private long longestNs;

  public TwoSides(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void done(Op invoke, Op done) {
    if (done.type() != Op.Type.OK || !done.value().writes() || done.address() == null) {
      return;
    }
    String side = done.address();
    if (holder == null) {
      take(side, done);
    } else if (!side.equals(holder)) {
      otherSide(side, invoke, done);
    } else if (windowFromNs >= 0 && done.timeNs() - windowToNs > SWITCH_NS) {
      close();
    }
    lastAckNs.merge(side, done.timeNs(), Math::max);
  }

  private void otherSide(String side, Op invoke, Op done) {
    Long before = lastAckNs.get(side);
    boolean accepted = before != null && done.timeNs() - before <= SWITCH_NS;
    if (accepted && invoke.timeNs() > heldSinceNs) {
      if (windowFromNs < 0) {
        windowFromNs = heldSinceNs;
        windowSides = side + " and " + holder;
      }
      windowToNs = done.timeNs();
    } else if (!accepted) {
      take(side, done);
    }
  }

  private void take(String side, Op done) {
    close();
    holder = side;
    heldSinceNs = done.timeNs();
  }

  private void close() {
    if (windowFromNs < 0) {
      return;
    }
    long longNs = windowToNs - windowFromNs;
    longestNs = Math.max(longestNs, longNs);
    findings.add(
        Finding.timed(
            "two sides accepted writes for "
                + Math.max(1, longNs / 1_000_000)
                + " ms: "
                + windowSides,
            windowFromNs,
            windowToNs,
            longNs));
    windowFromNs = -1;
  }

  @Override
  public void end(boolean whole) {
    close();
  }

  /** The longest window that has closed, in nanoseconds; 0 if there was none. */
  public long longestNs() {
    return longestNs;
  }
}
