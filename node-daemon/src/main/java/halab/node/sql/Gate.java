package halab.node.sql;

import java.util.concurrent.TimeUnit;

/** Whether sessions may work: set by the instance's role, passed by every statement and commit. */
public final class Gate {
  /** What the role allows. */
  public enum State {
    STARTING,
    OPEN,
    /** Statements that only read. */
    READ_ONLY,
    SUSPENDED,
    /** Nothing but views over the state of the instance is read. */
    MOUNTED,
    /** Nothing is carried out, for a reason that the role names. */
    REFUSED,
    CLOSED
  }

  private final long suspendedMostMs;
  private State state;
  private String refusal = "";
  private long trustedUntilNs = System.nanoTime() + Long.MAX_VALUE / 2;

  /** Statements wait up to {@code suspendedMostMs} while the gate is suspended, then fail. */
  public Gate(State state, long suspendedMostMs) {
    this.state = state;
    this.suspendedMostMs = suspendedMostMs;
  }

  public synchronized State state() {
    return state;
  }

  /** From now on; who waits is woken. A closed gate stays closed. */
  public synchronized void set(State next) {
    if (state != State.CLOSED) {
      state = next;
      notifyAll();
    }
  }

  /**
   * As {@link #set(State)}; an open gate counts as suspended once this moment of {@link
   * System#nanoTime} is past, because others may have taken the instance for dead by then. A
   * process that was stopped for a while finds it past before anybody could tell the gate.
   */
  public synchronized void set(State next, long trustedUntil) {
    trustedUntilNs = trustedUntil;
    set(next);
  }

  /** As {@link #set(State, long)}; statements are refused with these words while it is REFUSED. */
  public synchronized void set(State next, long trustedUntil, String why) {
    refusal = why;
    set(next, trustedUntil);
  }

  private boolean waits() {
    return state == State.SUSPENDED
        || (state == State.OPEN || state == State.READ_ONLY)
            && System.nanoTime() - trustedUntilNs >= 0;
  }

  /** Returns when the gate is open or READ_ONLY, or says why it is not. */
  State pass() throws SqlFailure {
    State state = enter();
    if (state == State.MOUNTED) {
      throw new SqlFailure(
          new SqlError(
              "57P03",
              "the database is in MOUNT",
              null,
              "V$ views can be read; ALTER DATABASE OPEN opens it."));
    }
    return state;
  }

  /** As {@link #pass}, and returns as well when it is MOUNTED. */
  State enter() throws SqlFailure {
    synchronized (this) {
      long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(suspendedMostMs);
      while (waits()) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        if (leftMs <= 0) {
          throw new SqlFailure(
              SqlError.of("57P03", "the database system is suspended: no answer within the bound"));
        }
        try {
          wait(leftMs);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw closing();
        }
      }
      if (state == State.STARTING) {
        throw new SqlFailure(SqlError.of("57P03", "the database system is starting up"));
      }
      if (state == State.REFUSED) {
        throw new SqlFailure(SqlError.of("57P03", refusal));
      }
      if (state == State.CLOSED) {
        throw closing();
      }
      return state;
    }
  }

  /** Why nothing is changed where nothing may be. */
  public static SqlError standby() {
    return new SqlError(
        "25006",
        "the instance is a STANDBY: it only reads",
        null,
        "Change rows on the PRIMARY; temporary tables are refused here, too.");
  }

  static SqlFailure closing() {
    return new SqlFailure(
        SqlError.of("57P01", "terminating connection due to administrator command"));
  }
}
