package halab.sim;

import java.util.Arrays;

/** What is due when: a binary heap ordered by time, ties in the order of entry. */
final class Agenda {
  private record Entry(long atMs, long seq, Runnable what) {
    boolean before(Entry other) {
      return atMs < other.atMs || (atMs == other.atMs && seq < other.seq);
    }
  }

  private Entry[] heap = new Entry[256];
  private int size;
  private long nextSeq;

  boolean isEmpty() {
    return size == 0;
  }

  /** Time of the earliest entry. */
  long nextAtMs() {
    return heap[0].atMs;
  }

  void add(long at, Runnable what) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    Entry added = new Entry(at, nextSeq++, what);
    int hole = size++;
    while (hole > 0 && added.before(heap[(hole - 1) >>> 1])) {
      heap[hole] = heap[(hole - 1) >>> 1];
      hole = (hole - 1) >>> 1;
    }
    heap[hole] = added;
  }

  /** Takes the earliest entry out. */
  Runnable take() {
    Entry first = heap[0];
    Entry last = heap[--size];
    heap[size] = null;
    if (size > 0) {
      sink(last);
    }
    return first.what;
  }

  /** Puts an entry in place of the earliest one and restores the order below. */
  private void sink(Entry sunk) {
    int hole = 0;
    for (int child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && heap[child + 1].before(heap[child])) {
        child++;
      }
      if (!heap[child].before(sunk)) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = sunk;
  }
}
