package halab.node.sql;

import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.table.Table;

/**
 * While packages or definitions are applied: finds the local sessions whose locks the applying
 * session waits for, and has them yield. So an applier never waits for a client's next word.
 */
final class LockBreaker implements AutoCloseable {
  private static final long LOOK_MS = 3;

  private final Set<Session> sessions;
  private final ScheduledThreadPoolExecutor clock;

  LockBreaker(Set<Session> sessions) {
    this.sessions = sessions;
    this.clock =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "sql-lock-breaker");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
  }

  /** Breaks locks for this session until the task is cancelled. */
  ScheduledFuture<?> watch(SessionLocal applying) {
    return clock.scheduleWithFixedDelay(
        () -> look(applying), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private void look(SessionLocal applying) {
    int blocker = applying.getBlockingSessionId();
    Table table = applying.getWaitForLock();
    for (Session session : sessions) {
      if (session.h2().getId() == blocker || table != null && locks(session, table)) {
        session.yieldLocks();
      }
    }
  }

  /** Has every session yield that has written to this table. */
  void free(Table table) {
    for (Session session : sessions) {
      if (locks(session, table)) {
        session.yieldLocks();
      }
    }
  }

  private static boolean locks(Session session, Table table) {
    try {
      return session.h2().getLocks().contains(table);
    } catch (DbException e) {
      // It was closed just now, and its locks are gone.
      return false;
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
