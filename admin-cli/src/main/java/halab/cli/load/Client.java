package halab.cli.load;

import halab.bricks.Rng;
import halab.cli.load.check.Op;
import halab.cli.load.check.Value;
import halab.cli.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client: an operation at a time, on a connection that is made again when it is lost. After an
 * operation whose fate is unknown it goes on under a new process number, as histories want it.
 */
final class Client {
  private static final long FIRST_BACKOFF_MS = 20;
  private static final long LONGEST_BACKOFF_MS = 200;

  private final Where where;
  private final Work work;
  private final Recorder recorder;
  private final long zeroNs;
  private final int slots;
  private int process;
  private long backoffMs = FIRST_BACKOFF_MS;
  private volatile Connection connection;
  private String address;
  private String lastError = "none";

  /** A client in one of so many slots; its times count from {@code zeroNs}. */
  Client(Where where, Work work, Recorder recorder, long zeroNs, int slot, int slots) {
    this.where = where;
    this.work = work;
    this.recorder = recorder;
    this.zeroNs = zeroNs;
    this.process = slot;
    this.slots = slots;
  }

  /** Works until the latch opens. */
  void run(Rng rng, CountDownLatch stop) {
    int client = process;
    try {
      while (stop.getCount() > 0) {
        if (!once(work.next(client, rng), false) && connection == null) {
          stop.await(backoffMs, TimeUnit.MILLISECONDS);
          backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      drop();
    }
  }

  /**
   * Reads everything that there is to read at the end.
   *
   * @param patienceMs how long to go on without any success
   * @return true if all was read
   */
  boolean readToTheEnd(long patienceMs) throws InterruptedException {
    Work.Ending ending = work.ending();
    long lastGood = System.nanoTime();
    try {
      for (Work.Task task = ending.next(); task != null; task = ending.next()) {
        if (once(task, true)) {
          lastGood = System.nanoTime();
        } else if (System.nanoTime() - lastGood > patienceMs * 1_000_000) {
          return false;
        } else {
          Thread.sleep(LONGEST_BACKOFF_MS);
        }
      }
      return true;
    } finally {
      drop();
    }
  }

  /** Why the last operation that did not succeed did not. */
  String lastError() {
    return lastError;
  }

  /** Cuts the connection under the client's feet; for one that does not stop. */
  void abort() {
    Connection held = connection;
    if (held != null) {
      try {
        held.abort(Runnable::run);
      } catch (SQLException e) {
        lastError = SqlErrors.text(e);
      }
    }
  }

  private boolean once(Work.Task task, boolean last) {
    Op begun = Op.invoke(process, task.value(), nowNs());
    Op invoke = last ? begun.atTheEnd() : begun;
    recorder.op(invoke);
    Attempt attempt = null;
    try {
      attempt = new Attempt(connected());
      Value value = task.run(attempt);
      recorder.op(invoke.ok(value, nowNs(), address));
      backoffMs = FIRST_BACKOFF_MS;
      return true;
    } catch (Work.Refused e) {
      recorder.op(invoke.fail(nowNs(), e.getMessage()));
      return true;
    } catch (SQLException e) {
      lastError = SqlErrors.text(e);
      failed(invoke, attempt, e);
      return false;
    }
  }

  private void failed(Op invoke, Attempt attempt, SQLException error) {
    boolean surely = attempt == null || attempt.surelyFailed(error) || !invoke.value().writes();
    if (!SqlErrors.leavesConnection(error) || !rolledBack()) {
      drop();
    }
    if (surely) {
      recorder.op(invoke.fail(nowNs(), lastError));
    } else {
      work.unknown();
      recorder.op(invoke.info(nowNs(), lastError));
      process += slots;
    }
  }

  private boolean rolledBack() {
    try {
      if (connection != null && !connection.getAutoCommit()) {
        connection.rollback();
      }
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private Connection connected() throws SQLException {
    Connection made = connection == null ? where.connection() : where.current(connection);
    if (made != connection) {
      connection = made;
      made.setAutoCommit(work.autoCommit());
      made.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      address = where.address(made);
    }
    return connection;
  }

  private void drop() {
    Connection held = connection;
    connection = null;
    if (held != null) {
      try {
        held.close();
      } catch (SQLException e) {
        lastError = SqlErrors.text(e);
      }
    }
  }

  private long nowNs() {
    return System.nanoTime() - zeroNs;
  }
}
