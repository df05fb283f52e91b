package halab.node.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Several databases behind one total order in memory: certifies proposals by their claims, ships
 * every package through its bytes to the other instances, and lets each apply at its own pace.
 */
final class Ring implements AutoCloseable {
  private record Entry(int instance, byte[] bytes, int slot) {}

  private final List<Entry> log = new ArrayList<>();
  private final Map<WriteKey, Long> alone = new HashMap<>();
  private final Map<WriteKey, Long> together = new HashMap<>();
  private final Map<String, Long> counters = new HashMap<>();
  private final List<Instance> instances = new ArrayList<>();
  private final boolean strict;
  private volatile Throwable broken;

  Ring(int size, String name) throws SqlFailure {
    this(size, name, false);
  }

  /**
   * @param strict as a group of instances does it: own transactions are committed in their order
   *     among all others, and numbers of sequences are granted by packages
   */
  Ring(int size, String name, boolean strict) throws SqlFailure {
    this.strict = strict;
    for (int i = 0; i < size; i++) {
      instances.add(new Instance(i, name + i));
    }
    instances.forEach(instance -> instance.thread.start());
  }

  Database database(int instance) {
    return instances.get(instance).database;
  }

  Throwable broken() {
    return broken;
  }

  synchronized int packages() {
    return log.size();
  }

  /** Waits until every instance shows everything. */
  void settle() throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    synchronized (this) {
      while (broken == null && instances.stream().anyMatch(i -> i.position < log.size())) {
        if (System.nanoTime() > deadlineNs) {
          throw new AssertionError("not settled: " + log.size() + " packages, " + instances);
        }
        wait(10);
      }
    }
    if (broken != null) {
      throw new AssertionError("an instance broke", broken);
    }
  }

  @Override
  public void close() throws SqlFailure {
    for (Instance instance : instances) {
      instance.thread.interrupt();
      try {
        instance.thread.join(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      instance.database.close();
    }
  }

  /** LSNs are numbers in the log, from 1. */
  private final class Instance implements Committer, SequenceSource, Runnable {
    private final int number;
    private final Database database;
    private final Thread thread;
    private final Map<Long, Boolean> done = new HashMap<>();
    private volatile long position;

    Instance(int number, String name) throws SqlFailure {
      this.number = number;
      this.database =
          Database.open(
              new Options(null, name, number * 1000, 100, 1 << 20),
              this,
              strict ? null : this,
              new Gate(Gate.State.OPEN, 1000));
      this.thread = new Thread(this, "apply-" + number);
    }

    @Override
    public Outcome commit(Proposal proposal) {
      long lsn;
      synchronized (Ring.this) {
        for (Claim claim : proposal.claims()) {
          if (alone.getOrDefault(claim.key(), 0L) > claim.base()
              || !claim.shared() && together.getOrDefault(claim.key(), 0L) > claim.base()) {
            return Outcome.refused(SqlError.concurrentUpdate());
          }
        }
        log.add(new Entry(number, proposal.changes().encoded(), proposal.slot()));
        lsn = log.size();
        for (Claim claim : proposal.claims()) {
          (claim.shared() ? together : alone).put(claim.key(), lsn);
        }
        Ring.this.notifyAll();
        boolean inOrder = strict || proposal.changes() instanceof ChangeSet.Definition;
        while (inOrder && position < lsn - 1) {
          pause();
        }
      }
      proposal.commitLocally(lsn);
      shown(lsn);
      return Outcome.committed(lsn);
    }

    private void pause() {
      try {
        Ring.this.wait(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void shown(long lsn) {
      synchronized (Ring.this) {
        done.put(lsn, true);
        while (done.remove(position + 1) != null) {
          position++;
        }
        Ring.this.notifyAll();
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

    @Override
    public long next(String counter, int count) {
      synchronized (Ring.this) {
        long first = counters.getOrDefault(counter, 0L);
        counters.put(counter, first + count);
        return first;
      }
    }

    /** Applies in order; at a package of its own it waits until that is committed. */
    @Override
    public void run() {
      try {
        for (long lsn = 1; ; lsn++) {
          Entry entry;
          synchronized (Ring.this) {
            while (log.size() < lsn
                || log.get((int) lsn - 1).instance() == number && position < lsn) {
              Ring.this.wait();
            }
            entry = log.get((int) lsn - 1);
          }
          if (entry.instance() != number) {
            database.apply(ChangeSet.decode(entry.bytes()), entry.slot(), lsn);
            shown(lsn);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (SqlFailure | RuntimeException e) {
        broken = e;
      }
    }

    @Override
    public String toString() {
      return "instance " + number + " at " + position;
    }
  }
}
