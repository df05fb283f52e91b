package halab.node.pg;

import halab.node.sql.Gate;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The transaction of a session: none, one that a statement opened by itself, a block, a failed
 * block.
 */
final class Block {
  private enum State {
    NONE,
    OPEN,
    FAILED
  }

  private static final int SAVEPOINTS_MOST = 1000;

  private final Session session;
  private final Settings settings;
  private final Out out;
  private final BooleanSupplier standby;
  private final List<String> savepoints = new ArrayList<>();
  private State state = State.NONE;
  private boolean readOnly;

  /**
   * @param standby whether the instance takes no changes now
   */
  Block(Session session, Settings settings, Out out, BooleanSupplier standby) {
    this.standby = standby;
    this.session = session;
    this.settings = settings;
    this.out = out;
  }

  /** As ReadyForQuery tells it. */
  char status() {
    return state == State.NONE ? 'I' : state == State.OPEN ? 'T' : 'E';
  }

  boolean isOpen() {
    return state != State.NONE;
  }

  boolean readOnly() {
    if (standby.getAsBoolean()) {
      return true;
    }
    return isOpen() ? readOnly : Settings.bool("", settings.get("default_transaction_read_only"));
  }

  /** From now on, for the rest of the block. */
  void readOnly(boolean wanted) {
    readOnly = wanted;
  }

  /** Refuses what may not run in a failed block. */
  void admit(boolean endsTransaction) {
    if (state == State.FAILED && !endsTransaction) {
      throw PgError.of(
          "25P02",
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  /** Refuses what changes rows where nothing may be changed. */
  void admitChange(String what) throws SqlFailure {
    if (standby.getAsBoolean()) {
      throw new SqlFailure(Gate.standby());
    }
    if (readOnly()) {
      throw PgError.of("25006", "cannot execute " + what + " in a read-only transaction");
    }
  }

  Answer begin(String tag, Boolean wantReadOnly) {
    if (isOpen()) {
      out.warning("25001", "there is already a transaction in progress");
    } else {
      readOnly = readOnly();
      state = State.OPEN;
    }
    if (wantReadOnly != null) {
      readOnly = wantReadOnly;
    }
    return Answer.done(tag);
  }

  Answer commit(boolean chain) throws SqlFailure {
    if (state == State.FAILED) {
      return rollback(chain);
    }
    demandBlock(chain);
    boolean wasReadOnly = readOnly;
    end(true);
    chain(chain, wasReadOnly);
    return Answer.done("COMMIT");
  }

  Answer rollback(boolean chain) throws SqlFailure {
    demandBlock(chain);
    boolean wasReadOnly = readOnly;
    end(false);
    chain(chain, wasReadOnly);
    return Answer.done("ROLLBACK");
  }

  private void demandBlock(boolean chain) {
    if (!isOpen() && chain) {
      throw PgError.of("25P01", "COMMIT AND CHAIN can only be used in transaction blocks");
    }
    if (!isOpen()) {
      out.warning("25P01", "there is no transaction in progress");
    }
  }

  private void chain(boolean chain, boolean wasReadOnly) {
    if (chain) {
      state = State.OPEN;
      readOnly = wasReadOnly;
    }
  }

  /** What statements opened by themselves is committed; nothing happens within a block. */
  void endStatement() throws SqlFailure {
    if (!isOpen()) {
      end(true);
    }
  }

  private void end(boolean commit) throws SqlFailure {
    boolean committed = false;
    try {
      if (commit) {
        session.commit();
        committed = true;
      } else {
        session.rollback();
      }
    } finally {
      state = State.NONE;
      savepoints.clear();
      settings.transactionEnded(committed);
    }
  }

  /** A statement failed: its transaction with it. Savepoints keep what stood before them. */
  void failed() throws SqlFailure {
    if (!isOpen()) {
      end(false);
    } else if (state == State.OPEN) {
      state = State.FAILED;
      if (savepoints.isEmpty()) {
        session.rollback();
      }
    }
  }

  Answer savepoint(String name) throws SqlFailure {
    demandBlock("SAVEPOINT");
    if (savepoints.size() >= SAVEPOINTS_MOST) {
      throw PgError.of("54000", "too many savepoints").hint("Release them.");
    }
    session.savepoint(place(savepoints.size()));
    savepoints.add(name);
    return Answer.done("SAVEPOINT");
  }

  Answer release(String name) throws SqlFailure {
    demandBlock("RELEASE SAVEPOINT");
    int at = find(name);
    session.releaseSavepoint(place(at));
    savepoints.subList(at, savepoints.size()).clear();
    return Answer.done("RELEASE");
  }

  Answer rollbackTo(String name) throws SqlFailure {
    demandBlock("ROLLBACK TO SAVEPOINT");
    int at = find(name);
    session.rollbackTo(place(at));
    savepoints.subList(at + 1, savepoints.size()).clear();
    state = State.OPEN;
    return Answer.done("ROLLBACK");
  }

  /** A definition committed what was open: savepoints are gone, the block goes on. */
  void committedByDefinition() {
    savepoints.clear();
  }

  private void demandBlock(String what) {
    if (!isOpen()) {
      throw PgError.of("25P01", what + " can only be used in transaction blocks");
    }
  }

  /** The engine's name of a savepoint: names of clients may repeat and hide one another. */
  private static String place(int depth) {
    return "at " + depth;
  }

  private int find(String name) {
    int at = savepoints.lastIndexOf(name);
    if (at < 0) {
      throw PgError.of("3B001", "savepoint \"" + name + "\" does not exist");
    }
    return at;
  }
}
