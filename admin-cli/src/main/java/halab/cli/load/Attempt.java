package halab.cli.load;

import halab.cli.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One operation on a connection. It knows whether the statement that decides, the commit or the
 * only one, has been sent: before that an error of any kind means that nothing happened.
 */
final class Attempt {
  private final Connection connection;
  private boolean deciding;

  Attempt(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /** The next statement decides. */
  void deciding() {
    deciding = true;
  }

  void commit() throws SQLException {
    deciding();
    connection.commit();
  }

  /** True if this error leaves no doubt that nothing was changed. */
  boolean surelyFailed(SQLException error) {
    return !deciding || SqlErrors.aborts(error);
  }
}
