package halab.node.pg;

/**
 * What a client is told went wrong. Severity ERROR ends the statement, FATAL ends the session.
 *
 * <p>Not a checked exception: everything between the place that finds the fault and the one loop
 * that reports it has nothing to add.
 */
final class PgError extends RuntimeException {
  final boolean fatal;
  final String sqlState;
  final String detail;
  final String hint;

  /** Place in the statement, counted in characters from 1; 0 when unknown. */
  final int position;

  private PgError(
      boolean fatal, String sqlState, String message, String detail, String hint, int position) {
    super(message, null, false, false);
    this.fatal = fatal;
    this.sqlState = sqlState;
    this.detail = detail;
    this.hint = hint;
    this.position = position;
  }

  static PgError of(String sqlState, String message) {
    return new PgError(false, sqlState, message, "", "", 0);
  }

  static PgError fatal(String sqlState, String message) {
    return new PgError(true, sqlState, message, "", "", 0);
  }

  /** The client broke the protocol: what it sends next cannot be trusted. */
  static PgError protocol(String message) {
    return fatal("08P01", message);
  }

  PgError detail(String text) {
    return new PgError(fatal, sqlState, getMessage(), text, hint, position);
  }

  PgError hint(String text) {
    return new PgError(fatal, sqlState, getMessage(), detail, text, position);
  }

  PgError position(int characters) {
    return new PgError(fatal, sqlState, getMessage(), detail, hint, characters);
  }

  String severity() {
    return fatal ? "FATAL" : "ERROR";
  }
}
