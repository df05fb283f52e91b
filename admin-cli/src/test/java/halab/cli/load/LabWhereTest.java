package halab.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Clients of a lab ask each instance who it is. */
class LabWhereTest {
  private final H2Where places = new H2Where();
  private final LabWhere lab = new LabWhere(places);

  private void instance(String... names) throws SQLException {
    try (Connection connection = places.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table v$instance(instance_name varchar)");
      for (String name : names) {
        statement.execute("insert into v$instance values ('" + name + "')");
      }
    }
  }

  @Test
  void anInstanceSaysItsName() throws SQLException {
    instance("DSC1");
    try (Connection connection = lab.connection()) {
      assertThat(lab.address(connection)).isEqualTo("DSC1");
    }
  }

  @Test
  void askingLeavesNoTransactionOpen() throws SQLException {
    instance("DSC0");
    try (Connection connection = lab.connection();
        Connection other = lab.connection();
        Statement statement = other.createStatement()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      lab.address(connection);
      statement.execute("update v$instance set instance_name = 'DSC1'");
      assertThat(lab.address(connection)).as("a new snapshot").isEqualTo("DSC1");
    }
  }

  @Test
  void anInstanceThatDoesNotSayIsNobody() throws SQLException {
    instance();
    try (Connection connection = lab.connection()) {
      assertThatThrownBy(() -> lab.address(connection))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("who it is");
    }
  }
}
