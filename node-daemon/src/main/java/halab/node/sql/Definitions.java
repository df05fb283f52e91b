package halab.node.sql;

import halab.kernel.Check;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.schema.Schema;
import org.h2.schema.TriggerObject;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.table.TableType;
import org.h2.util.HasSQL;

/**
 * Runs definitions, one at a time, the same way on the instance where they were said and where they
 * are replayed. One that fails has failed everywhere; its position advances all the same. One that
 * runs a second time, because the process died between it and its position, fails or does nothing.
 */
final class Definitions {
  private static final WriteKey ALL = key("definitions");

  /** What H2 leaves behind when it fails, or dies, while it copies a table to alter it. */
  private static final Pattern COPY = Pattern.compile(".*_COPY_\\d+_\\d+");

  private static final long LOCK_WAIT_MS = 120_000;

  /** These say that the store is broken, not that the definition is wrong. */
  private static final Set<Integer> BROKEN =
      Set.of(
          ErrorCode.GENERAL_ERROR_1,
          ErrorCode.IO_EXCEPTION_1,
          ErrorCode.IO_EXCEPTION_2,
          ErrorCode.FILE_CORRUPTED_1,
          ErrorCode.OUT_OF_MEMORY,
          ErrorCode.DATABASE_IS_CLOSED,
          ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
          ErrorCode.OBJECT_CLOSED);

  private final Database database;
  private final Store store;
  private final LockBreaker breaker;
  private final Connection definer;
  private final SessionLocal session;
  private final Map<Proposal, SqlFailure> failures = new ConcurrentHashMap<>();

  Definitions(Database database, LockBreaker breaker) throws SQLException {
    this.database = database;
    this.store = database.store();
    this.breaker = breaker;
    this.definer = store.connect(Store.CLIENT);
    this.session = (SessionLocal) ((JdbcConnection) definer).getSession();
    definer.setAutoCommit(false);
    attach();
  }

