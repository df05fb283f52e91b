package halab.node.sql;

/**
 * What a session is at, and what others do to it meanwhile: a client cancels, an applier needs its
 * locks, the instance ends. The session's own thread asks; all others only say what they want.
 */
final class Fate {
  /** What the session does when its fate says so; called with the fate locked, but release. */
  interface Owner {
    void undo();

    void cancelStatement();

    void dispossess(Proposal proposal);

    void release();
  }

  private enum At {
    IDLE,
    STATEMENT,
    ASIDE,
    COMMIT
  }

  private final Owner owner;
  private At at = At.IDLE;
  // Why the transaction was rolled back, until the client is told.
  private SqlError doom;
  private boolean doomTold;
  private boolean asked;
  private boolean cancelled;
  private SqlError ended;
  private boolean closed;
  private Proposal proposal;

  Fate(Owner owner) {
    this.owner = owner;
  }

  /** The session's thread begins to work; {@link #rest} follows in any case. */
  synchronized void work() throws SqlFailure {
    check();
    if (doom != null) {
      SqlError error = doom;
      doom = null;
      throw new SqlFailure(error);
    }
    at = At.STATEMENT;
  }

  /** The client has asked for something: a cancel counts from here, before a statement runs. */
  synchronized void asked() {
    asked = true;
  }

  /** The client has its answer: a cancel that comes now has nothing to end. */
  synchronized void answered() {
    asked = false;
    cancelled = false;
  }

  /** The session's thread has done what it did, and what others wanted meanwhile is done now. */
  void rest() {
    synchronized (this) {
      at = At.IDLE;
      cancelled = false;
      if (doom != null) {
        owner.undo();
        if (doomTold) {
          spare();
        }
      }
      if (!closed) {
        return;
      }
    }
    owner.release();
  }

  /**
   * Within a statement that waits for a package of others to be applied: nothing runs in the engine
   * until {@link #back}, and the locks are there for the taking as between two statements.
   */
  synchronized void aside() {
    at = At.ASIDE;
  }

  synchronized void back() {
    at = At.STATEMENT;
  }

  synchronized void check() throws SqlFailure {
    if (ended != null) {
      throw new SqlFailure(ended);
    }
  }

  synchronized boolean interrupted() {
    return doom != null || cancelled || ended != null;
  }

  /** What was done to this session explains a failure better than what H2 says. */
  synchronized SqlFailure reason(SqlFailure failure) {
    if (ended != null) {
      return new SqlFailure(ended, failure);
    }
    if (doom != null) {
      doomTold = true;
      return new SqlFailure(doom, failure);
    }
    if (cancelled) {
      return new SqlFailure(SqlError.cancelled(), failure);
    }
    return failure;
  }

  /** From here to {@link #decided} nobody but the committer says how it ends. */
  synchronized void deciding(Proposal next) throws SqlFailure {
    if (ended != null || doom != null) {
      throw reason(null);
    }
    at = At.COMMIT;
    proposal = next;
  }

  synchronized void decided() {
    at = At.STATEMENT;
    proposal = null;
    spare();
  }

  /** The transaction that was to be rolled back has ended by itself. */
  synchronized void spare() {
    doom = null;
    doomTold = false;
  }

  synchronized void cancel() {
    if (at == At.STATEMENT || at == At.ASIDE) {
      cancelled = true;
      owner.cancelStatement();
    } else if (at == At.IDLE && asked) {
      cancelled = true;
    }
  }

  synchronized void end(SqlError why) {
    if (ended == null) {
      ended = why;
    }
    if (at == At.STATEMENT) {
      owner.cancelStatement();
    }
  }

  /** An applier needs the locks: now, or when the statement ends. A commit goes on without. */
  void yieldLocks() {
    yieldLocks(SqlError.concurrentUpdate());
  }

  /** As {@link #yieldLocks()}, for this reason. */
  synchronized void yieldLocks(SqlError why) {
    switch (at) {
      case IDLE, ASIDE -> {
        doom = why;
        owner.undo();
      }
      case STATEMENT -> {
        if (doom == null) {
          doom = why;
        }
        owner.cancelStatement();
      }
      case COMMIT -> owner.dispossess(proposal);
    }
  }

  void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      end(Gate.closing().error());
      if (at != At.IDLE) {
        return;
      }
    }
    owner.release();
  }
}
