package halab.node.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.h2.api.ErrorCode;
import org.h2.command.CommandInterface;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.util.TimeZoneProvider;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.tx.Transaction;
import org.h2.table.Table;
import org.h2.table.TableType;

/**
 * One client's session. A transaction begins with the first statement after the last commit or
 * rollback; isolation is read committed. All methods but {@link #cancel}, {@link #close} and {@link
 * #end} are called by one thread at a time.
 */
public final class Session implements AutoCloseable {
  /** A statement waits for row locks this long, then fails with 55P03. */
  public static final long LOCK_WAIT_MS = 30_000;

  /** Longer statements are refused with 54000. Characters. */
  public static final int STATEMENT_CHARS_MOST = 16 << 20;

  /** What a session is at; an applier that needs its locks must know. */
  private enum At {
    IDLE,
    STATEMENT,
    COMMIT
  }

  private final Database database;
  private final int slot;
  private final String user;
  private final JdbcConnection connection;
  private final SessionLocal h2;
  private final Capture capture;
  private final Map<String, Mark> savepoints = new HashMap<>();

  /** A savepoint: H2's, and how many changes were captured before it. */
  private record Mark(Savepoint savepoint, int captured) {}

  private final Object monitor = new Object();
  // Guarded by the monitor:
  private At at = At.IDLE;
  // Why the transaction was rolled back, until the client is told.
  private SqlError doom;
  private boolean doomTold;
  private boolean cancelled;
  private SqlError ended;
  private Proposal proposal;

  Session(Database database, int slot, String user, Connection connection) throws SQLException {
    this.database = database;
    this.slot = slot;
    this.user = user;
    this.connection = (JdbcConnection) connection;
    this.h2 = (SessionLocal) this.connection.getSession();
    this.capture = new Capture(database);
    this.connection.setAutoCommit(false);
    CaptureTrigger.watch(h2, capture);
  }

  /** The name it was opened for. */
  public String user() {
    return user;
  }

  /** Its slot, unique among the sessions of all instances that are open. */
  public int slot() {
    return slot;
  }

  SessionLocal h2() {
    return h2;
  }

  /** Reads one statement and refuses what is not for users. Does not begin a transaction. */
  public PreparedSql prepare(String sql) throws SqlFailure {
    if (sql.length() > STATEMENT_CHARS_MOST) {
      throw new SqlFailure(
          SqlError.of(
              "54000",
              "the statement has "
                  + sql.length()
                  + " characters, at most "
                  + STATEMENT_CHARS_MOST
                  + " are allowed"));
    }
    database.gate().pass();
    checkEnded();
    Words words = Words.of(sql);
    Statements.checkWords(words);
    try {
      // The session keeps it in its cache, so that the second reading below costs nothing.
      CommandInterface command = h2.prepareCommand(sql);
      StatementKind kind;
      try {
        kind = Statements.kind(command.getCommandType(), words);
      } finally {
        command.close();
      }
      PreparedStatement statement =
          kind == StatementKind.DEFINITION ? null : connection.prepareStatement(sql);
      return new PreparedSql(this, sql, kind, words, statement);
    } catch (SQLException e) {
      throw Errors.failure(e);
    } catch (DbException e) {
      throw Errors.failure(DbException.toSQLException(e));
    }
  }

  Result execute(PreparedSql prepared, List<?> values) throws SqlFailure {
    database.gate().pass();
    if (prepared.kind() == StatementKind.DEFINITION) {
      commit();
      return define(prepared);
    }
    enter(At.STATEMENT);
    try {
      capture.statementBegins();
      return run(prepared.statement(), values);
    } finally {
      leave();
    }
  }

  private Result define(PreparedSql prepared) throws SqlFailure {
    enter(At.STATEMENT);
    try {
      Proposal definition = database.definitions().proposal(this, prepared);
      decide(definition);
      database.definitions().throwIfFailed(definition);
      return new Result(null, 0);
    } finally {
      leave();
    }
  }

