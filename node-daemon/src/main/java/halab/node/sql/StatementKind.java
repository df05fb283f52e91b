package halab.node.sql;

/** What a statement does. */
public enum StatementKind {
  /** Gives rows. (Some also change rows: {@code SELECT ... FROM FINAL TABLE (INSERT ...)}.) */
  QUERY,
  /** Changes rows, gives a count. */
  CHANGE,
  /** Defines things or truncates: commits what is open, is a package of its own. */
  DEFINITION
}
