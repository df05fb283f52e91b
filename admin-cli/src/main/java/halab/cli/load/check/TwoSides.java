package halab.cli.load.check;

import java.util.HashMap;
import java.util.Map;

/**
 * Where one side only may accept writes at a time: no side accepts a write that began after another
 * side had taken over. A side that comes back later than {@link #SWITCH_NS} after its last
 * acknowledgement took over in its turn, which is allowed. A window reaches from the first
 * acknowledgement of the new side to the last one that was followed by one of the other side.
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
  private String windowSide;

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
    } else if (windowFromNs >= 0) {
      goesOn(windowSide, done);
    }
    lastAckNs.merge(side, done.timeNs(), Math::max);
  }

  private void otherSide(String side, Op invoke, Op done) {
    if (!lately(side, done) || !lately(holder, done)) {
      take(side, done);
    } else if (windowFromNs >= 0) {
      goesOn(holder, done);
    } else if (invoke.timeNs() > heldSinceNs) {
      windowFromNs = heldSinceNs;
      windowToNs = done.timeNs();
      windowSide = side;
    }
  }

  private boolean lately(String side, Op now) {
    Long last = lastAckNs.get(side);
    return last != null && now.timeNs() - last <= SWITCH_NS;
  }

  /** Both sides accepted at least until the other one's last acknowledgement. */
  private void goesOn(String other, Op done) {
    if (lately(other, done)) {
      windowToNs = Math.max(windowToNs, lastAckNs.get(other));
    } else {
      close();
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
    findings.add(
        Finding.timed(
            "two sides accepted writes for "
                + Math.max(1, longNs / 1_000_000)
                + " ms: "
                + windowSide
                + " and "
                + holder,
            windowFromNs,
            windowToNs,
            longNs));
    windowFromNs = -1;
  }

  @Override
  public void end(boolean whole) {
    close();
  }
}
