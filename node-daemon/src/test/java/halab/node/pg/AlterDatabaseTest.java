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
  void theVendorsProceduresReachTheInstanceInAllForms() throws Exception {
    try (Served served = new Served();
        Connection connection = served.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SP_SET_GLOBAL_DW_STATUS(0, 7)");
      statement.execute("call sp_set_para_value(1, 'ALTER_MODE_STATUS', -1);");
      statement.execute("select sp_set_para_value(1, 'it''s', 0)");
      assertThat(served.carriedOut)
          .containsExactly(
              List.of("SP_SET_GLOBAL_DW_STATUS", "0", "7"),
              List.of("SP_SET_PARA_VALUE", "1", "ALTER_MODE_STATUS", "-1"),
              List.of("SP_SET_PARA_VALUE", "1", "it's", "0"));
      refused(statement, "sp_set_para_value(1, a + 1)", "42601", "numbers and strings");
      refused(statement, "call sp_other(1)", "0A000", "CALL is not supported");
    }
  }

  /** Of an instance that becomes a STANDBY under its sessions. */
  @Test
  void aStandbyReadsAndChangesNothing() throws Exception {
    try (Served served = new Served();
        Connection connection = served.connect();
        Statement statement = connection.createStatement();
        Connection other = served.connect();
        Statement idle = other.createStatement()) {
      statement.execute("create table t(id int primary key)");
      statement.execute("create sequence s");
      statement.execute("insert into t values (1), (2)");
      idle.execute("begin");
      idle.execute("delete from t where id = 2");
      served.gate.set(Gate.State.READ_ONLY);
      served.database.rollbackAll(Gate.standby());
      refused(idle, "commit", "25006", "the instance is a STANDBY");
      for (String change :
          List.of(
              "insert into t values (3)",
              "update t set id = 4",
              "select * from t for update",
              "select nextval('s')",
              "create table u(id int primary key)",
              "truncate table t")) {
        refused(statement, change, "25006", "the instance is a STANDBY");
      }
      try (var rows = statement.executeQuery("select count(*) from t")) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(2);
      }
      statement.execute("select substring('abc' from 1 for 2)");
      served.gate.set(Gate.State.OPEN);
      statement.execute("delete from t where id = 2");
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
