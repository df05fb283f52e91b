package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.node.sql.Gate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vendor's ALTER DATABASE on its way from a driver to the instance. */
class AlterDatabaseTest {
  private static void refused(Statement statement, String text, String state, String why) {
    assertThatThrownBy(() -> statement.execute(text))
        .as(text)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(why)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo(state);
  }

  @Test
  void theInstanceHearsItAndItsAnswerIsTheStatements() throws Exception {
    try (Served served = new Served();
        Connection connection = served.connect();
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("alter database open force")) {
      assertThat(statement.execute("ALTER Database MOUNT;")).as("no rows").isFalse();
      prepared.execute();
      assertThat(served.carriedOut)
          .containsExactly(
              List.of("ALTER", "Database", "MOUNT"), List.of("alter", "database", "open", "force"));
      refused(statement, "alter database no", "55000", "it cannot be");
      statement.execute("select 1");
    }
  }

  @Test
  void itIsNoPartOfATransaction() throws Exception {
    try (Served served = new Served();
        Connection connection = served.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("begin");
      refused(statement, "alter database mount", "25001", "inside a transaction block");
      statement.execute("rollback");
      assertThat(served.carriedOut).isEmpty();
    }
  }

  /** Who was logged in stays so, and others come in: how else would it be opened. */
  @Test
  void itIsCarriedOutInMountWhereTablesAreNotRead() throws Exception {
    try (Served served = new Served();
        Connection before = served.connect();
        Statement old = before.createStatement()) {
      old.execute("create table t(id int primary key)");
      served.gate.set(Gate.State.MOUNTED);
      refused(old, "select * from t", "57P03", "the database is in MOUNT");
      try (Connection connection = served.connect();
          Statement statement = connection.createStatement()) {
        refused(statement, "insert into t values (1)", "57P03", "V$ views can be read");
        refused(statement, "copy t to stdout", "57P03", "in MOUNT");
        statement.execute("alter database open");
      }
      assertThat(served.carriedOut).containsExactly(List.of("alter", "database", "open"));
    }
  }
}
