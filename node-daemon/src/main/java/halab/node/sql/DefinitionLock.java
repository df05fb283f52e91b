package halab.node.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps statements out while a definition runs. H2 makes an altered table anew, its triggers last,
 * and shows every step to whoever reads or runs a statement meanwhile: it would miss the table, or
 * write to one that is not captured yet. Statements are inside only while H2 reads or runs them,
 * not from one to the next, so that a definition never waits for a client's next word.
 */
final class DefinitionLock {
  /** A definition lets statements that run already go on this long, then they end with 40001. */
  static final long PATIENCE_MS = 2_000;

  private static final long LOOK_MS = 20;

  private final Set<Session> inside = new HashSet<>();
  private boolean closed;

  /** Waits for one look at most; when it is true, {@link #leave} follows. */
  synchronized boolean enter(Session session) throws SqlFailure {
    if (closed) {
      look();
    }
    return !closed && inside.add(session);
  }

  synchronized void leave(Session session) {
    inside.remove(session);
    if (closed && inside.isEmpty()) {
      notifyAll();
    }
  }

  /** Keeps statements out until {@link #open}; waits for those inside. One definition at a time. */
  void close() throws SqlFailure {
    long patientUntilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    List<Session> late = shut();
    while (!late.isEmpty()) {
      if (System.nanoTime() - patientUntilNs >= 0) {
        late.forEach(Session::yieldLocks);
      }
      late = shut();
    }
  }

  private synchronized List<Session> shut() throws SqlFailure {
    closed = true;
    if (!inside.isEmpty()) {
      look();
    }
    return List.copyOf(inside);
  }

  synchronized void open() {
    closed = false;
    notifyAll();
  }

  private void look() throws SqlFailure {
    try {
      wait(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Gate.closing();
    }
  }
}
