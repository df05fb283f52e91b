package halab.node.sql;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.engine.SessionLocal;
import org.h2.schema.Schema;
import org.h2.schema.Sequence;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * Gives H2's sequences numbers of the {@link SequenceSource}, range by range. Between ranges a
 * sequence is sealed: H2 believes it exhausted, the statement that needs a number fails, gets a
 * range and runs again. What was left of a range when the instance ended is lost.
 */
final class Sequences {
  private static final int FIRST_RANGE = 32;
  private static final int RANGE_MOST = 1_000_000;
  private static final String STATE = "sequence ";

  /** What a sequence is, whatever range H2 holds at the moment. */
  private record Real(
      String counter, long origin, long start, long increment, long least, long most) {
    String text() {
      return origin + " " + start + " " + increment + " " + least + " " + most + " " + counter;
    }

    static Real of(String text) {
      String[] parts = text.split(" ", 6);
      return new Real(
          parts[5],
          Long.parseLong(parts[0]),
          Long.parseLong(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]));
    }
  }

  private final Store store;
  private final SequenceSource source;
  private final Map<String, Real> reals = new ConcurrentHashMap<>();
  private final Map<String, Integer> rangeSizes = new ConcurrentHashMap<>();

  /** Sequences that a session has asked a range for. */
  private final Set<String> filling = new HashSet<>();

  Sequences(Store store, SequenceSource source) {
    this.store = store;
    this.source = source;
    SessionLocal session = store.adminSession();
    adopt(session, -1, false);
    store.commit(session);
    seal();
  }

  /** Takes away what is left of all ranges. */
  synchronized void seal() {
    all().forEach((name, sequence) -> seal(sequence, reals.get(name)));
  }

  private static void seal(Sequence sequence, Real real) {
    sequence.modify(
        null,
        real.start(),
        real.least(),
        real.most(),
        real.increment(),
        Sequence.Cycle.EXHAUSTED,
        null);
  }

  /**
   * Sequences that are new, and those that a definition restarted since {@link #seal} if it may
   * have done so, get a counter of their own, named by the definition's LSN: the same on every
   * instance. Written in the open transaction of this session.
   */
  synchronized void adopt(SessionLocal session, long lsn, boolean restarts) {
    Map<String, Sequence> all = all();
    session.lock();
    try {
      for (String gone : reals.keySet()) {
        if (!all.containsKey(gone)) {
          reals.remove(gone);
          store.putState(session, STATE + gone, null);
        }
      }
      for (Map.Entry<String, Sequence> entry : all.entrySet()) {
        adopt(session, lsn, restarts, entry.getKey(), entry.getValue());
      }
    } finally {
      session.unlock();
    }
  }

  private void adopt(
      SessionLocal session, long lsn, boolean restarts, String name, Sequence sequence) {
    Real real = reals.get(name);
    if (real == null && lsn < 0) {
      String state = store.stateIn(session, STATE + name);
      real = state == null ? null : Real.of(state);
    }
    boolean sealed = sequence.getCycle() == Sequence.Cycle.EXHAUSTED;
    if (real == null || restarts && !sealed) {
      real =
          new Real(
              logicalName(name, sequence) + "@" + lsn,
              sequence.getBaseValue(),
              sequence.getStartValue(),
              sequence.getIncrement(),
              sequence.getMinValue(),
              sequence.getMaxValue());
      store.putState(session, STATE + name, real.text());
    }
    if (real != reals.put(name, real)) {
      seal(sequence, real);
    }
  }

  /** The names that H2 makes up for identity columns differ; the column's own name does not. */
  private String logicalName(String name, Sequence sequence) {
    if (sequence.getBelongsToTable()) {
      for (Table table : sequence.getSchema().getAllTablesAndViews(null)) {
        for (Column column : table.getColumns()) {
          if (column.getSequence() == sequence) {
            return table.getSchema().getName() + "." + table.getName() + "." + column.getName();
          }
        }
      }
    }
    return name;
  }

  private Map<String, Sequence> all() {
    Map<String, Sequence> all = new TreeMap<>();
    for (Schema schema : store.adminSession().getDatabase().getAllSchemasNoMeta()) {
      for (Sequence sequence : schema.getAllSequences()) {
        all.put(schema.getName() + "." + sequence.getName(), sequence);
      }
    }
    return all;
  }

  /**
   * A statement ran into a sealed sequence.
   *
   * @return whether it has numbers now, and the statement may run again
   * @throws SqlFailure when no range is granted
   */
  boolean refill(SQLException exhausted) throws SqlFailure {
    String message = exhausted.getMessage();
    int from = message.indexOf('"');
    String simple = from < 0 ? "" : message.substring(from + 1, message.indexOf('"', from + 1));
    boolean filled = false;
    for (Map.Entry<String, Sequence> entry : all().entrySet()) {
      if (entry.getValue().getName().equals(simple)) {
        filled |= refill(entry.getKey(), entry.getValue());
      }
    }
    return filled;
  }

  /** The package of a grant may come after a definition, which must not wait for us. */
  private boolean refill(String name, Sequence sequence) throws SqlFailure {
    Real real = claimed(name, sequence);
    if (real == null) {
      return reals.containsKey(name);
    }
    try {
      int count = rangeSizes.getOrDefault(name, FIRST_RANGE);
      rangeSizes.put(name, Math.min(count * 2, RANGE_MOST));
      return fill(name, sequence, real, source.next(real.counter(), count), count);
    } finally {
      synchronized (this) {
        filling.remove(name);
        notifyAll();
      }
    }
  }

  /** The sequence if it is ours to fill; null when it is gone, or was filled by another session. */
  private synchronized Real claimed(String name, Sequence sequence) throws SqlFailure {
    while (filling.contains(name)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Gate.closing();
      }
    }
    Real real = reals.get(name);
    if (real == null || sequence.getCycle() != Sequence.Cycle.EXHAUSTED) {
      return null;
    }
    filling.add(name);
    return real;
  }

  private synchronized boolean fill(
      String name, Sequence sequence, Real real, long first, int count) {
    if (reals.get(name) != real) {
      return reals.containsKey(name); // restarted or dropped meanwhile: these numbers are lost
    }
    long from;
    long to;
    try {
      from = Math.addExact(real.origin(), Math.multiplyExact(first, real.increment()));
      to = Math.addExact(from, Math.multiplyExact(count - 1L, real.increment()));
    } catch (ArithmeticException e) {
      return false;
    }
    boolean up = real.increment() > 0;
    to = up ? Math.min(to, real.most()) : Math.max(to, real.least());
    if (up ? from > to : from < to) {
      return false;
    }
    sequence.modify(
        from,
        from,
        up ? Math.min(real.least(), from) : to,
        up ? to : Math.max(real.most(), from),
        real.increment(),
        Sequence.Cycle.NO_CYCLE,
        Math.max(1, (to - from) / real.increment()));
    return true;
  }
}
