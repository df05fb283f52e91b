package halab.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import halab.cli.Main;
import halab.cli.Out;
import halab.cli.load.check.Workload;
import halab.kernel.ExitCode;
import halab.sim.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a real PostgreSQL, which is killed while it is written to. */
class LoadPostgresTest {
  private static final long PATIENCE_NS = 60_000_000_000L;
  private static Postgres postgres;
  @TempDir private Path folder;

  /** What is acknowledged asynchronously stays in memory for ten seconds. */
  @BeforeAll
  static void needsPostgres() throws Exception {
    if (Postgres.missing() != null) {
      abort("not tested against PostgreSQL: " + Postgres.missing());
    }
    // Nobody but commits flushes the log: not its writer, not a page that is written or vacuumed.
    postgres =
        new Postgres(
            "wal_writer_delay=10s",
            "wal_buffers=64MB",
            "bgwriter_lru_maxpages=0",
            "autovacuum=off");
    postgres.up();
  }

  @AfterAll
  static void removePostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  private static void acknowledged(Load load, long more) {
    long enough = load.progress().acknowledged() + more;
    long giveUpNs = System.nanoTime() + PATIENCE_NS;
    while (load.progress().acknowledged() < enough) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(giveUpNs);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Report killed(LoadSettings settings, String url) throws Exception {
    Where where = new JdbcWhere(url, LoadSettings.ANSWER_MS);
    try (Load load = Load.start(settings, where)) {
      acknowledged(load, 200);
      postgres.checkpoint(); // the tables are there for good, whatever else gets lost
      acknowledged(load, 300);
      load.mark("kill -9");
      postgres.kill();
      postgres.up();
      acknowledged(load, 100);
      return load.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsEverythingAfterAKill(Workload workload) throws Exception {
    Path file = folder.resolve("h.jsonl");
    LoadSettings settings = new LoadSettings(workload, 8, 1, file, LoadSettings.ANSWER_MS, 0, true);
    Report report = killed(settings, postgres.url());
    assertThat(report.verdict()).matches(Verdict::passed, "PASS");
    assertThat(report.tally().acknowledged()).isGreaterThanOrEqualTo(600);
    assertThat(report.tally().found()).isEqualTo(report.tally().acknowledged());
    assertThat(report.marks().get(0).all().ms()).isPositive();
    assertThat(report.marks().get(0).all().over()).isTrue();
    assertThat(HistoryReader.report(file)).isEqualTo(report);
  }

  /** Acknowledged before it is durable: what a kill then takes with it has to be seen. */
  @Test
  void findsRowsLostThatWereAcknowledgedTooEarly() throws Exception {
    String early = postgres.url() + "&options=-c%20synchronous_commit=off";
    Report report = killed(LoadSettings.of(Workload.BANK), early);
    assertThat(report.verdict().kind()).isEqualTo(Verdict.Kind.FAIL);
    assertThat(report.verdict().reason()).contains("acknowledged row").contains("is lost");
    assertThat(report.tally().found()).isLessThan(report.tally().acknowledged());
  }

  @Test
  void isACommandThatPrintsTheVerdictLast() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Out out = new Out(stream, stream, false);
    String file = folder.resolve("h.jsonl").toString();
    String[] words = {
      "load", "--workload", "bank", "--seconds", "1", "--url", postgres.url(), "--history", file
    };
    assertThat(Main.run(out, words)).isEqualTo(ExitCode.OK);
    String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\n");
    assertThat(lines[0]).startsWith("8 clients, bank, at 127.0.0.1:");
    assertThat(lines[lines.length - 1]).startsWith("VERDICT PASS").contains("all found");
    bytes.reset();
    assertThat(Main.run(out, "load", "check", file, "--output", "json")).isEqualTo(ExitCode.OK);
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("\"verdict\" : \"PASS\"");
  }
}
