package halab.node.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A committer for one instance that keeps what it is given in memory, and grants numbers. */
final class Recorder implements Committer, SequenceSource {
  private final List<Replay> log = new ArrayList<>();
  private final Map<WriteKey, Long> alone = new HashMap<>();
  private final Map<WriteKey, Long> together = new HashMap<>();
  private final Map<String, Long> counters = new HashMap<>();
  final AtomicReference<SqlError> refuseNext = new AtomicReference<>();
  private final Set<Long> done = new HashSet<>();
  private volatile long position;
  private volatile Throwable broken;

  @Override
  public Outcome commit(Proposal proposal) {
    SqlError refusal = refuseNext.getAndSet(null);
    if (refusal != null) {
      return Outcome.refused(refusal);
    }
    long lsn;
    synchronized (this) {
      for (Claim claim : proposal.claims()) {
        if (alone.getOrDefault(claim.key(), 0L) > claim.base()
            || !claim.shared() && together.getOrDefault(claim.key(), 0L) > claim.base()) {
          return Outcome.refused(SqlError.concurrentUpdate());
        }
      }
      lsn = log.size() + 1;
      log.add(new Replay(ChangeSet.decode(proposal.changes().encoded()), proposal.slot(), lsn));
      for (Claim claim : proposal.claims()) {
        (claim.shared() ? together : alone).put(claim.key(), lsn);
      }
    }
    if (proposal.changes() instanceof ChangeSet.Definition) {
      awaitPosition(lsn - 1);
    }
    proposal.commitLocally(lsn);
    synchronized (this) {
      // Commits end out of order; the position is where no gap is left.
      done.add(lsn);
      while (done.remove(position + 1)) {
        position++;
      }
      notifyAll();
    }
    return Outcome.committed(lsn);
  }

  private synchronized void awaitPosition(long lsn) {
    while (position < lsn) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void broken(Throwable cause) {
    broken = cause;
  }

  Throwable broken() {
    return broken;
  }

  synchronized List<Replay> log() {
    return List.copyOf(log);
  }

  /** The row changes of the last package, as text. */
  synchronized List<String> last() {
    List<String> lines = new ArrayList<>();
    if (log.get(log.size() - 1).changes() instanceof ChangeSet.Rows rows) {
      rows.changes()
          .forEach(c -> lines.add(c.kind() + " " + c.table().name() + " " + List.of(c.values())));
    }
    return lines;
  }

  @Override
  public synchronized long next(String counter, int count) {
    long first = counters.getOrDefault(counter, 0L);
    counters.put(counter, first + count);
    return first;
  }
}
