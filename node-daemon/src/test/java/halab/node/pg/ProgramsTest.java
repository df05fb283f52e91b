package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** psql and pgbench themselves. */
class ProgramsTest {
  private static final long PROGRAM_MOST_S = 120;
  private static Served served;

  @TempDir private static Path dir;

  @BeforeAll
  static void serve() throws Exception {
    for (String program : List.of("psql", "pgbench")) {
      assumeTrue(
          Files.isExecutable(Path.of("/usr/bin", program)),
          "/usr/bin/" + program + " is not installed: PostgreSQL's programs are not tried");
    }
    served = new Served();
  }

  @AfterAll
  static void end() throws Exception {
    if (served != null) {
      served.close();
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(dir, "out", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PGHOST", "127.0.0.1",
                "PGPORT", Integer.toString(served.server.port()),
                "PGUSER", "ann",
                "PGDATABASE", "d",
                "LC_ALL", "C"));
    Process process = builder.redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(PROGRAM_MOST_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end of " + String.join(" ", command));
    }
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  private static String psql(String... commands) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"));
    for (String command : commands) {
      all.addAll(List.of("-c", command));
    }
    return run(all.toArray(String[]::new));
  }

  @Test
  void psqlDescribesWhatThereIs() throws Exception {
    psql(
        "create table dept(id int primary key, name varchar(20) not null unique)",
        "create table emp(id serial primary key, dept int references dept(id) on delete cascade,"
            + " pay numeric(10,2) default 0 check (pay >= 0), hired timestamptz, note text)",
        "create index emp_pay on emp(pay desc)",
        "create view paid as select id, pay from emp where pay > 0",
        "create table bare(x int)",
        "comment on table dept is 'where people work'");
    String seen =
        psql(
            "\\d dept", "\\d emp", "\\d paid", "\\d bare", "\\d emp_pay", "\\dt", "\\di", "\\dv",
            "\\dn", "\\du", "\\dt+ dept", "\\d+ bare");
    Path golden = Path.of("src/test/resources/halab/node/pg/psql.txt");
    if (Boolean.getBoolean("rewrite")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, seen);
    }
    assertThat(seen).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
    assertThat(psql("\\l")).contains(served.database.name());
    psql("drop view paid", "drop table emp, dept, bare");
  }

  @Test
  void psqlCopiesAndReportsErrors() throws Exception {
    Path rows = Files.writeString(dir.resolve("rows.csv"), "1,one\n2,\"two, too\"\n");
    psql(
        "create table copied(a int, b text)",
        "\\copy copied from '" + rows + "' csv",
        "\\copy copied to '" + dir.resolve("back.csv") + "' csv");
    assertThat(dir.resolve("back.csv")).hasSameTextualContentAs(rows);
    String seen =
        run("psql", "-X", "-c", "select * from missing", "-c", "select count(*) as n from copied");
    assertThat(seen).contains("ERROR:  relation \"missing\" does not exist").contains(" 2\n");
    psql("drop table copied");
  }

  @Test
  void pgbenchRunsItsScripts() throws Exception {
    assertThat(run("pgbench", "-i", "-s", "1", "-q")).contains("done in");
    for (String protocol : List.of("simple", "extended", "prepared")) {
      for (String script : List.of("tpcb-like", "simple-update", "select-only")) {
        String seen =
            run("pgbench", "-n", "-b", script, "-M", protocol, "-c", "4", "-j", "2", "-t", "25");
        assertThat(seen)
            .contains("number of transactions actually processed: 100/100")
            .contains("number of failed transactions: 0");
      }
    }
    String sums =
        psql(
            "select (select sum(abalance) from pgbench_accounts)"
                + " = (select sum(delta) from pgbench_history) as kept,"
                + " (select count(*) from pgbench_history) as n");
    assertThat(sums).contains(" t    | 600");
  }
}
