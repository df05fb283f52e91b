package halab.bricks;

import java.util.Arrays;

/**
 * Judges liveness by a counter that changes: each look compares every counter with the last one
 * seen and counts the looks without a change. It is told only of looks that really happened, so a
 * judge that could not look (a hung disk, a pause of its own) condemns nobody. Immutable.
 */
public final class Beats {
  /** Counter of a seat that shows none, because nobody has ever written there. */
  public static final long NONE = Long.MIN_VALUE;

  /** Counter of a seat where something stands that nobody can read. */
  public static final long UNREADABLE = Long.MIN_VALUE + 1;

  private final boolean looked;
  private final long[] last;
  private final int[] silent;
  private final int[] unreadable;
  private final boolean[] moved;

  private Beats(boolean looked, long[] last, int[] silent, int[] unreadable, boolean[] moved) {
    this.looked = looked;
    this.last = last;
    this.silent = silent;
    this.unreadable = unreadable;
    this.moved = moved;
  }

  /** Nobody seen yet. */
  public static Beats of(int seats) {
    long[] last = new long[seats];
    Arrays.fill(last, NONE);
    return new Beats(false, last, new int[seats], new int[seats], new boolean[seats]);
  }

  /** After one more look. The first look only learns the counters: an old one never moved. */
  public Beats look(long[] counters) {
    long[] nextLast = last.clone();
    int[] nextSilent = silent.clone();
    int[] nextUnreadable = unreadable.clone();
    boolean[] nextMoved = moved.clone();
    for (int i = 0; i < last.length; i++) {
      boolean hidden = counters[i] == UNREADABLE;
      boolean changed = counters[i] != NONE && !hidden && counters[i] != last[i];
      if (changed) {
        nextLast[i] = counters[i];
      }
      nextSilent[i] = changed && looked ? 0 : silent[i] + 1;
      nextUnreadable[i] = hidden ? unreadable[i] + 1 : 0;
      nextMoved[i] |= changed && looked;
    }
    return new Beats(true, nextLast, nextSilent, nextUnreadable, nextMoved);
  }

  /** Looks in a row at which this seat showed nothing new. */
  public int silent(int seat) {
    return silent[seat];
  }

  /** Looks in a row at which this seat could not be read. */
  public int unreadable(int seat) {
    return unreadable[seat];
  }

  /** Whether its counter was ever seen to change, which an old block on the disk never does. */
  public boolean everMoved(int seat) {
    return moved[seat];
  }
}
