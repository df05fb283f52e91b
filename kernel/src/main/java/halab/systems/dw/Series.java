package halab.systems.dw;

import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Statistics of something that is measured again and again: the last one, the last N together
 * (RLOG_SEND_APPLY_MON), all together, and the one that took longest.
 *
 * @param most N, from 1
 * @param window the last N, oldest first
 * @param count of all
 * @param recent sum of the window
 */
record Series(
    int most, PVector<One> window, long count, One last, One recent, One total, One longest) {
  /**
   * One measurement.
   *
   * @param ptx transactions
   */
  record One(long bytes, long us, long ptx) {
    static final One NONE = new One(0, 0, 0);

    private One plus(One other) {
      return new One(bytes + other.bytes, us + other.us, ptx + other.ptx);
    }

    private One minus(One other) {
      return new One(bytes - other.bytes, us - other.us, ptx - other.ptx);
    }
  }

  static Series of(int most) {
    return new Series(most, TreePVector.empty(), 0, One.NONE, One.NONE, One.NONE, One.NONE);
  }

  /** Of two that took equally long the later one counts as the longest. */
  Series plus(long bytes, long us, long ptx) {
    One one = new One(bytes, us, ptx);
    boolean full = window.size() == most;
    PVector<One> kept = full ? window.minus(0) : window;
    One others = full ? recent.minus(window.get(0)) : recent;
    One slowest = us >= longest.us() ? one : longest;
    return new Series(
        most, kept.plus(one), count + 1, one, others.plus(one), total.plus(one), slowest);
  }

  /** From the beginning. */
  Series cleared() {
    return of(most);
  }
}
