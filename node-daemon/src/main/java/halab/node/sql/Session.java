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
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.tx.Transaction;
import org.h2.util.TimeZoneProvider;

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

  private final Database database;
  private final int slot;
  private final String user;
  private final JdbcConnection connection;
  private final SessionLocal h2;
  private final Capture capture;
  private final Map<String, Mark> savepoints = new HashMap<>();

  /** A savepoint: H2's, and how many changes were captured before it. */
  private record Mark(Savepoint savepoint, int captured) {}

  /** Whether the open transaction may hold locks of rows: it ran what does not only read. */
  private volatile boolean locked;

  private final Fate fate = new Fate(new Hooks());

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
    Gate.State allows = database.gate().enter();
    fate.check();
    Words words = Words.of(sql);
    Statements.checkWords(words);
    while (!database.definitionLock().enter(this)) {
      fate.check();
    }
    try {
      if (allows == Gate.State.MOUNTED) {
        demandViewsOnly(sql);
      }
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
    } finally {
      database.definitionLock().leave(this);
    }
  }

  /** In MOUNT: refuses what does more than read views over the state of the instance. */
  private void demandViewsOnly(String sql) throws SqlFailure {
    try {
      if (!StateViews.alone(h2, sql)) {
        database.gate().pass();
      }
    } catch (DbException e) {
      throw Errors.failure(DbException.toSQLException(e));
    }
  }

  Result execute(PreparedSql prepared, List<?> values) throws SqlFailure {
    Gate.State allows = database.gate().enter();
    if (allows == Gate.State.MOUNTED) {
      demandViewsOnly(prepared.sql());
    }
    boolean reads = readsOnly(prepared);
    if (allows == Gate.State.READ_ONLY && !reads) {
      throw new SqlFailure(Gate.standby());
    }
    if (prepared.kind() == StatementKind.DEFINITION) {
      heedCancel();
      commit();
      return define(prepared);
    }
    fate.work();
    try {
      locked |= !reads;
      // The mode may have changed before that was noted.
      if (!reads && database.gate().state() == Gate.State.READ_ONLY) {
        throw new SqlFailure(Gate.standby());
      }
      capture.statementBegins();
      return run(prepared.statement(), values);
    } finally {
      fate.rest();
    }
  }

  /** Whether it takes no lock of a row, changes none and draws no number. */
  private static boolean readsOnly(PreparedSql prepared) {
    Words words = prepared.words();
    return prepared.kind() == StatementKind.QUERY
        && !words.has("for", "update")
        && !words.has("for", "share")
        && !words.has("final", "table")
        && !words.has("next", "value")
        && !words.hasName("nextval")
        && !words.has("explain", "analyze");
  }

  private void heedCancel() throws SqlFailure {
    fate.work();
    try {
      throwIfInterrupted();
    } finally {
      fate.rest();
    }
  }

  private Result define(PreparedSql prepared) throws SqlFailure {
    fate.work();
    try {
      Proposal definition = database.definitions().proposal(this, prepared);
      decide(definition);
      database.definitions().throwIfFailed(definition);
      return new Result(null, 0);
    } finally {
      fate.rest();
    }
  }

  private Result run(PreparedStatement statement, List<?> values) throws SqlFailure {
    int captured = capture.size();
    SessionLocal.Savepoint before = database.store().savepoint(h2);
    long begunNs = System.nanoTime();
    while (true) {
      try {
        for (int i = 0; i < values.size(); i++) {
          statement.setObject(i + 1, values.get(i));
        }
        return attempt(statement, captured, before, begunNs);
      } catch (SQLException e) {
        capture.cut(captured);
        database.store().rolledBackInPart(h2);
        if (!again(e, begunNs)) {
          if (Errors.victim(e)) {
            undo();
          }
          throw fate.reason(reason(e, begunNs));
        }
      }
    }
  }

  private SqlFailure reason(SQLException e, long begunNs) {
    boolean waited = e.getErrorCode() == ErrorCode.LOCK_TIMEOUT_1 && timedOut(begunNs);
    return waited || e.getErrorCode() == ErrorCode.STATEMENT_WAS_CANCELED
        ? new SqlFailure(SqlError.timedOut(), e)
        : Errors.failure(e);
  }

  private Result attempt(
      PreparedStatement statement, int captured, SessionLocal.Savepoint before, long begunNs)
      throws SQLException, SqlFailure {
    while (!database.definitionLock().enter(this)) {
      if (fate.interrupted() || timedOut(begunNs)) {
        throw fate.reason(new SqlFailure(SqlError.timedOut()));
      }
    }
    try {
      throwIfInterrupted();
      boolean rows = statement.execute();
      checkParents(captured, before);
      return rows
          ? new Result(statement.getResultSet(), 0)
          : new Result(null, statement.getLargeUpdateCount());
    } finally {
      database.definitionLock().leave(this);
    }
  }

  /** What came before the engine runs the statement is unknown to the engine. */
  private void throwIfInterrupted() throws SqlFailure {
    if (fate.interrupted()) {
      throw fate.reason(new SqlFailure(SqlError.cancelled()));
    }
  }

  private boolean again(SQLException e, long begunNs) throws SqlFailure {
    return switch (e.getErrorCode()) {
      case ErrorCode.SEQUENCE_EXHAUSTED -> refilled(e);
      case ErrorCode.LOCK_TIMEOUT_1 ->
          elapsedMs(begunNs) < LOCK_WAIT_MS && !timedOut(begunNs) && !fate.interrupted();
      // Meant for a statement before, which ended by itself just then.
      case ErrorCode.STATEMENT_WAS_CANCELED -> !timedOut(begunNs) && !fate.interrupted();
      default -> false;
    };
  }

  /** A range is granted by a package, which may come after one that needs our locks. */
  private boolean refilled(SQLException exhausted) throws SqlFailure {
    fate.aside();
    boolean filled;
    try {
      filled = database.sequences().refill(exhausted);
    } finally {
      fate.back();
    }
    if (fate.interrupted()) {
      throw fate.reason(new SqlFailure(SqlError.concurrentUpdate()));
    }
    return filled;
  }

  /** While one session cascades, H2 checks that foreign key in no session at all. */
  private void checkParents(int captured, SessionLocal.Savepoint before) throws SqlFailure {
    List<Capture.Child> children = capture.unchecked(captured);
    if (children.isEmpty()) {
      return;
    }
    try {
      ParentCheck.check(h2, children);
    } catch (SqlFailure | DbException e) {
      database.store().rollbackTo(h2, before);
      capture.cut(captured);
      throw e instanceof SqlFailure failure
          ? failure
          : Errors.failure(DbException.toSQLException(e));
    }
  }

  private static long elapsedMs(long begunNs) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
  }

  private boolean timedOut(long begunNs) {
    int timeoutMs = h2.getQueryTimeout();
    return timeoutMs > 0 && elapsedMs(begunNs) >= timeoutMs;
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
    fate.work();
    try {
      savepoints.clear();
      if (capture.size() == 0) {
        database.store().commit(h2);
        locked = false;
        fate.spare();
        return;
      }
      List<Claim> claims = capture.claims();
      ChangeSet changes = capture.changes();
      decide(
          new Proposal(
              changes,
              claims,
              slot,
              lsn -> commitRows(lsn, claims, changes),
              lsn -> replayRows(lsn, changes)));
    } catch (DbException | MVStoreException e) {
      undo();
      throw Errors.failure(DbException.toSQLException(e));
    } finally {
      fate.rest();
    }
  }

  private void decide(Proposal next) throws SqlFailure {
    try {
      if (database.gate().pass() == Gate.State.READ_ONLY) {
        throw new SqlFailure(Gate.standby());
      }
      fate.deciding(next);
    } catch (SqlFailure e) {
      undo();
      throw e;
    }
    try {
      Outcome outcome = database.committer().commit(next);
      if (outcome instanceof Outcome.Refused refused) {
        undo();
        throw fate.reason(new SqlFailure(refused.error()));
      }
    } finally {
      fate.decided();
      forget();
    }
  }

  private void commitRows(long lsn, List<Claim> claims, ChangeSet changes) {
    Transaction transaction = h2.getTransaction();
    try {
      database.localCommits().register(lsn, claims);
      database.store().commit(h2, slot, lsn);
    } catch (RuntimeException | Error e) {
      if (!Errors.victim(e)) {
        database.committer().broken(e);
        return;
      }
      try {
        database.localCommits().withdraw(lsn, claims);
        database.store().abandon(h2, transaction);
      } catch (RuntimeException | Error again) {
        database.committer().broken(again);
        return;
      }
      replayRows(lsn, changes);
    }
  }

  /** The transaction is gone, the redo is durable: replays it, as any other instance does. */
  private void replayRows(long lsn, ChangeSet changes) {
    try {
      database.apply(changes, slot, lsn);
    } catch (SqlFailure | RuntimeException | Error e) {
      database.committer().broken(e);
    }
  }

  /** Rolls back whatever is open. */
  public void rollback() {
    synchronized (fate) {
      fate.spare();
      undo();
    }
  }

  private void undo() {
    rollbackRows();
    forget();
  }

  private void rollbackRows() {
    try {
      database.store().rollback(h2);
    } catch (DbException | MVStoreException e) {
      // The store is closed or broken; nothing of this transaction can ever be committed.
    }
  }

  private void forget() {
    capture.clear();
    savepoints.clear();
    locked = false;
  }

  /** Sets a savepoint; one of the same name is replaced. */
  public void savepoint(String name) throws SqlFailure {
    fate.work();
    try {
      savepoints.put(name, new Mark(connection.setSavepoint(), capture.size()));
    } catch (SQLException e) {
      throw fate.reason(Errors.failure(e));
    } finally {
      fate.rest();
    }
  }

  /** Forgets a savepoint, not the changes since. */
  public void releaseSavepoint(String name) throws SqlFailure {
    fate.work();
    try {
      mark(name);
      savepoints.remove(name);
    } finally {
      fate.rest();
    }
  }

  /** Undoes what was done since the savepoint, which stays. */
  public void rollbackTo(String name) throws SqlFailure {
    fate.work();
    try {
      Mark mark = mark(name);
      connection.rollback(mark.savepoint());
      database.store().rolledBackInPart(h2);
      capture.cut(mark.captured());
    } catch (SQLException e) {
      throw fate.reason(Errors.failure(e));
    } finally {
      fate.rest();
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

  /** The client has asked for something: {@link #cancel} counts from here to {@link #answered}. */
  public void asked() {
    fate.asked();
  }

  /** The client has been told that all it asked for is done. */
  public void answered() {
    fate.answered();
  }

  /**
   * Ends the statement that runs, or is about to run for what was {@linkplain #asked asked}, with
   * 57014. From any thread.
   */
  public void cancel() {
    fate.cancel();
  }

  /** Ends the session: the running statement and all later ones fail with this. From any thread. */
  public void end(SqlError why) {
    fate.end(why);
  }

  /**
   * An applier needs locks that this session holds: rolls it back now or as soon as its statement
   * ends. One that is being committed loses its locks, too; if it is decided so, its changes are
   * replayed.
   */
  void yieldLocks() {
    fate.yieldLocks();
  }

  /** The instance takes no changes any more: rolls back, as {@link #yieldLocks} does. */
  void rollbackIfChanged(SqlError why) {
    if (locked) {
      fate.yieldLocks(why);
    }
  }

  /**
   * Rolls back and frees the slot; what runs ends first, a commit as the committer decides. From
   * any thread, waits for nothing. Closing again does nothing.
   */
  @Override
  public void close() {
    fate.close();
  }

  /** What its fate has it do. */
  private final class Hooks implements Fate.Owner {
    @Override
    public void undo() {
      Session.this.undo();
    }

    @Override
    public void cancelStatement() {
      h2.cancel();
    }

    @Override
    public void dispossess(Proposal proposal) {
      if (proposal.dispossess()) {
        rollbackRows();
      }
    }

    @Override
    public void release() {
      CaptureTrigger.unwatch(h2);
      Session.this.undo();
      try {
        connection.close();
      } catch (SQLException e) {
        // The database is gone, and the session with it.
      }
      database.forget(Session.this);
    }
  }
}
