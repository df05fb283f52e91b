package halab.node.sql;

/** The answer to a proposal. */
public sealed interface Outcome {
  /**
   * The package is durable at this LSN, and {@link Proposal#commitLocally} was called and ended.
   */
  record Committed(long lsn) implements Outcome {}

  /** Nothing of it will ever be seen anywhere; the client is told why. */
  record Refused(SqlError error) implements Outcome {}

  static Outcome committed(long lsn) {
    return new Committed(lsn);
  }

  static Outcome refused(SqlError error) {
    return new Refused(error);
  }
}
