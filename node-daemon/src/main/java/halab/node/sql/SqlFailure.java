package halab.node.sql;

import java.sql.SQLException;

/** A statement or a commit failed; {@link #error()} is what the client is told. */
public final class SqlFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient SqlError error;

  public SqlFailure(SqlError error) {
    this(error, null);
  }

  public SqlFailure(SqlError error, Throwable cause) {
    super(error.sqlState() + ": " + error.message(), cause);
    this.error = error;
  }

  /** What the engine threw, in the words and codes of PostgreSQL. */
  public static SqlFailure of(SQLException e) {
    return Errors.failure(e);
  }

  public SqlError error() {
    return error;
  }
}
