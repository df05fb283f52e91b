package halab.cli.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** Where a console's statements go. */
interface SqlSource {
  /** The connection; made again when the one before was lost. */
  Connection connection() throws SQLException;

  /** What the user is told of a statement that failed, and what is done about it. */
  default String failed(SQLException error) {
    return "ERROR " + error.getSQLState() + ": " + SqlConsole.text(error);
  }
}
