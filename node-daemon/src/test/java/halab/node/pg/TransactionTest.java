package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocks, failures within them, savepoints, settings. */
class TransactionTest {
  private static Served served;
  private Connection c;
  private Statement s;

  @BeforeAll
  static void serve() throws Exception {
    served = new Served();
  }

  @AfterAll
  static void end() throws Exception {
    served.close();
  }

  @BeforeEach
  void connect() throws Exception {
    c = served.connect(Map.of("preferQueryMode", "simple"));
    s = c.createStatement();
    s.execute("drop table if exists t; create table t(a int primary key)");
  }

  @Test
  void severalStatementsAreOneTransaction() throws Exception {
    failsWith("23505", "insert into t values (1); insert into t values (1)");
    assertThat(rows()).isZero();
    failsWith("23505", "begin; insert into t values (1); commit; insert into t values (1)");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void aFailedBlockTakesNothingButItsEnd() throws Exception {
    s.execute("begin");
    s.execute("insert into t values (1)");
    failsWith("23505", "insert into t values (1)");
    failsWith("25P02", "select 1");
    failsWith("25P02", "set application_name = 'x'");
    s.execute("commit");
    assertThat((Object) s.getWarnings()).isNull();
    assertThat(rows()).isZero();
    s.execute("insert into t values (2)");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void savepointsKeepWhatStoodBefore() throws Exception {
    c.setAutoCommit(false);
    s.execute("insert into t values (1)");
    Savepoint one = c.setSavepoint("same");
    s.execute("insert into t values (2)");
    c.setSavepoint("same");
    s.execute("insert into t values (3)");
    failsWith("23505", "insert into t values (3)");
    s.execute("rollback to savepoint same");
    assertThat(rows()).isEqualTo(2);
    s.execute("release savepoint same");
    s.execute("rollback to same");
    assertThat(rows()).isEqualTo(1);
    c.releaseSavepoint(one);
    failsWith("3B001", "rollback to same");
    s.execute("rollback");
    c.setAutoCommit(true);
    assertThat(rows()).isZero();
  }

  @Test
  void endsWithoutABeginningAreOnlyWarnedOf() throws Exception {
    s.execute("commit");
    assertThat(s.getWarnings().getSQLState()).isEqualTo("25P01");
    s.execute("begin; begin");
    assertThat(s.getWarnings().getSQLState()).isEqualTo("25001");
    s.execute("rollback");
  }

  /** Whichever way two of them meet at one key, none is told that it is a duplicate. */
  @Test
  void upsertsBesideDeletesMeetNoDuplicates() throws Exception {
    s.execute("alter table t add column n int default 0");
    ExecutorService clients = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String sql =
            i % 2 == 0
                ? "insert into t(a, n) values (1, 1) on conflict (a) do update set n = t.n + 1"
                : "delete from t where a = 1";
        all.add(clients.submit(() -> repeat(sql, 300)));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static Void repeat(String sql, int times) throws SQLException {
    try (Connection own = served.connect(Map.of());
        Statement statement = own.createStatement()) {
      for (int i = 0; i < times; i++) {
        try {
          statement.execute(sql);
        } catch (SQLException e) {
          assertThat(e.getSQLState()).as(e.getMessage()).isIn("40001", "40P01");
        }
      }
    }
    return null;
  }

  @Test
  void readOnlyBlocksChangeNothing() throws Exception {
    s.execute("begin read only");
    failsWith("25006", "insert into t values (1)");
    s.execute("rollback; set default_transaction_read_only = on");
    failsWith("25006", "insert into t values (1)");
    failsWith("25006", "drop table t");
    s.execute("begin read write; insert into t values (1); commit");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void settingsFollowTheirTransaction() throws Exception {
    s.execute("set extra_float_digits = 2");
    s.execute("begin; set extra_float_digits = 3; rollback");
    assertThat(show("extra_float_digits")).isEqualTo("2");
    s.execute("begin; set local extra_float_digits = 1; set application_name to 'me'");
    assertThat(show("extra_float_digits")).isEqualTo("1");
    s.execute("commit");
    assertThat(show("extra_float_digits")).isEqualTo("2");
    assertThat(show("application_name")).isEqualTo("me");
    s.execute("reset all");
    assertThat(show("extra_float_digits")).isNotEqualTo("2");
    assertThat(show("transaction_read_only")).isEqualTo("off");
    assertThat(show("transaction isolation level")).isEqualTo("read committed");
  }

  @Test
  void timesAreShownInTheZoneOfTheSession() throws Exception {
    s.execute("set time zone 'Asia/Shanghai'");
    ResultSet r = s.executeQuery("select timestamptz '2026-01-01 00:00:00+00'");
    r.next();
    assertThat(r.getString(1)).isEqualTo("2026-01-01 08:00:00+08");
    r = s.executeQuery("select '2026-01-01 00:00:00'::timestamptz");
    r.next();
    assertThat(r.getString(1)).isEqualTo("2026-01-01 00:00:00+08");
  }

  @Test
  void aTimeoutEndsTheStatement() throws Exception {
    s.execute("set statement_timeout = '100ms'");
    failsWith(
        "57014", "select count(*) from generate_series(1, 100000000000) as g(x) where x % 7 = 8");
    s.execute("set statement_timeout = 0");
    assertThat(rows()).isZero();
  }

  private void failsWith(String state, String sql) {
    assertThatThrownBy(() -> s.execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  private int rows() throws SQLException {
    try (Connection other = served.connect();
        Statement mine = c.createStatement();
        Statement theirs = other.createStatement()) {
      Statement in = c.getAutoCommit() ? theirs : mine;
      ResultSet r = in.executeQuery("select count(*) from t");
      r.next();
      return r.getInt(1);
    }
  }

  private String show(String name) throws SQLException {
    ResultSet r = s.executeQuery("show " + name);
    r.next();
    return r.getString(1);
  }
}
