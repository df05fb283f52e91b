package halab.node.sql;

/**
 * An error as a client sees it. The state is a SQLSTATE of PostgreSQL, five characters; detail and
 * hint may be empty, never null.
 */
public record SqlError(String sqlState, String message, String detail, String hint) {
  public static SqlError of(String sqlState, String message) {
    return new SqlError(sqlState, message, "", "");
  }

  /** A feature that is refused on purpose (0A000), with what to do instead. */
  public static SqlError unsupported(String message, String hint) {
    return new SqlError("0A000", message, "", hint);
  }

  /** Another transaction, here or on another instance, changed the same rows first (40001). */
  public static SqlError concurrentUpdate() {
    return of("40001", "could not serialize access due to concurrent update");
  }

  /** The client asked to end its statement (57014). */
  public static SqlError cancelled() {
    return of("57014", "canceling statement due to user request");
  }

  /** The statement ran longer than statement_timeout (57014). */
  public static SqlError timedOut() {
    return of("57014", "canceling statement due to statement timeout");
  }
}
