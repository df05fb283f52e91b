package halab.node.sql;

/** Decides over commits: conflicts, order, durability. The engine behind it never decides. */
public interface Committer {
  /**
   * Decides over the proposal; the calling session's thread waits. After the redo is durable it
   * calls {@link Proposal#commitLocally} exactly once, on any thread, before it answers. A proposal
   * of a definition is committed locally only when every package below its LSN is visible here.
   */
  Outcome commit(Proposal proposal);

  /**
   * The LSN up to which every package, of this and of other instances, is visible to statements
   * here. Called at every changed row: cheap, and never waits.
   */
  long position();

  /**
   * Whether the engine behind it is the only one: its locks keep changes of one row apart, and
   * claims need not.
   */
  default boolean oneEngine() {
    return false;
  }

  /**
   * Redo and engine disagree: the instance must end itself. Called at most once, never returns
   * late.
   */
  void broken(Throwable cause);
}
