package halab.cli.demo;

import halab.cli.Columns;
import halab.cli.Out;
import halab.cli.lab.LiveLab;
import halab.cli.load.LabLoad;
import halab.cli.load.LabWhere;
import halab.cli.load.LoadSettings;
import halab.cli.load.Report;
import halab.cli.load.check.Outages;
import halab.cli.load.check.Tally;
import halab.cli.load.check.Workload;
import halab.cli.sql.SqlSession;
import halab.cli.sql.Standpoint;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The demo as its users see it: clients that write through all of it, and SQL to an instance. */
final class Writers implements AutoCloseable {
  static final int CLIENTS = 3;
  private static final long FIRST_WRITE_MS = 30_000;

  private final LiveLab lab;
  private final Out out;
  private LabLoad load;

  Writers(LiveLab lab, Out out) {
    this.lab = lab;
    this.out = out;
  }

  /** Begins, and says whether a write was acknowledged within half a minute. */
  boolean begin() {
    LoadSettings settings =
        new LoadSettings(Workload.BANK, CLIENTS, 1, null, LoadSettings.ANSWER_MS, 0, false);
    load =
        LabLoad.begin(
            settings, LabWhere.of(Standpoint.outside(lab), LabWhere.USER, settings.answerMs()));
    return load.writes(FIRST_WRITE_MS);
  }

  void mark(String what) {
    load.mark(what);
  }

  /** Reads everything back. */
  Report end() throws IOException {
    return load.stop();
  }

  /** What the report says of the data, as rows of a table. */
  static List<String> lines(Report report) {
    Columns columns = new Columns();
    Tally tally = report.tally();
    columns.row(tally.what() + " acknowledged", number(tally.acknowledged()));
    columns.row(tally.what() + " found", number(tally.found()));
    columns.row("answers lost", number(tally.unknown()));
    columns.row("longest outage", seconds(report.longest()));
    return columns.lines("");
  }

  static String seconds(Outages.Outage outage) {
    return String.format(Locale.ROOT, "%.1f s", outage.ms() / 1e3);
  }

  private static String number(long number) {
    return number < 0 ? "not read back" : String.format(Locale.ROOT, "%,d", number);
  }

  /** What {@code halab sql HOST -c SQL} prints; null if it does not end well. */
  List<String> sql(Endpoint instance, String statement) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (SqlSession session = SqlSession.of(Standpoint.outside(lab), instance.host(), "halab")) {
      Out into = new Out(stream, stream, out.terminal());
      int exitCode = session.talk(into, false, List.of(statement), false);
      return exitCode == ExitCode.OK
          ? bytes.toString(StandardCharsets.UTF_8).lines().toList()
          : null;
    }
  }

  @Override
  public void close() throws IOException {
    if (load != null) {
      load.close();
    }
  }
}
