package halab.node.sql;

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

  public SqlError error() {
    return error;
  }
}