  private static WriteKey key(String text) {
    return new WriteKey(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What changes of rows claim shared, and definitions of the table claim alone. */
  static WriteKey tableKey(String name) {
    return key("table " + name);
  }

  /** What rows that refer to the table claim shared, and who changes very many of it alone. */
  static WriteKey parentsKey(String name) {
    return key("parents " + name);
  }

  /** The proposal of a definition; its outcome is asked with {@link #throwIfFailed}. */
  Proposal proposal(Session user, PreparedSql prepared) throws SqlFailure {
    refuseLossOfKey(prepared.words());
    long base = database.committer().position();
    List<Claim> claims = new ArrayList<>();
    claims.add(new Claim(ALL, false, base));
    boolean wide = prepared.words().has("schema") || prepared.words().has("domain");
    for (Table table : tables()) {
      if (wide || prepared.words().hasName(table.getName())) {
        // It runs after all changes before it, wherever they were made, and conflicts with none.
        claims.add(new Claim(tableKey(table.getName()), false, Long.MAX_VALUE));
      }
    }
    ChangeSet.Definition text = new ChangeSet.Definition(user.schema(), prepared.sql());
    Proposal[] self = new Proposal[1];
    self[0] =
        new Proposal(text, claims, user.slot(), lsn -> runLocally(self[0], text, user.slot(), lsn));
    return self[0];
  }

  private void runLocally(Proposal proposal, ChangeSet.Definition text, int slot, long lsn) {
    try {
      SqlFailure failure = run(text, slot, lsn);
      if (failure != null) {
        failures.put(proposal, failure);
      }
    } catch (SqlFailure | RuntimeException | Error e) {
      database.committer().broken(e);
    }
  }

  void throwIfFailed(Proposal proposal) throws SqlFailure {
    SqlFailure failure = failures.remove(proposal);
    if (failure != null) {
      throw failure;
    }
  }

  /** Rows are replicated by a key: without one, or without its hidden stand-in, they could not. */
  private void refuseLossOfKey(Words words) throws SqlFailure {
    if (!words.has("alter") || !words.has("drop")) {
      return;
    }
    for (Table table : tables()) {
      if (table.findColumn(Layouts.HIDDEN_KEY) == null && words.hasName(table.getName())) {
        boolean key = words.has("primary");
        for (Column column : Layouts.keyIndex(table).getColumns()) {
          key |= words.hasName(column.getName());
        }
        for (org.h2.constraint.Constraint constraint : table.getConstraints()) {
          key |=
              constraint.getConstraintType() == org.h2.constraint.Constraint.Type.PRIMARY_KEY
                  && words.hasName(constraint.getName());
        }
        if (key) {
          throw new SqlFailure(
              SqlError.unsupported(
                  "the primary key of \"" + table.getName() + "\" cannot be dropped or changed",
                  "Create a new table and copy the rows."));
        }
      }
    }
  }

  /** Tables of users. */
  private List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (Schema schema : session.getDatabase().getAllSchemasNoMeta()) {
      if (!schema.getName().equals(Store.SCHEMA)) {
        for (Table table : schema.getAllTablesAndViews(null)) {
          if (table.getTableType() == TableType.TABLE) {
            tables.add(table);
          }
        }
      }
    }
    return tables;
  }

  /**
   * Runs it and advances the position.
   *
   * @return why the definition failed, on every instance alike, or null
   * @throws SqlFailure when the store failed: this instance must not go on
   */
  synchronized SqlFailure run(ChangeSet.Definition text, int slot, long lsn) throws SqlFailure {
    ScheduledFuture<?> first = breaker.watch(session);
    ScheduledFuture<?> second = breaker.watch(store.adminSession());
    try {
      database.definitionLock().close();
      Words words = Words.of(text.sql());
      if (words.has("restart")) {
        database.sequences().seal();
      }
      if (words.has("alter")) {
        detach(words);
      }
      SqlFailure failure = attempt(text, words);
      attach();
      database.sequences().adopt(session, lsn, words.has("restart"));
      store.commit(session, slot, lsn);
      return failure;
    } catch (SQLException e) {
      throw Errors.failure(e);
    } catch (DbException e) {
      throw Errors.failure(DbException.toSQLException(e));
    } finally {
      first.cancel(false);
      second.cancel(false);
      database.definitionLock().open();
    }
  }

  private SqlFailure attempt(ChangeSet.Definition text, Words words) throws SQLException {
    try {
      definer.setSchema(text.schema());
      try {
        patiently(definer, text.sql());
      } catch (SQLException e) {
        if (e.getErrorCode() != ErrorCode.COLUMN_MUST_NOT_BE_NULLABLE_1) {
          throw e;
        }
        forbidNulls(e, words);
        patiently(definer, text.sql());
      }
      return null;
    } catch (SQLException e) {
      if (BROKEN.contains(e.getErrorCode()) || locked(e)) {
        throw e;
      }
      return Errors.failure(e);
    }
  }

  /** In PostgreSQL a column becomes NOT NULL when it becomes part of the primary key. */
  private void forbidNulls(SQLException e, Words words) throws SQLException {
    String column = Errors.quotedName(e.getMessage());
    for (Table table : tables()) {
      if (words.hasName(table.getName())) {
        for (Column key : table.getColumns()) {
          if (key.isNullable() && words.hasName(key.getName()) && words.hasName(column)) {
            String name = table.getSQL(HasSQL.DEFAULT_SQL_FLAGS);
            String sql = "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL";
            patiently(definer, sql.formatted(name, key.getSQL(HasSQL.DEFAULT_SQL_FLAGS)));
          }
        }
      }
    }
  }

  /** Waits for locks longer than H2 does: their holders are being told to yield. */
  private static void patiently(Connection connection, String sql) throws SQLException {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOCK_WAIT_MS);
    while (true) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
        return;
      } catch (SQLException e) {
        if (!locked(e) || System.nanoTime() > deadlineNs) {
          throw e;
        }
      }
    }
  }

  private static boolean locked(SQLException e) {
    return e.getErrorCode() == ErrorCode.LOCK_TIMEOUT_1
        || e.getErrorCode() == ErrorCode.DEADLOCK_1
        || e.getErrorCode() == ErrorCode.CONCURRENT_UPDATE_1;
  }

  /** Gives every table what capture needs: a hidden key if it has no other, and the trigger. */
  private void attach() throws SQLException {
    for (Table table : tables()) {
      if (COPY.matcher(table.getName()).matches()) {
        admin("DROP TABLE IF EXISTS " + table.getSQL(HasSQL.DEFAULT_SQL_FLAGS) + " CASCADE");
      }
    }
    for (Table table : tables()) {
      String name = table.getSQL(HasSQL.DEFAULT_SQL_FLAGS);
      String suffix = "_" + table.getId();
      String schema = table.getSchema().getSQL(HasSQL.DEFAULT_SQL_FLAGS);
      if (Layouts.keyIndex(table) == null) {
        if (table.findColumn(Layouts.HIDDEN_KEY) == null) {
          admin(
              "ALTER TABLE %s ADD COLUMN %s BIGINT INVISIBLE DEFAULT NEXT VALUE FOR %s.rowid NOT NULL"
                  .formatted(name, Layouts.HIDDEN_KEY, Store.SCHEMA));
          attach();
          return;
        }
        admin(
            "CREATE UNIQUE INDEX %s.%s ON %s(%s)"
                .formatted(schema, Layouts.HIDDEN_KEY + suffix, name, Layouts.HIDDEN_KEY));
      }
      if (!CaptureTrigger.on(table)) {
        admin(
            "CREATE TRIGGER %s.%s AFTER INSERT, UPDATE, DELETE ON %s FOR EACH ROW CALL '%s'"
                .formatted(schema, "halab_capture" + suffix, name, CaptureTrigger.class.getName()));
      }
    }
    for (Table table : tables()) {
      Check.that(CaptureTrigger.on(table), "table %s is not captured", table.getName());
    }
  }

  /**
   * H2 copies a table to alter it, and its triggers with it, for which users have no right; and a
   * trigger learns its table's name when it is made. So they are made anew.
   */
  private void detach(Words words) throws SQLException {
    for (Table table : tables()) {
      if (words.hasName(table.getName()) && CaptureTrigger.on(table)) {
        for (TriggerObject trigger : List.copyOf(table.getTriggers())) {
          admin("DROP TRIGGER " + trigger.getSQL(HasSQL.DEFAULT_SQL_FLAGS));
        }
      }
    }
  }

  private void admin(String sql) throws SQLException {
    patiently(store.admin(), sql);
  }
}
