package halab.node.data;

import halab.kernel.Event;
import halab.node.sql.Committer;
import halab.node.sql.Outcome;
import halab.node.sql.Proposal;
import halab.node.sql.SqlError;
import halab.redo.proto.RlogPkg;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Commits that sessions have asked for and the role has not answered. Each waits on its session's
 * own thread; the role decides, the applier commits it in the engine at its place in the order.
 */
final class AskedCommits implements Committer {
  private final Consumer<Event> events;
  private final int packageBytesMost;
  private final boolean oneEngine;
  private final Consumer<Throwable> broken;
  private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
  private long lastTx;
  private boolean closed;
  private volatile long position;

  private record Asked(Proposal proposal, CompletableFuture<Outcome> answer) {}

  /**
   * @param packageBytesMost what fits into a segment of the redo thread
   * @param oneEngine whether rows change here alone while sessions work
   * @param broken ends the process: engine and redo disagree
   */
  AskedCommits(
      Consumer<Event> events, int packageBytesMost, boolean oneEngine, Consumer<Throwable> broken) {
    this.events = events;
    this.packageBytesMost = packageBytesMost;
    this.oneEngine = oneEngine;
    this.broken = broken;
  }

  @Override
  public Outcome commit(Proposal proposal) {
    RlogPkg.Builder pkg =
        RlogPkg.newBuilder()
            .setSlot(proposal.slot())
            .setPayload(Payload.of(proposal.changes()))
            .addAllKey(Payload.keys(proposal.claims()));
    int bytes = pkg.buildPartial().getSerializedSize();
    if (bytes > packageBytesMost) {
      return Outcome.refused(Payload.tooLarge(bytes, packageBytesMost));
    }
    CompletableFuture<Outcome> answer = ask(proposal, pkg);
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      // It may be committed or not: only the process's end can interrupt a session here. If it is,
      // its changes are replayed, because its session rolls back now.
      proposal.dispossess();
      Thread.currentThread().interrupt();
      return Outcome.refused(ending());
    }
  }

  /** Numbers rise in the order in which the role hears of them. */
  private synchronized CompletableFuture<Outcome> ask(Proposal proposal, RlogPkg.Builder pkg) {
    if (closed) {
      return CompletableFuture.completedFuture(Outcome.refused(ending()));
    }
    long tx = ++lastTx;
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    asked.put(tx, new Asked(proposal, answer));
    events.accept(new Event.CommitAsked(tx, pkg.setTx(tx).build()));
    return answer;
  }

  /** The session's own transaction, to be committed at its place; null: it is not from here. */
  Proposal proposal(long tx) {
    Asked one = tx == 0 ? null : asked.get(tx);
    return one == null ? null : one.proposal();
  }

  void committed(long tx, long lsn) {
    answer(tx, Outcome.committed(lsn));
  }

  void refused(long tx, String sqlState, String why) {
    answer(tx, Outcome.refused(SqlError.of(sqlState, why)));
  }

  private void answer(long tx, Outcome outcome) {
    Asked one = asked.remove(tx);
    if (one != null) {
      one.answer().complete(outcome);
    }
  }

  /** Everything up to this LSN is in the engine, and statements see it. */
  void applied(long lsn) {
    position = Math.max(position, lsn);
  }

  @Override
  public boolean oneEngine() {
    return oneEngine;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void broken(Throwable cause) {
    broken.accept(cause);
  }

  /** The process ends: whoever still waits is not told an outcome that nobody knows. */
  synchronized void close() {
    closed = true;
  }

  /** Why nothing is answered any more. */
  static SqlError ending() {
    return SqlError.of("57P01", "terminating connection due to administrator command");
  }
}
