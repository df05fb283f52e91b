package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Definitions and statements of other sessions at the same time. */
@Timeout(120)
class DefinitionLockTest {
  private final Recorder recorder = new Recorder();
  private Database database;
  private Session definer;

  @BeforeEach
  void open() throws Exception {
    database =
        Database.open(Options.memory("lock"), recorder, recorder, new Gate(Gate.State.OPEN, 0));
    definer = database.session("d");
    Sql.commit(
        definer,
        "create table t(id int primary key, n int)",
        "insert into t values (1, 0), (2, 0)");
  }

  @AfterEach
  void close() throws Exception {
    database.close();
    assertThat(recorder.broken()).isNull();
  }

  private CompletableFuture<String> running(Session session, String sql) {
    CompletableFuture<String> state =
        CompletableFuture.supplyAsync(
            () -> Sql.state(session, sql), task -> new Thread(task).start());
    while (session.h2().getCurrentCommand() == null && !state.isDone()) {
      Thread.onSpinWait();
    }
    return state;
  }

  @Test
  void aStatementWithoutEndGivesWay() throws Exception {
    try (Session reader = database.session("r")) {
      CompletableFuture<String> endless =
          running(reader, "select count(*) from t a, system_range(1, 1000000000000)");
      Sql.commit(definer, "create table x(id int primary key)");
      assertThat(endless.get(60, TimeUnit.SECONDS)).isEqualTo("40001");
      assertThat(Sql.run(reader, "select count(*) from x")).containsExactly("0");
    }
  }

  @Test
  void whoWaitsForARowAndWhoHoldsItDoNotHoldUpADefinition() throws Exception {
    try (Session holder = database.session("h");
        Session waiter = database.session("w")) {
      Sql.run(holder, "update t set n = 1 where id = 1");
      CompletableFuture<String> waits = running(waiter, "update t set n = 2 where id = 1");
      Sql.commit(definer, "alter table t add column c int default 7");
      assertThat(Sql.state(holder, "select 1")).isEqualTo("40001");
      assertThat(waits.get(60, TimeUnit.SECONDS)).isIn("none", "40001");
      waiter.rollback();
      assertThat(Sql.run(definer, "select id, n, c from t order by id"))
          .containsExactly("1|0|7", "2|0|7");
    }
  }

  @Test
  void aTimeoutCountsWhileADefinitionRuns() throws Exception {
    try (Session session = database.session("s")) {
      session.statementTimeoutMs(200);
      PreparedSql prepared = session.prepare("select 1");
      database.definitionLock().close();
      try {
        prepared.execute(List.of());
        throw new AssertionError("it ran beside a definition");
      } catch (SqlFailure e) {
        assertThat(e.error()).isEqualTo(SqlError.timedOut());
      } finally {
        database.definitionLock().open();
      }
      assertThat(prepared.execute(List.of()).rows()).isNotNull();
    }
  }

  @Test
  void nobodySeesATableThatIsHalfAltered() throws Exception {
    AtomicBoolean altered = new AtomicBoolean();
    List<CompletableFuture<Integer>> clients = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      int id = i;
      clients.add(
          CompletableFuture.supplyAsync(
              () -> statementsUntil(altered, id), task -> new Thread(task).start()));
    }
    for (int i = 0; i < 30; i++) {
      Sql.commit(definer, "alter table t add column c" + i + " int");
    }
    altered.set(true);
    int committed = 0;
    for (CompletableFuture<Integer> client : clients) {
      committed += client.get(60, TimeUnit.SECONDS);
    }
    assertThat(Sql.run(definer, "select sum(n) from t")).containsExactly("" + committed);
  }

  /** Gives how many were committed; whatever fails must fail with 40001 or 40P01. */
  private int statementsUntil(AtomicBoolean end, int number) {
    int committed = 0;
    try (Session session = database.session("c" + number)) {
      while (!end.get() || committed == 0) {
        try {
          Sql.run(session, "select count(*) from t");
          Sql.commit(session, "update t set n = n + 1 where id = " + (number % 2 + 1));
          committed++;
        } catch (SqlFailure e) {
          assertThat(e.error().sqlState()).as(e.error().message()).isIn("40001", "40P01");
          session.rollback();
        }
      }
      return committed;
    } catch (SqlFailure e) {
      throw new AssertionError(e);
    }
  }
}
