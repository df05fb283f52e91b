package halab.node.sql;

import halab.kernel.Check;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.h2.api.ErrorCode;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.tx.Transaction;
import org.h2.result.LocalResult;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;

/**
 * Writes the rows of packages below SQL: no triggers, no constraints, no defaults. What a package
 * says was checked where it was made.
 */
final class RowApplier {
  /** Packages in one transaction of H2, at most. */
  private static final int BATCH_MOST = 200;

  /**
   * H2's lock timeout here: longer than that of users' sessions, so that a holder that waits for a
   * lock itself has its chance to yield before others of the table must.
   */
  private static final int LOCK_MS = 1000;

  /** For a local commit that is decided but not done, or a session that is told to yield. */
  private static final long WAIT_MS = 60_000;

  /** A row that is not there may be on its way: a local commit below this LSN is not done yet. */
  private static final long MISSING_WAIT_MS = 5_000;

  /** A row is not what the package says. */
  private static final class Diverged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Diverged(String message) {
      super(message);
    }
  }

  private final Database database;
  private final Store store;
  private final LockBreaker breaker;
  private final Connection connection;
  private final SessionLocal session;

  RowApplier(Database database, LockBreaker breaker) throws SQLException {
    this.database = database;
    this.store = database.store();
    this.breaker = breaker;
    this.connection = store.connect(Store.ADMIN);
    connection.setAutoCommit(false);
    this.session = (SessionLocal) ((JdbcConnection) connection).getSession();
    session.setLockTimeout(LOCK_MS);
  }

  synchronized void applyAll(List<Replay> packages) throws SqlFailure {
    List<Replay> batch = new ArrayList<>();
    for (Replay next : packages) {
      if (next.changes() instanceof ChangeSet.Definition definition) {
        flush(batch);
        if (next.lsn() > store.applied(next.slot())) {
          // That it failed, where it was said and here alike, is no failure of applying it.
          database.definitions().run(definition, next.slot(), next.lsn());
        }
      } else if (next.changes() instanceof ChangeSet.Counter counter) {
        flush(batch);
        if (next.lsn() > store.applied(next.slot())) {
          database.counters().apply(counter, next.slot(), next.lsn());
        }
      } else {
        batch.add(next);
        if (batch.size() >= BATCH_MOST) {
          flush(batch);
        }
      }
    }
    flush(batch);
  }

  private void flush(List<Replay> batch) throws SqlFailure {
    if (batch.isEmpty()) {
      return;
    }
    long begunNs = System.nanoTime();
    ScheduledFuture<?> watch = breaker.watch(session);
    try {
      while (!attempt(batch, begunNs)) {
        pause();
      }
    } finally {
      watch.cancel(false);
    }
    batch.clear();
  }

  /** True when all is committed; false when it is to be tried again. */
  private boolean attempt(List<Replay> batch, long begunNs) throws SqlFailure {
    List<Replay> done = new ArrayList<>();
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
    session.lock();
    Session before = session.setThreadLocalSession();
    Transaction transaction = session.getTransaction();
    try {
      for (Replay next : batch) {
        if (next.lsn() > store.applied(next.slot())) {
          rows(((ChangeSet.Rows) next.changes()).changes(), waitedMs > 0);
          store.putPosition(session, next.slot(), next.lsn());
          done.add(next);
        }
      }
      session.commit(false);
      done.forEach(d -> store.committed(d.slot(), d.lsn()));
      return true;
    } catch (Diverged e) {
      store.abandon(session, transaction);
      if (waitedMs > MISSING_WAIT_MS) {
        throw diverged(batch, e);
      }
      return false;
    } catch (DbException | MVStoreException e) {
      store.abandon(session, transaction);
      SQLException sql = DbException.toSQLException(e);
      if (!again(sql) || waitedMs > WAIT_MS) {
        throw sql.getErrorCode() == ErrorCode.DUPLICATE_KEY_1
            ? diverged(batch, sql)
            : Errors.failure(sql);
      }
      return false;
    } finally {
      session.resetThreadLocalSession(before);
      session.unlock();
    }
  }

  private static boolean again(SQLException e) {
    return e.getErrorCode() == ErrorCode.LOCK_TIMEOUT_1
        || e.getErrorCode() == ErrorCode.CONCURRENT_UPDATE_1
        || Errors.victim(e);
  }

  /** Lets others in: what is waited for may be the replay of a local commit. */
  private void pause() {
    try {
      wait(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SqlFailure diverged(List<Replay> batch, Exception e) {
    return new SqlFailure(
        new SqlError(
            "XX001",
            "packages "
                + batch.get(0).lsn()
                + " to "
                + batch.get(batch.size() - 1).lsn()
                + " do not fit this database: "
                + e.getMessage(),
            "",
            "This database has diverged or is damaged. Load a checkpoint image of another"
                + " instance."),
        e);
  }

  /** Old rows go before new ones come, so that values of unique keys may change places. */
  private void rows(List<ChangeSet.Change> changes, boolean waited) {
    session.startStatementWithinTransaction(null);
    try {
      Map<Table, LocalResult> updates = new LinkedHashMap<>();
      List<Row> inserts = new ArrayList<>();
      List<Table> insertTables = new ArrayList<>();
      for (ChangeSet.Change change : changes) {
        Table table = table(change.table());
        table.lock(session, Table.WRITE_LOCK);
        if (waited) {
          breaker.free(table);
        }
        switch (change.kind()) {
          case DELETE -> table.removeRow(session, find(table, change.values(), false));
          case UPDATE -> {
            Row old = find(table, change.values(), true);
            Row now = row(table, change.values());
            now.setKey(old.getKey());
            LocalResult pairs =
                updates.computeIfAbsent(table, t -> LocalResult.forTable(session, t));
            pairs.addRowForTable(old);
            pairs.addRowForTable(now);
          }
          case INSERT -> {
            inserts.add(row(table, change.values()));
            insertTables.add(table);
          }
        }
      }
      updates.forEach(this::update);
      for (int i = 0; i < inserts.size(); i++) {
        insertTables.get(i).addRow(session, inserts.get(i));
      }
    } finally {
      session.endStatement();
    }
  }

  private void update(Table table, LocalResult pairs) {
    try (pairs) {
      pairs.done();
      table.updateRows(session, pairs, () -> {});
    }
  }

  private Table table(ChangeSet.TableName name) {
    Table table = null;
    if (session.getDatabase().findSchema(name.schema()) != null) {
      table = session.getDatabase().getSchema(name.schema()).findTableOrView(session, name.name());
    }
    if (table == null) {
      throw new Diverged("table " + name + " is not there");
    }
    return table;
  }

  /** The row of this key; {@code whole}: the values are those of a whole row. */
  private Row find(Table table, Value[] values, boolean whole) {
    Index index = Layouts.keyIndex(table);
    int[] key = Layouts.keyColumns(index);
    checkCount(table, values, whole ? table.getColumns().length : key.length);
    Row search = table.getTemplateRow();
    for (int i = 0; i < key.length; i++) {
      Value value = values[whole ? key[i] : i];
      search.setValue(key[i], value.convertTo(table.getColumn(key[i]).getType(), session));
    }
    if (index.isRowIdIndex() || index == table.getScanIndex(session)) {
      search.setKey(search.getValue(key[0]).getLong());
    }
    Cursor cursor = index.find(session, search, search, false);
    if (!cursor.next()) {
      throw new Diverged("a row of table " + table.getName() + " is not there");
    }
    return cursor.get();
  }

  private Row row(Table table, Value[] values) {
    Column[] columns = table.getColumns();
    checkCount(table, values, columns.length);
    Value[] converted = new Value[columns.length];
    for (int i = 0; i < columns.length; i++) {
      converted[i] = values[i].convertTo(columns[i].getType(), session);
    }
    return table.createRow(converted, Row.MEMORY_CALCULATE);
  }

  private static void checkCount(Table table, Value[] values, int expected) {
    if (values.length != expected) {
      throw new Diverged(
          "table "
              + table.getName()
              + " has "
              + expected
              + " columns, the package "
              + values.length);
    }
    Check.that(values.length > 0, "a change of table %s without values", table.getName());
  }
}