  private Result run(PreparedStatement statement, List<?> values) throws SqlFailure {
    int captured = capture.size();
    long begunNs = System.nanoTime();
    while (true) {
      try {
        for (int i = 0; i < values.size(); i++) {
          statement.setObject(i + 1, values.get(i));
        }
        boolean rows = statement.execute();
        return rows
            ? new Result(statement.getResultSet(), 0)
            : new Result(null, statement.getLargeUpdateCount());
      } catch (SQLException e) {
        capture.cut(captured);
        boolean again =
            switch (e.getErrorCode()) {
              case ErrorCode.SEQUENCE_EXHAUSTED -> database.sequences().refill(e);
              case ErrorCode.LOCK_TIMEOUT_1 -> elapsedMs(begunNs) < LOCK_WAIT_MS && !interrupted();
              // Meant for a statement before, which ended by itself just then.
              case ErrorCode.STATEMENT_WAS_CANCELED -> !timedOut(begunNs) && !interrupted();
              default -> false;
            };
        if (!again) {
          if (Errors.victim(e)) {
            undo();
          }
          throw reason(Errors.failure(e));
        }
      }
    }
  }

  private static long elapsedMs(long begunNs) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
  }

  private boolean timedOut(long begunNs) {
    int timeoutMs = h2.getQueryTimeout();
    return timeoutMs > 0 && elapsedMs(begunNs) >= timeoutMs;
  }

  private boolean interrupted() {
    synchronized (monitor) {
      return doom != null || cancelled || ended != null;
    }
  }

  /** What was done to this session explains a failure better than what H2 says. */
  private SqlFailure reason(SqlFailure failure) {
    synchronized (monitor) {
      if (ended != null) {
        return new SqlFailure(ended, failure);
      }
      if (doom != null) {
        doomTold = true;
        return new SqlFailure(doom, failure);
      }
      if (cancelled) {
        return new SqlFailure(
            SqlError.of("57014", "canceling statement due to user request"), failure);
      }
    }
    return failure;
  }

  private void enter(At next) throws SqlFailure {
    synchronized (monitor) {
      checkEnded();
      if (doom != null) {
        SqlError error = doom;
        doom = null;
        throw new SqlFailure(error);
      }
      at = next;
      cancelled = false;
    }
  }

  private void leave() {
    synchronized (monitor) {
      at = At.IDLE;
      cancelled = false;
      if (doom != null) {
        undo();
        if (doomTold) {
          doom = null;
          doomTold = false;
        }
      }
    }
  }

  private void checkEnded() throws SqlFailure {
    synchronized (monitor) {
      if (ended != null) {
        throw new SqlFailure(ended);
      }
    }
  }

  /** Whether a transaction is open that has changed rows. */
  public boolean changed() {
    return capture.size() > 0;
  }

  /**
   * Commits. A transaction that changed nothing ends at once, the others when the committer says
   * so; a refused one is rolled back and the reason thrown.
   */
  public void commit() throws SqlFailure {
    enter(At.STATEMENT);
    try {
      savepoints.clear();
      checkCaptured();
      if (capture.size() == 0) {
        database.store().commit(h2);
        return;
      }
      List<Claim> claims = capture.claims();
      ChangeSet changes = capture.changes();
      decide(new Proposal(changes, claims, slot, lsn -> commitRows(lsn, claims, changes)));
    } catch (DbException | MVStoreException e) {
      undo();
      throw Errors.failure(DbException.toSQLException(e));
    } finally {
      leave();
    }
  }

  /**
   * A table that was just made has its trigger a moment later. Who wrote to it in that moment must
   * not commit what no redo knows.
   */
  private void checkCaptured() throws SqlFailure {
    for (Table table : h2.getLocks()) {
      if (table.getTableType() == TableType.TABLE
          && h2.isUpdatedInCurrentTransaction(table)
          && !capture.touched(table.getSchema().getName(), table.getName())) {
        undo();
        throw new SqlFailure(SqlError.concurrentUpdate());
      }
    }
  }

  private void decide(Proposal next) throws SqlFailure {
    try {
      database.gate().pass();
      synchronized (monitor) {
        if (ended != null || doom != null) {
          throw reason(null);
        }
        at = At.COMMIT;
        proposal = next;
      }
    } catch (SqlFailure e) {
      undo();
      throw e;
    }
    try {
      Outcome outcome = database.committer().commit(next);
      if (outcome instanceof Outcome.Refused refused) {
        undo();
        throw reason(new SqlFailure(refused.error()));
      }
    } finally {
      synchronized (monitor) {
        at = At.STATEMENT;
        proposal = null;
        doom = null;
        doomTold = false;
      }
      forget();
    }
  }

  private void commitRows(long lsn, List<Claim> claims, ChangeSet changes) {
    Transaction transaction = h2.getTransaction();
    try {
      database.localCommits().register(lsn, claims);
      database.store().commit(h2, slot, lsn);
    } catch (RuntimeException | Error e) {
      try {
        if (!Errors.victim(e)) {
          throw e;
        }
        // The redo is durable, so it must be: replay it, as any other instance does.
        database.localCommits().withdraw(lsn, claims);
        database.store().abandon(h2, transaction);
        database.apply(changes, slot, lsn);
      } catch (SqlFailure | RuntimeException | Error again) {
        database.committer().broken(again);
      }
    }
  }

  /** Rolls back whatever is open. */
  public void rollback() {
    synchronized (monitor) {
      doom = null;
      doomTold = false;
      undo();
    }
  }

  private void undo() {
    try {
      database.store().rollback(h2);
    } catch (DbException | MVStoreException e) {
      // The store is closed or broken; nothing of this transaction can ever be committed.
    }
    forget();
  }

  private void forget() {
    capture.clear();
    savepoints.clear();
  }

  /** Sets a savepoint; one of the same name is replaced. */
  public void savepoint(String name) throws SqlFailure {
    enter(At.STATEMENT);
    try {
      savepoints.put(name, new Mark(connection.setSavepoint(), capture.size()));
    } catch (SQLException e) {
      throw reason(Errors.failure(e));
    } finally {
      leave();
    }
  }

  /** Forgets a savepoint, not the changes since. */
  public void releaseSavepoint(String name) throws SqlFailure {
    enter(At.STATEMENT);
    try {
      mark(name);
      savepoints.remove(name);
    } finally {
      leave();
    }
  }

  /** Undoes what was done since the savepoint, which stays. */
  public void rollbackTo(String name) throws SqlFailure {
    enter(At.STATEMENT);
    try {
      Mark mark = mark(name);
      connection.rollback(mark.savepoint());
      capture.cut(mark.captured());
    } catch (SQLException e) {
      throw reason(Errors.failure(e));
    } finally {
      leave();
    }
  }

  private Mark mark(String name) throws SqlFailure {
    Mark mark = savepoints.get(name);
    if (mark == null) {
      throw new SqlFailure(SqlError.of("3B001", "savepoint \"" + name + "\" does not exist"));
    }
    return mark;
  }

  /** The schema that unqualified names are looked up in first. */
  public String schema() {
    return h2.getCurrentSchemaName();
  }

  /** Makes this schema, as stored (lower case when it was not quoted), the current one. */
  public void schema(String name) throws SqlFailure {
    try {
      if (name.equals(Store.SCHEMA)) {
        throw new SqlFailure(SqlError.of("42501", "permission denied for schema " + name));
      }
      connection.setSchema(name);
    } catch (SQLException e) {
      throw Errors.failure(e);
    }
  }

  /** Times without a zone are meant there: a zone's name or offset as Java has them. */
  public void timeZone(String zone) {
    h2.setTimeZone(TimeZoneProvider.ofId(zone));
  }

  /** Statements that run longer end with 57014; 0: as long as they like. */
  public void statementTimeoutMs(int timeoutMs) {
    h2.setQueryTimeout(timeoutMs);
  }

  /** Ends the running statement with 57014, if one runs. From any thread. */
  public void cancel() {
    synchronized (monitor) {
      if (at == At.STATEMENT) {
        cancelled = true;
        h2.cancel();
      }
    }
  }

  /** Ends the session: the running statement and all later ones fail with this. From any thread. */
  public void end(SqlError why) {
    synchronized (monitor) {
      ended = why;
      if (at == At.STATEMENT) {
        h2.cancel();
      }
    }
  }

  /**
   * An applier needs locks that this session holds: rolls it back now or as soon as its statement
   * ends. A commit that is decided goes first; the applier waits for it.
   */
  void yieldLocks() {
    synchronized (monitor) {
      switch (at) {
        case IDLE -> {
          doom = SqlError.concurrentUpdate();
          undo();
        }
        case STATEMENT -> {
          if (doom == null) {
            doom = SqlError.concurrentUpdate();
          }
          h2.cancel();
        }
        case COMMIT -> {
          if (proposal != null && database.committer().withdraw(proposal)) {
            doom = SqlError.concurrentUpdate();
          }
        }
      }
    }
  }

  /** Rolls back and frees the slot. Closing again does nothing. */
  @Override
  public void close() {
    if (database.forget(this)) {
      CaptureTrigger.unwatch(h2);
      end(Gate.closing().error());
      undo();
      try {
        connection.close();
      } catch (SQLException e) {
        // The database is gone, and the session with it.
      }
    }
  }
}
