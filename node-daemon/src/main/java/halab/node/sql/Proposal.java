package halab.node.sql;

import java.util.List;
import java.util.function.LongConsumer;

/** A transaction that wants to commit. */
public final class Proposal {
  private final ChangeSet changes;
  private final List<Claim> claims;
  private final int slot;
  private final LongConsumer local;

  Proposal(ChangeSet changes, List<Claim> claims, int slot, LongConsumer local) {
    this.changes = changes;
    this.claims = List.copyOf(claims);
    this.slot = slot;
    this.local = local;
  }

  /** What goes into the redo package. */
  public ChangeSet changes() {
    return changes;
  }

  /** The keys it is judged by. */
  public List<Claim> claims() {
    return claims;
  }

  /**
   * The session slot whose applied position it advances; at most one proposal of a slot is open.
   */
  public int slot() {
    return slot;
  }

  /**
   * The package is durable at this LSN: commits it in the engine, together with its position. The
   * committer calls this exactly once. Never throws: a failure goes to {@link Committer#broken}.
   */
  public void commitLocally(long lsn) {
    local.accept(lsn);
  }
}
