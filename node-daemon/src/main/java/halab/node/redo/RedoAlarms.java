package halab.node.redo;

/**
 * Hears when the log is full: every segment holds redo that was not released, and appends wait.
 * Called on the writer's thread, which must not be blocked there.
 */
public interface RedoAlarms {
  /** For who does not care. */
  RedoAlarms NONE = new RedoAlarms() {};

  /** A segment is needed; a release up to this LSN frees it. */
  default void full(long neededLsn) {}

  /** Once a second while the log stays full. */
  default void waiting(long neededLsn, long waitedMs) {}

  /** The log goes on. */
  default void released(long waitedMs) {}
}
