package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.value.Value;
import org.h2.value.ValueInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages of other instances meet local sessions. */
class RowApplierTest {
  private static final int THEIR_SLOT = 7000;
  private static final ChangeSet.TableName TABLE = new ChangeSet.TableName("public", "t");

  private final Recorder recorder = new Recorder();
  private Database database;
  private Session session;

  @BeforeEach
  void open() throws SqlFailure {
    database =
        Database.open(
            Options.memory("applier"), recorder, recorder, new Gate(Gate.State.OPEN, 1000));
    session = database.session("u");
    Sql.commit(session, "create table t(id int primary key, v int unique)");
    Sql.commit(session, "insert into t values(1, 1), (2, 2)");
  }

  @AfterEach
  void close() throws SqlFailure {
    database.close();
  }

  private static ChangeSet change(ChangeSet.Kind kind, int... values) {
    Value[] row = new Value[values.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = ValueInteger.get(values[i]);
    }
    return new ChangeSet.Rows(List.of(new ChangeSet.Change(TABLE, kind, row)));
  }

  private static String state(SqlFailure failure) {
    return failure.error().sqlState();
  }

  @Test
  void anIdleHolderOfTheRowIsRolledBack() throws Exception {
    Sql.run(session, "update t set v = 10 where id = 1");
    database.apply(change(ChangeSet.Kind.UPDATE, 1, 100), THEIR_SLOT, 50);
    assertThat(Sql.state(session, "select 1")).isEqualTo("40001");
    session.rollback();
    assertThat(Sql.run(session, "select v from t where id = 1")).containsExactly("100");
    session.commit();
    assertThat(database.appliedPositions()).containsEntry(THEIR_SLOT, 50L);
  }

  @Test
  void aHolderByForUpdateOrUniqueKeyOrTableIsRolledBack() throws Exception {
    Sql.run(session, "select * from t where id = 1 for update");
    database.apply(change(ChangeSet.Kind.UPDATE, 1, 100), THEIR_SLOT, 50);
    assertThatThrownBy(session::commit)
        .isInstanceOfSatisfying(SqlFailure.class, e -> assertThat(state(e)).isEqualTo("40001"));
    Sql.run(session, "insert into t values(5, 55)");
    database.apply(change(ChangeSet.Kind.INSERT, 6, 55), THEIR_SLOT, 51);
    assertThatThrownBy(session::commit)
        .isInstanceOfSatisfying(SqlFailure.class, e -> assertThat(state(e)).isEqualTo("40001"));
    Sql.run(session, "insert into t values(8, 8)");
    database.apply(
        new ChangeSet.Definition("public", "alter table t add column w int"), THEIR_SLOT, 52);
    assertThatThrownBy(session::commit)
        .isInstanceOfSatisfying(SqlFailure.class, e -> assertThat(state(e)).isEqualTo("40001"));
    assertThat(Sql.run(session, "select * from t order by id"))
        .containsExactly("1|100|null", "2|2|null", "6|55|null");
  }

  @Test
  void aHolderThatWaitsForAnotherRowIsRolledBack() throws Exception {
    try (Session other = database.session("other")) {
      Sql.run(other, "update t set v = 20 where id = 2");
      Sql.run(session, "update t set v = 10 where id = 1");
      AtomicReference<String> end = new AtomicReference<>();
      CountDownLatch begun = new CountDownLatch(1);
      Thread waiting =
          new Thread(
              () -> {
                begun.countDown();
                end.set(Sql.state(session, "update t set v = 21 where id = 2"));
              });
      waiting.start();
      begun.await();
      database.apply(change(ChangeSet.Kind.UPDATE, 1, 100), THEIR_SLOT, 50);
      waiting.join(20_000);
      assertThat(end.get()).isEqualTo("40001");
      other.commit();
      assertThat(Sql.run(other, "select * from t order by id")).containsExactly("1|100", "2|20");
    }
  }

  /** Answers when the test says so. */
  private static final class Asked implements Committer {
    private final SynchronousQueue<Proposal> asked = new SynchronousQueue<>();
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile Outcome outcome;

