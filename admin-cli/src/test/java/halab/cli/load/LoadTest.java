package halab.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import halab.cli.load.check.Workload;
import halab.sim.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadTest {
  private static final long PATIENCE_NS = 30_000_000_000L;
  @TempDir private Path folder;
  private final H2Where where = new H2Where();

  private static void await(BooleanSupplier condition) {
    long giveUpNs = System.nanoTime() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(giveUpNs);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private LoadSettings settings(Workload workload) {
    return new LoadSettings(
        workload, 4, 1, folder.resolve("h.jsonl"), LoadSettings.ANSWER_MS, 0, false);
  }

  private static void acknowledged(Load load, long more) {
    long enough = load.progress().acknowledged() + more;
    await(() -> load.progress().acknowledged() >= enough);
  }

  @ParameterizedTest
  @EnumSource
  void findsEverythingInAGoodDatabase(Workload workload) throws Exception {
    try (Load load = Load.start(settings(workload), where)) {
      acknowledged(load, 500);
      Report report = load.stop();
      assertThat(report.verdict()).matches(Verdict::passed, "PASS");
      assertThat(report.tally().acknowledged()).isGreaterThanOrEqualTo(500);
      assertThat(report.tally().found()).isEqualTo(report.tally().acknowledged());
      assertThat(report.latencyUs().max()).isPositive();
      again(report);
    }
  }

  /** The file says the same. */
  private void again(Report report) throws IOException {
    Report read = HistoryReader.report(folder.resolve("h.jsonl"));
    assertThat(read).isEqualTo(report);
  }

  @ParameterizedTest
  @EnumSource
  void goesOnAfterAnOutageAndMeasuresIt(Workload workload) throws Exception {
    try (Load load = Load.start(settings(workload), where)) {
      acknowledged(load, 100);
      load.mark("refuse");
      where.refusing(true);
      // Longer than is asked for below: an acknowledgement may still be on its way to the recorder.
      await(() -> load.failingForMs() >= 400);
      where.refusing(false);
      acknowledged(load, 100);
      Report report = load.stop();
      assertThat(report.verdict()).matches(Verdict::passed, "PASS");
      assertThat(report.marks()).hasSize(1);
      assertThat(report.marks().get(0).mark()).isEqualTo("refuse");
      assertThat(report.marks().get(0).all().ms()).isGreaterThanOrEqualTo(300);
      assertThat(report.marks().get(0).all().over()).isTrue();
      assertThat(report.failed()).isPositive();
      again(report);
    }
  }

  @Test
  void doesNotKnowWhetherACommitHappenedWhoseAnswerWasLost() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    where.atCommit(
        real -> {
          int number = commits.incrementAndGet();
          if (number % 20 == 0) {
            real.commit();
          }
          if (number % 10 == 0) {
            real.close();
            throw new SQLException("reset", "08006");
          }
          real.commit();
        });
    try (Load load = Load.start(settings(Workload.BANK), where)) {
      acknowledged(load, 300);
      Report report = load.stop();
      assertThat(report.verdict()).matches(Verdict::passed, "PASS");
      assertThat(report.tally().unknown()).isPositive();
      assertThat(report.tally().unknownFound()).isPositive();
      assertThat(report.tally().unknownFound()).isLessThan(report.tally().unknown());
      again(report);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BANK", "APPEND"})
  void failsADatabaseThatAcknowledgesAndForgets(Workload workload) throws Exception {
    AtomicInteger commits = new AtomicInteger();
    where.atCommit(
        real -> {
          if (commits.incrementAndGet() % 50 == 0) {
            real.rollback();
          } else {
            real.commit();
          }
        });
    try (Load load = Load.start(settings(workload), where)) {
      acknowledged(load, 500);
      Report report = load.stop();
      assertThat(report.verdict().kind()).isEqualTo(Verdict.Kind.FAIL);
      assertThat(report.verdict().reason()).containsAnyOf("lost", "two orders", "list without");
      assertThat(report.tally().found()).isLessThan(report.tally().acknowledged());
      again(report);
    }
  }

  @Test
  void failsADatabaseThatKeepsWhatItRefused() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    where.atCommit(
        real -> {
          real.commit();
          if (commits.incrementAndGet() % 50 == 0) {
            throw new SQLException("conflict", "40001");
          }
        });
    try (Load load = Load.start(settings(Workload.BANK), where)) {
      acknowledged(load, 500);
      Report report = load.stop();
      assertThat(report.verdict().kind()).isEqualTo(Verdict.Kind.FAIL);
      assertThat(report.verdict().reason()).contains("though its transaction was refused");
    }
  }

  @Test
  void failsWhenTooLongNobodyCouldWrite() throws Exception {
    LoadSettings bounded =
        new LoadSettings(Workload.BANK, 2, 1, null, LoadSettings.ANSWER_MS, 400, false);
    try (Load load = Load.start(bounded, where)) {
      acknowledged(load, 10);
      where.refusing(true);
      await(() -> load.failingForMs() >= 2_000);
      where.refusing(false);
      acknowledged(load, 10);
      assertThat(load.stop().verdict().reason()).contains("at most 400 are allowed");
    }
  }

  @Test
  void refusesToBeginWhereTheLoginIsRefused() {
    Where closed =
        new Where() {
          @Override
          public Connection connection() throws SQLException {
            throw new SQLException("password authentication failed", "28P01");
          }

          @Override
          public String place() {
            return "h1:5236/test";
          }

          @Override
          public String address(Connection connection) {
            return "";
          }
        };
    assertThatThrownBy(() -> Load.start(settings(Workload.BANK), closed))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("h1:5236/test")
        .hasMessageContaining("28P01");
  }

  @Test
  void saysWhereItCannotWriteItsHistory() {
    Path nowhere = folder.resolve("nowhere").resolve("h.jsonl");
    LoadSettings settings =
        new LoadSettings(Workload.BANK, 1, 1, nowhere, LoadSettings.ANSWER_MS, 0, false);
    assertThatThrownBy(() -> Load.start(settings, where))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(nowhere.toString());
  }

  @Test
  void writesAHistoryThatBeginsWithItsHeader() throws Exception {
    try (Load load = Load.start(settings(Workload.REGISTER), where)) {
      acknowledged(load, 20);
      load.stop();
    }
    assertThat(Files.readAllLines(folder.resolve("h.jsonl")))
        .first()
        .asString()
        .contains("\"halab_history\":1")
        .contains("\"workload\":\"register\"");
  }
}
