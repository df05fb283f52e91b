package halab.runtime;

import halab.kernel.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the loop. Link messages find a fixed number of places and are dropped and counted
 * when none is free, as a network may do; completions, commands and inspections always find one
 * (their number is bounded by what was asked).
 */
public final class Mailbox {
  /** Work for the loop thread that is no event: a look at the state from outside. */
  public interface Inspection {
    void run();
  }

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private long dropped;

  public Mailbox(int capacity) {
    this.capacity = capacity;
  }

  /** A message from a link; false when it was dropped. */
  public boolean offer(Event.Received message) {
    lock.lock();
    try {
      if (waiting.size() >= capacity) {
        dropped++;
        return false;
      }
      waiting.add(message);
      arrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** An outcome, a command or a change of a link: never dropped. */
  public void put(Event event) {
    add(event);
  }

  public void put(Inspection inspection) {
    add(inspection);
  }

  private void add(Object item) {
    lock.lock();
    try {
      waiting.add(item);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The next item, an {@link Event} or an {@link Inspection}; null after {@code waitNs}. */
  Object take(long waitNs) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = waitNs;
      while (waiting.isEmpty() && left > 0) {
        left = arrived.awaitNanos(left);
      }
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next inspection, past all events that wait; null after {@code waitNs}. For a loop that lets
   * no event in and can still be looked at.
   */
  Inspection takeInspection(long waitNs) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = waitNs;
      Inspection found = removeInspection();
      while (found == null && left > 0) {
        left = arrived.awaitNanos(left);
        found = removeInspection();
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  private Inspection removeInspection() {
    for (Iterator<Object> items = waiting.iterator(); items.hasNext(); ) {
      if (items.next() instanceof Inspection inspection) {
        items.remove();
        return inspection;
      }
    }
    return null;
  }

  /** The events that wait now, oldest first. */
  public List<Event> waiting() {
    lock.lock();
    try {
      List<Event> events = new ArrayList<>();
      for (Object item : waiting) {
        if (item instanceof Event event) {
          events.add(event);
        }
      }
      return events;
    } finally {
      lock.unlock();
    }
  }

  /** Whether as much waits as link messages may take up. */
  public boolean full() {
    lock.lock();
    try {
      return waiting.size() >= capacity;
    } finally {
      lock.unlock();
    }
  }

  /** Link messages dropped so far for want of a place. */
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** A wait long enough to mean "until something arrives". */
  static final long FOREVER_NS = TimeUnit.DAYS.toNanos(1);
}