    @Override
    public Outcome commit(Proposal proposal) {
      if (!(proposal.changes() instanceof ChangeSet.Rows)) {
        proposal.commitLocally(1);
        return Outcome.committed(1);
      }
      try {
        asked.put(proposal);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      await(answered);
      return outcome;
    }

    @Override
    public long position() {
      return 1;
    }

    @Override
    public void broken(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  /** Its locks are no claims, so that a package that needs them may come before it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCommitThatIsAskedForGoesOnWithoutItsLocks(boolean granted) throws Exception {
    Asked committer = new Asked();
    try (Database other =
            Database.open(
                Options.memory("asked"), committer, recorder, new Gate(Gate.State.OPEN, 1000));
        Session local = other.session("u")) {
      Sql.run(local, "create table t(id int primary key, v int)");
      other.apply(change(ChangeSet.Kind.INSERT, 1, 1), THEIR_SLOT, 2);
      other.apply(change(ChangeSet.Kind.INSERT, 2, 2), THEIR_SLOT, 3);
      Sql.run(local, "select * from t where id = 1 for update");
      Sql.run(local, "update t set v = 20 where id = 2");
      AtomicReference<String> end = new AtomicReference<>("none");
      Thread commit =
          new Thread(
              () -> {
                try {
                  local.commit();
                } catch (SqlFailure e) {
                  end.set(state(e));
                }
              });
      commit.start();
      Proposal proposal = committer.asked.take();
      long begunNs = System.nanoTime();
      other.apply(change(ChangeSet.Kind.UPDATE, 1, 10), THEIR_SLOT, 4);
      if (granted) {
        proposal.commitLocally(5);
      }
      committer.outcome =
          granted ? Outcome.committed(5) : Outcome.refused(SqlError.concurrentUpdate());
      committer.answered.countDown();
      commit.join(10_000);
      assertThat(System.nanoTime() - begunNs).isLessThan(TimeUnit.SECONDS.toNanos(1));
      assertThat(end.get()).isEqualTo(granted ? "none" : "40001");
      assertThat(Sql.run(local, "select * from t order by id"))
          .containsExactly("1|10", granted ? "2|20" : "2|2");
      assertThat(other.appliedPositions().get(local.slot())).isEqualTo(granted ? 5L : 1L);
    }
  }

  /** Decides at once, and is durable when the test says so. */
  private static final class SlowCommitter implements Committer {
    private final CountDownLatch decided = new CountDownLatch(1);
    private final CountDownLatch durable = new CountDownLatch(1);
    private long lastLsn;

    @Override
    public Outcome commit(Proposal proposal) {
      if (proposal.changes() instanceof ChangeSet.Rows) {
        decided.countDown();
        await(durable);
      }
      long lsn = ++lastLsn;
      proposal.commitLocally(lsn);
      return Outcome.committed(lsn);
    }

    @Override
    public long position() {
      return 0;
    }

    @Override
    public void broken(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  @Test
  void aDecidedCommitGoesFirst() throws Exception {
    SlowCommitter slow = new SlowCommitter();
    try (Database other =
            Database.open(Options.memory("slow"), slow, recorder, new Gate(Gate.State.OPEN, 1000));
        Session local = other.session("u")) {
      Sql.run(local, "create table t(id int primary key, v int)");
      Sql.run(local, "insert into t values(1, 1)");
      Thread commit =
          new Thread(
              () -> {
                try {
                  local.commit();
                } catch (SqlFailure e) {
                  throw new AssertionError(e);
                }
              });
      commit.start();
      slow.decided.await();
      // Their insert of the same key would fail if it did not wait for ours, which came first.
      AtomicReference<SqlFailure> failure = new AtomicReference<>();
      Thread apply =
          new Thread(
              () -> {
                try {
                  other.apply(change(ChangeSet.Kind.UPDATE, 1, 2), THEIR_SLOT, 3);
                } catch (SqlFailure e) {
                  failure.set(e);
                }
              });
      apply.start();
      apply.join(200);
      assertThat(apply.isAlive()).isTrue();
      slow.durable.countDown();
      commit.join(10_000);
      apply.join(10_000);
      assertThat(failure.get()).isNull();
      assertThat(Sql.run(local, "select * from t")).containsExactly("1|2");
    }
  }

  @Test
  void aSessionClosedWhileItCommitsCommits() throws Exception {
    SlowCommitter slow = new SlowCommitter();
    try (Database other =
        Database.open(Options.memory("slow"), slow, recorder, new Gate(Gate.State.OPEN, 1000))) {
      Session local = other.session("u");
      Sql.run(local, "create table t(id int primary key)");
      Sql.run(local, "insert into t values(1)");
      AtomicReference<SqlFailure> failure = new AtomicReference<>();
      Thread commit =
          new Thread(
              () -> {
                try {
                  local.commit();
                } catch (SqlFailure e) {
                  failure.set(e);
                }
              });
      commit.start();
      slow.decided.await();
      local.close();
      assertThat(other.sessions()).isEqualTo(1);
      slow.durable.countDown();
      commit.join(10_000);
      assertThat(failure.get()).isNull();
      assertThat(other.sessions()).isZero();
      try (Session reader = other.session("u")) {
        assertThat(Sql.run(reader, "select * from t")).containsExactly("1");
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void sessionsThatTakeTurnsOnOneRowDoNotConflict() throws Exception {
    int clients = 6;
    int turns = 100;
    Thread[] threads = new Thread[clients];
    AtomicReference<SqlFailure> failure = new AtomicReference<>();
    for (int i = 0; i < clients; i++) {
      threads[i] =
          new Thread(
              () -> {
                try (Session client = database.session("c");
                    PreparedSql update = client.prepare("update t set v = v + 10 where id = 1")) {
                  for (int turn = 0; turn < turns; turn++) {
                    update.execute(List.of()).close();
                    client.commit();
                  }
                } catch (SqlFailure e) {
                  failure.set(e);
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(Sql.run(session, "select v from t where id = 1"))
        .containsExactly(String.valueOf(1 + 10 * clients * turns));
  }

  @Test
  void theVictimOfALateDeadlockIsCommittedAllTheSame() throws Exception {
    Sql.run(session, "update t set v = 77 where id = 1");
    var status = org.h2.mvstore.tx.Transaction.class.getDeclaredMethod("setStatus", int.class);
    status.setAccessible(true);
    // What H2 does to a transaction that it believes to be in a deadlock, from another thread.
    status.invoke(session.h2().getTransaction(), 4);
    session.commit();
    assertThat(recorder.broken()).isNull();
    assertThat(Sql.run(session, "select v from t where id = 1")).containsExactly("77");
    assertThat(Sql.state(session, "update t set v = 78 where id = 1")).isEqualTo("none");
    session.commit();
    assertThat(database.appliedPositions()).containsEntry(session.slot(), 4L);
  }

  @Test
  void aPackageThatDoesNotFitIsRefusedAndChangesNothing() throws Exception {
    ChangeSet twice =
        new ChangeSet.Rows(
            List.of(
                new ChangeSet.Change(
                    TABLE,
                    ChangeSet.Kind.INSERT,
                    new Value[] {ValueInteger.get(9), ValueInteger.get(9)}),
                new ChangeSet.Change(
                    TABLE,
                    ChangeSet.Kind.INSERT,
                    new Value[] {ValueInteger.get(1), ValueInteger.get(8)})));
    assertThatThrownBy(() -> database.apply(twice, THEIR_SLOT, 50))
        .isInstanceOfSatisfying(SqlFailure.class, e -> assertThat(state(e)).isEqualTo("XX001"));
    assertThat(Sql.run(session, "select * from t order by id")).containsExactly("1|1", "2|2");
    session.commit();
    assertThat(database.appliedPositions()).doesNotContainKey(THEIR_SLOT);
    database.apply(change(ChangeSet.Kind.DELETE, 2), THEIR_SLOT, 51);
    database.apply(change(ChangeSet.Kind.DELETE, 2), THEIR_SLOT, 51);
    assertThat(Sql.run(session, "select * from t order by id")).containsExactly("1|1");
  }
}
