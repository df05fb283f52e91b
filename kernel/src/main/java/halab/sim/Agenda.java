package halab.sim;

import java.util.Arrays;

/** What is due when: a binary heap ordered by time, ties in the order of entry. */
final class Agenda {
  private long[] atMs = new long[256];
  private long[] seqs = new long[256];
  private Runnable[] what = new Runnable[256];
  private int size;
  private long nextSeq;

  boolean isEmpty() {
    return size == 0;
  }

  /** Time of the earliest entry. */
  long nextAtMs() {
    return atMs[0];
  }

  void add(long at, Runnable item) {
    if (size == what.length) {
      atMs = Arrays.copyOf(atMs, size * 2);
      seqs = Arrays.copyOf(seqs, size * 2);
      what = Arrays.copyOf(what, size * 2);
    }
    int child = size++;
    long seq = nextSeq++;
    while (child > 0) {
      int parent = (child - 1) >>> 1;
      if (atMs[parent] <= at) { // an equal time came earlier: its number is lower
        break;
      }
      move(parent, child);
      child = parent;
    }
    put(child, at, seq, item);
  }

  /** Takes the earliest entry out. */
  Runnable take() {
    Runnable first = what[0];
    size--;
    long at = atMs[size];
    long seq = seqs[size];
    Runnable item = what[size];
    what[size] = null;
    if (size > 0) {
      sink(at, seq, item);
    }
    return first;
  }

  private void sink(long at, long seq, Runnable item) {
    int hole = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && before(atMs[child + 1], seqs[child + 1], child)) {
        child++;
      }
      if (!before(atMs[child], seqs[child], at, seq)) {
        break;
      }
      move(child, hole);
      hole = child;
      child = 2 * hole + 1;
    }
    put(hole, at, seq, item);
  }

  private boolean before(long at, long seq, int other) {
    return before(at, seq, atMs[other], seqs[other]);
  }

  private static boolean before(long at, long seq, long otherAt, long otherSeq) {
    return at < otherAt || (at == otherAt && seq < otherSeq);
  }

  private void move(int from, int to) {
    put(to, atMs[from], seqs[from], what[from]);
  }

  private void put(int place, long at, long seq, Runnable item) {
    atMs[place] = at;
    seqs[place] = seq;
    what[place] = item;
  }
}
