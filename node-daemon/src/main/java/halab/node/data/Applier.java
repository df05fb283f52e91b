package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.node.sql.Database;
import halab.node.sql.Proposal;
import halab.node.sql.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The one thread that changes the engine: packages in the order of their LSNs, own transactions
 * among them. What has queued up meanwhile from elsewhere goes in as one.
 */
final class Applier {
  private static final int BATCH_MOST = 256;

  /** Something to be done between two packages. */
  interface Work {
    void run() throws Exception;
  }

  private final Database database;
  private final AskedCommits commits;
  private final Backlog backlog;
  private final Consumer<Event> events;
  private final Consumer<Throwable> broken;
  private final LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  /**
   * @param broken ends the process: a package that cannot be applied here is applied elsewhere
   */
  Applier(
      Database database,
      AskedCommits commits,
      Backlog backlog,
      Consumer<Event> events,
      Consumer<Throwable> broken) {
    this.database = database;
    this.commits = commits;
    this.backlog = backlog;
    this.events = events;
    this.broken = broken;
    this.thread = new Thread(this::work, "applier");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is queued is left undone. */
  void end() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  void apply(Effect.Apply apply) {
    queue.add(apply);
  }

  /** Runs this on the applier's thread, after all packages that came before. */
  void then(Work work) {
    queue.add(work);
  }

  private void work() {
    try {
      List<Object> taken = new ArrayList<>();
      while (true) {
        taken.add(queue.take());
        queue.drainTo(taken, BATCH_MOST - 1);
        carryOut(taken);
        taken.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) {
      broken.accept(e);
    }
  }

  private void carryOut(List<Object> taken) throws Exception {
    List<Replay> batch = new ArrayList<>();
    long last = 0;
    for (Object item : taken) {
      if (item instanceof Effect.Apply apply) {
        last = apply.lsn();
        backlog.add(apply.lsn(), apply.pkg());
        Proposal own = commits.proposal(apply.tx());
        if (own == null && apply.pkg().getPayload().isEmpty()) {
          continue; // fills a place in the order, changes nothing
        }
        if (own == null) {
          batch.add(Backlog.replay(apply.lsn(), apply.pkg()));
        } else {
          flush(batch);
          own.commitLocally(apply.lsn());
          // A statement that begins now sees it: its keys are judged from here.
          commits.applied(apply.lsn());
        }
      } else {
        flush(batch);
        told(last);
        last = 0;
        ((Work) item).run();
      }
    }
    flush(batch);
    told(last);
  }

  private void flush(List<Replay> batch) throws Exception {
    if (!batch.isEmpty()) {
      database.applyAll(batch);
      batch.clear();
    }
  }

  private void told(long lsn) {
    if (lsn > 0) {
      commits.applied(lsn);
      events.accept(new Event.Applied(lsn));
    }
  }
}
