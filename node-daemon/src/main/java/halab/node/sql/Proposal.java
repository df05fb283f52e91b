package halab.node.sql;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/** A transaction that wants to commit. */
public final class Proposal {
  private enum At {
    OPEN,
    DISPOSSESSED,
    COMMITTED
  }

  private final ChangeSet changes;
  private final List<Claim> claims;
  private final int slot;
  private final LongConsumer local;
  private final LongConsumer replay;
  private final AtomicReference<At> at = new AtomicReference<>(At.OPEN);

  /** One that holds no locks before it is committed locally. */
  Proposal(ChangeSet changes, List<Claim> claims, int slot, LongConsumer local) {
    this(changes, claims, slot, local, null);
  }

  /**
   * @param local commits the open transaction at this LSN
   * @param replay writes the changes at this LSN when that transaction is no more
   */
  Proposal(
      ChangeSet changes, List<Claim> claims, int slot, LongConsumer local, LongConsumer replay) {
    this.changes = changes;
    this.claims = List.copyOf(claims);
    this.slot = slot;
    this.local = local;
    this.replay = replay;
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
    boolean own = at.compareAndSet(At.OPEN, At.COMMITTED);
    (own ? local : replay).accept(lsn);
  }

  /**
   * An applier needs the locks, or the session ends: true when the transaction is the caller's to
   * roll back. Whether it commits is still the committer's to say; then its changes are replayed,
   * as those of another instance are.
   */
  public boolean dispossess() {
    return replay != null && at.compareAndSet(At.OPEN, At.DISPOSSESSED);
  }
}
