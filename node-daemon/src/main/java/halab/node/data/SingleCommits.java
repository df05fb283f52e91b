package halab.node.data;

import halab.bricks.OneEngineCertifier;
import halab.node.redo.RedoPackage;
import halab.node.redo.RedoWriter;
import halab.node.sql.ChangeSet;
import halab.node.sql.Committer;
import halab.node.sql.Outcome;
import halab.node.sql.Proposal;
import halab.node.sql.SqlError;
import halab.redo.proto.RlogPkg;
import halab.redo.proto.WriteKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Commits of an instance that stands alone on its own redo log. The order is that of the LSNs; all
 * sessions that wait share a force, and each commits in the engine on its own thread when its
 * package is durable. Those commits may overtake each other: whatever depends on another one waits
 * for that one's locks before it asks, and definitions wait for all before them.
 */
final class SingleCommits implements Committer {
  private final int payloadBytesMost;
  private final Backlog backlog;
  private final Consumer<Throwable> ends;

  private final Object order = new Object();
  // With the order locked.
  private RedoWriter writer;
  private OneEngineCertifier certifier;
  private long lastLsn;

  private final Object progress = new Object();
  // With the progress locked.
  private final Set<Long> ahead = new HashSet<>();
  private int waiting;

  private volatile long position;

  /**
   * @param payloadBytesMost what fits into a segment
   * @param backlog takes note of what the next checkpoint has to hold
   * @param ends ends the process and does not return: what was not answered by then never is
   */
  SingleCommits(int payloadBytesMost, Backlog backlog, Consumer<Throwable> ends) {
    this.payloadBytesMost = payloadBytesMost;
    this.backlog = backlog;
    this.ends = ends;
  }

  /** The engine shows everything that the writer's log holds, up to this LSN. */
  void start(RedoWriter settled, long lsn) {
    synchronized (order) {
      writer = settled;
      certifier = OneEngineCertifier.from(lsn, OneEngineCertifier.WINDOW_KEYS);
      lastLsn = lsn;
      position = lsn;
    }
  }

  @Override
  public boolean oneEngine() {
    return true;
  }

  @Override
  public Outcome commit(Proposal proposal) {
    RlogPkg pkg =
        RlogPkg.newBuilder()
            .setSlot(proposal.slot())
            .setPayload(Payload.of(proposal.changes()))
            .build();
    byte[] bytes = pkg.toByteArray();
    if (bytes.length > payloadBytesMost) {
      return Outcome.refused(Payload.tooLarge(bytes.length, payloadBytesMost));
    }
    List<WriteKey> keys = Payload.keys(proposal.claims());
    long lsn;
    CompletableFuture<Void> durable;
    synchronized (order) {
      if (certifier.conflicts(keys)) {
        return Outcome.refused(SqlError.concurrentUpdate());
      }
      lsn = ++lastLsn;
      certifier = certifier.note(lsn, keys);
      durable = writer.append(new RedoPackage(lsn, lsn, bytes));
      backlog.add(lsn, pkg);
    }
    try {
      durable.join();
    } catch (CompletionException e) {
      // Whether the redo holds it is not known before the log is opened again: no answer is right.
      ends.accept(e.getCause());
      throw new IllegalStateException(e.getCause());
    }
    if (proposal.changes() instanceof ChangeSet.Definition) {
      awaitShown(lsn - 1);
    }
    proposal.commitLocally(lsn);
    shown(lsn);
    return Outcome.committed(lsn);
  }

  private void shown(long lsn) {
    synchronized (progress) {
      ahead.add(lsn);
      while (ahead.remove(position + 1)) {
        position++;
      }
      if (waiting > 0) {
        progress.notifyAll();
      }
    }
  }

  /** Not to be interrupted: the definition is in the redo. */
  private void awaitShown(long lsn) {
    boolean interrupted = false;
    synchronized (progress) {
      waiting++;
      while (position < lsn) {
        try {
          progress.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      waiting--;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void broken(Throwable cause) {
    ends.accept(cause);
  }
}
