package halab.node.sql;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;

/**
 * Counters that all instances of a group share: a grant is a package like any other, so it is
 * durable, in one order everywhere, and of two instances that ask for the same numbers one is
 * refused and asks again.
 */
final class CommittedCounters implements SequenceSource {
  private static final String STATE = "counter ";
  private static final long PATIENCE_NS = 30_000_000_000L;

  private final Database database;
  private final int slot;
  private final SessionLocal session;

  /** {@code slot}: one that no session has. */
  CommittedCounters(Database database, Store store, int slot) throws SQLException {
    this.database = database;
    this.slot = slot;
    Connection connection = store.connect(Store.ADMIN);
    connection.setAutoCommit(false);
    this.session = (SessionLocal) ((JdbcConnection) connection).getSession();
  }

  @Override
  public synchronized long next(String counter, int count) throws SqlFailure {
    WriteKey key = new WriteKey((STATE + counter).getBytes(StandardCharsets.UTF_8));
    long giveUpNs = System.nanoTime() + PATIENCE_NS;
    while (true) {
      // The base first: what is read after it may be newer, never older.
      Claim claim = new Claim(key, false, database.localCommits().base(key));
      long first = granted(counter);
      ChangeSet.Counter upTo = new ChangeSet.Counter(counter, first + count);
      Proposal proposal = new Proposal(upTo, List.of(claim), slot, lsn -> commit(upTo, claim, lsn));
      Outcome outcome = database.committer().commit(proposal);
      if (outcome instanceof Outcome.Committed) {
        return first;
      }
      SqlError why = ((Outcome.Refused) outcome).error();
      if (!why.sqlState().equals("40001") || System.nanoTime() > giveUpNs) {
        throw new SqlFailure(why);
      }
      pause();
    }
  }

  private static void pause() throws SqlFailure {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Gate.closing();
    }
  }

  private long granted(String counter) {
    session.lock();
    try {
      String state = database.store().stateIn(session, STATE + counter);
      session.commit(false);
      return state == null ? 0 : Long.parseLong(state);
    } finally {
      session.unlock();
    }
  }

  private void commit(ChangeSet.Counter upTo, Claim claim, long lsn) {
    try {
      database.localCommits().register(lsn, List.of(claim));
      apply(upTo, slot, lsn);
    } catch (RuntimeException | Error e) {
      database.committer().broken(e);
    }
  }

  /** Takes note of a grant, whoever it was for. One thread at a time. */
  void apply(ChangeSet.Counter upTo, int grantedTo, long lsn) {
    session.lock();
    try {
      database.store().putState(session, STATE + upTo.name(), String.valueOf(upTo.next()));
      database.store().putPosition(session, grantedTo, lsn);
      session.commit(false);
    } finally {
      session.unlock();
    }
    database.store().committed(grantedTo, lsn);
  }
}
