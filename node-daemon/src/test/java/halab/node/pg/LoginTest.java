package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.node.sql.SqlError;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Who gets in, who is sent on, who is cut off. */
class LoginTest {
  @Test
  void aPasswordOpensByScram() throws Exception {
    Verifier stored = Verifier.parse(Verifier.of("s3cret é").text());
    try (Served served = new Served(Users.scram(Map.of("ann", stored)))) {
      try (Connection c = served.connect(Map.of("password", "s3cret é"));
          Statement s = c.createStatement()) {
        ResultSet r = s.executeQuery("select current_user");
        r.next();
        assertThat(r.getString(1)).isEqualTo("ann");
      }
      refuses(served, "28P01", Map.of("password", "wrong"));
      refuses(served, "28P01", Map.of("password", "s3cret é", "user", "bob"));
      assertThat(stored.toString()).doesNotContain(stored.text());
    }
  }

  @Test
  void aVerifierOfPostgresIsRead() {
    String text =
        "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            + ":AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assertThat(Verifier.parse(text).text()).isEqualTo(text);
    assertThatThrownBy(() -> Verifier.parse("md5abc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("md5abc");
  }

  @Test
  void oneClientTooManyIsTold() throws Exception {
    try (Served served = new Served()) {
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < Served.CONNECTIONS_MOST; i++) {
        all.add(served.connect());
      }
      refuses(served, "53300", Map.of());
      all.get(0).close();
      Await.until("a place is free", () -> served.server.sessions() < Served.CONNECTIONS_MOST);
      served.connect().close();
      for (Connection c : all) {
        c.close();
      }
      Await.until("all are gone", () -> served.server.connections() == 0);
      assertThat(served.database.sessions()).isZero();
    }
  }

  @Test
  void whoLooksForThePrimaryFindsIt() throws Exception {
    try (Served standby = new Served();
        Served primary = new Served()) {
      standby.server.readOnly(true);
      String url =
          String.format(
              "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/test?targetServerType=",
              standby.server.port(), primary.server.port());
      Properties ann = new Properties();
      ann.setProperty("user", "ann");
      try (Connection c = DriverManager.getConnection(url + "primary", ann);
          Statement s = c.createStatement()) {
        s.execute("create table here(a int)");
        assertThat(name(s)).isEqualTo(primary.database.name());
      }
      try (Connection c = DriverManager.getConnection(url + "secondary", ann);
          Statement s = c.createStatement()) {
        assertThat(name(s)).isEqualTo(standby.database.name());
        assertThatThrownBy(() -> s.execute("create table there(a int)"))
            .hasMessageContaining("it only reads");
      }
    }
  }

  private static String name(Statement s) throws SQLException {
    ResultSet r = s.executeQuery("select current_database()");
    r.next();
    return r.getString(1);
  }

  @Test
  void aCancelEndsTheStatementAndNotTheSession() throws Exception {
    try (Served served = new Served();
        Connection c = served.connect();
        Statement s = c.createStatement()) {
      CompletableFuture<SQLException> failure =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  s.executeQuery(
                      "select count(*) from generate_series(1, 100000000000) as g(x) where x % 7 = 8");
                  return null;
                } catch (SQLException e) {
                  return e;
                }
              });
      // One that overtakes the statement ends nothing, and the driver's statement sends but one.
      PGConnection client = c.unwrap(PGConnection.class);
      Await.until(
          "it is cancelled",
          () -> {
            try {
              client.cancelQuery();
            } catch (SQLException e) {
              throw new AssertionError(e);
            }
            return failure.isDone();
          });
      assertThat(failure.get().getSQLState()).isEqualTo("57014");
      assertThat(s.executeQuery("select 1").next()).isTrue();
    }
  }

  @Test
  void cutSessionsAreToldWhy() throws Exception {
    try (Served served = new Served();
        Connection idle = served.connect();
        Connection busy = served.connect()) {
      CompletableFuture<String> state =
          CompletableFuture.supplyAsync(
              () ->
                  stateOf(
                      busy,
                      "select count(*) from generate_series(1, 100000000000) as g(x) where x % 7 = 8"));
      Await.until("both are served", () -> served.server.sessions() == 2);
      served.server.cut(SqlError.of("57P02", "the host lost its quorum"));
      assertThat(state.get(10, TimeUnit.SECONDS)).isIn("57P02", "08006");
      assertThat(stateOf(idle, "select 1")).isIn("57P02", "08006");
      Await.until("nobody is left", () -> served.server.connections() == 0);
      served.connect().close();
    }
  }

  private static String stateOf(Connection c, String sql) {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
      return "00000";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  private static void refuses(Served served, String state, Map<String, String> with) {
    assertThatThrownBy(() -> served.connect(with).close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }
}
