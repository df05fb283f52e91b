package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;

import halab.node.redo.RedoCounters;
import halab.node.redo.RedoShape;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order, group commit, checkpoints and recovery of a single instance. */
class SingleDataTest {
  private static final int SESSIONS = 16;
  @TempDir Path dir;

  /** What each of many sessions does at the same time. */
  private interface Work {
    void run(int number, Session session) throws Exception;
  }

  private static void together(Single single, Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  try (Session session = single.session()) {
                    work.run(number, session);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Test
  void sessionsThatWaitShareAForce() throws Exception {
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      single.commit("create table t(id int primary key)");
      RedoCounters before = single.data.counters();
      single.device.slow(10);
      together(
          single,
          (number, session) -> {
            for (int i = 0; i < 10; i++) {
              Single.commit(session, "insert into t values (" + (number * 10 + i) + ")");
            }
          });
      long packages = single.data.counters().packages() - before.packages();
      long batches = single.data.counters().batches() - before.batches();
      assertThat(packages).isEqualTo(SESSIONS * 10);
      assertThat(batches).isLessThan(packages / 2);
      assertThat(single.end).hasNullValue();
    }
  }

  @Test
  void whoChangesVeryManyRowsIsNotHeldUpByOthersOfTheTable() throws Exception {
    try (Single single = new Single(dir, RedoShape.SINGLE);
        Session bulk = single.session()) {
      single.commit(
          "create table t(id int primary key, n int)",
          "insert into t select x, 0 from system_range(1, 5000) as r(x)");
      bulk.prepare("update t set n = 1 where id <= 3000").execute(List.of());
      single.commit("update t set n = 2 where id = 4000");
      bulk.commit();
      assertThat(single.numbers("select sum(n) from t")).containsExactly(3002L);
    }
  }

  /** The order of the redo is that of the engine also for those who claim a table as a whole. */
  @Test
  void bulksAndDefinitionsAreReplayedInTheirOrder() throws Exception {
    List<Long> rows;
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      single.commit("create table b(id int primary key, n int)");
      single.device.slow(5);
      together(
          single,
          (number, session) -> {
            String one =
                number % 4 == 0
                    ? "truncate table b"
                    : number % 4 == 1
                        ? "alter table b add column c" + number + " int default " + number
                        : "insert into b(id, n) select x + %d, 1 from system_range(1, 2100) as r(x)";
            for (int i = 0; i < 6; i++) {
              try {
                Single.commit(session, one.formatted((number * 10 + i) * 10_000));
              } catch (SqlFailure e) {
                assertThat(e.error().sqlState()).isIn("40001", "40P01", "42701");
                session.rollback();
              }
            }
          });
      assertThat(single.end).hasNullValue();
      rows = single.numbers("select id + n + c1 + c5 + c9 + c13 from b order by id");
    }
    remove(dir.resolve("store"));
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      assertThat(single.data.recovery().packages()).isPositive();
      assertThat(single.numbers("select id + n + c1 + c5 + c9 + c13 from b order by id"))
          .isEqualTo(rows);
    }
  }

  @Test
  void redoAloneRebuildsWhatManySessionsAndDefinitionsMade() throws Exception {
    List<Long> rows;
    long lsn;
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      single.commit("create table t(id int primary key, n int)", "insert into t values (-1, 0)");
      AtomicInteger retried = new AtomicInteger();
      together(
          single,
          (number, session) -> {
            for (int i = 0; i < 20; i++) {
              String row = "insert into t(id, n) values (" + (number * 20 + i) + ", 1)";
              String hot = "update t set n = n + 1 where id = -1";
              String column = "alter table t add column c" + number + " int default " + number;
              while (true) {
                try {
                  if (i == 10) {
                    Single.commit(session, column);
                  }
                  Single.commit(session, row, hot);
                  break;
                } catch (SqlFailure e) {
                  assertThat(e.error().sqlState()).isIn("40001", "40P01", "42701");
                  session.rollback();
                  retried.incrementAndGet();
                  column = "comment on table t is 'x'";
                }
              }
            }
          });
      assertThat(single.end).hasNullValue();
      rows = single.numbers("select id + n * 1000 + c3 + c15 from t order by id");
      lsn = single.data.database().appliedPositions().values().stream().max(Long::compare).get();
    }
    assertThat(rows).hasSize(SESSIONS * 20 + 1);
    assertThat(rows.get(0)).isEqualTo(-1 + SESSIONS * 20 * 1000 + 3 + 15);
    remove(dir.resolve("store"));
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      assertThat(single.data.recovery().lsn()).isEqualTo(lsn);
      assertThat(single.data.recovery().packages()).isPositive();
      assertThat(single.numbers("select id + n * 1000 + c3 + c15 from t order by id"))
          .isEqualTo(rows);
    }
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      assertThat(single.data.recovery().packages()).isZero();
    }
  }

  @Test
  void checkpointsLetALogGoRoundForever() throws Exception {
    String text = "x".repeat(2000);
    try (Single single = new Single(dir, Single.SMALL)) {
      single.commit("create table t(id int primary key, s varchar)");
      try (Session session = single.session()) {
        for (int i = 0; i < 500; i++) {
          Single.commit(session, "insert into t values (" + i + ", '" + text + i + "')");
        }
      }
      assertThat(single.data.counters().bytes()).isGreaterThan(3 * Single.SMALL.bytes());
      assertThat(single.end).hasNullValue();
    }
    try (Single single = new Single(dir, Single.SMALL)) {
      assertThat(single.numbers("select id from t order by id"))
          .isEqualTo(LongStream.range(0, 500).boxed().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"No space left on device", "Input/output error"})
  void whatWasAcknowledgedOutlivesAFailedWrite(String failure) throws Exception {
    Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      single.commit("create table t(id int primary key)");
      together(
          single,
          (number, session) -> {
            try {
              for (long i = 0; ; i++) {
                long id = number * 1_000_000L + i;
                Single.commit(session, "insert into t values (" + id + ")");
                acknowledged.add(id);
                if (acknowledged.size() > 100) {
                  single.device.fail(failure);
                }
              }
            } catch (IllegalStateException e) {
              // In a process of its own, it would be over before this.
              assertThat(e).hasMessageContaining(failure);
            }
          });
      assertThat(single.end.get()).isInstanceOf(IOException.class).hasMessageContaining(failure);
    }
    try (Single single = new Single(dir, RedoShape.SINGLE)) {
      assertThat(single.data.recovery().cut()).isNotNull();
      assertThat(single.numbers("select id from t"))
          .containsAll(acknowledged)
          .hasSizeLessThanOrEqualTo(acknowledged.size() + SESSIONS);
      single.commit("insert into t values (-1)");
    }
  }

  @Test
  void aTransactionThatFitsInNoSegmentIsRefusedAndNothingElse() throws Exception {
    try (Single single = new Single(dir, Single.SMALL);
        Session session = single.session()) {
      Single.commit(session, "create table t(id int primary key, s varchar)");
      StringBuilder noise = new StringBuilder();
      new java.util.Random(1).ints(100_000, 0x4e00, 0x9fa5).forEach(noise::appendCodePoint);
      SqlFailure refused = null;
      try {
        Single.commit(session, "insert into t values (1, '" + noise + "')");
      } catch (SqlFailure e) {
        refused = e;
      }
      assertThat(refused).isNotNull();
      assertThat(refused.error().sqlState()).isEqualTo("54000");
      Single.commit(session, "insert into t values (2, 'small')");
      assertThat(single.numbers("select id from t")).containsExactly(2L);
    }
  }
}
