package halab.cli.load;

import halab.cli.Columns;
import halab.cli.Out;
import halab.cli.Verdicts;
import halab.cli.load.check.Finding;
import halab.cli.load.check.Outages;
import halab.cli.load.check.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people. */
public final class ReportText {
  private static final int FINDINGS_SHOWN = 5;

  private ReportText() {}

  /** The lines; the last one is the verdict. */
  public static List<String> lines(Report report, Out out) {
    Columns columns = new Columns();
    Tally tally = report.tally();
    row(columns, "acknowledged", number(tally.acknowledged()) + " " + tally.what());
    row(columns, "found", tally.found() < 0 ? "not read back" : number(tally.found()));
    row(columns, "answer lost", lost(tally));
    row(columns, "operations", counts(report));
    row(columns, "writes", number(report.writesPerS()) + "/s for " + ms(report.ranMs()));
    row(columns, "latency", latency(report.latencyUs()));
    row(columns, "longest outage", outage(report.longest(), report.longestOfClient()));
    for (Outages.AfterMark mark : report.marks()) {
      String at = String.format(Locale.ROOT, "%.3f s: ", mark.atNs() / 1e9);
      row(columns, "after " + mark.mark(), at + outage(mark.all(), mark.client()));
    }
    row(columns, "own stalls", stalls(report.stalls()));
    List<String> lines = new ArrayList<>(columns.lines("  "));
    report.findings().stream()
        .limit(FINDINGS_SHOWN)
        .map(f -> "  " + (f.kind() == Finding.Kind.UNKNOWN ? "unknown  " : "wrong  ") + f.what())
        .forEach(lines::add);
    lines.add(Verdicts.line(out, report.verdict()));
    return lines;
  }

  /** The data and the outages in a few lines, for a run whose verdict is about more than them. */
  public static List<String> brief(Report report) {
    List<String> lines = new ArrayList<>();
    Tally tally = report.tally();
    String found = tally.found() < 0 ? "not read back" : number(tally.found()) + " found";
    lines.add(
        number(tally.acknowledged())
            + " "
            + tally.what()
            + " acknowledged, "
            + found
            + "; answers lost: "
            + lost(tally)
            + "; longest outage "
            + over(report.longest()));
    for (Outages.AfterMark mark : report.marks()) {
      lines.add("outage after " + mark.mark() + ": " + over(mark.all()));
    }
    report.findings().stream()
        .limit(FINDINGS_SHOWN)
        .forEach(f -> lines.add(f.kind().name().toLowerCase(Locale.ROOT) + ": " + f.what()));
    return lines;
  }

  private static void row(Columns columns, String name, String text) {
    columns.row(name, text);
  }

  private static String lost(Tally tally) {
    return tally.unknown() == 0 || tally.unknownFound() < 0
        ? number(tally.unknown())
        : number(tally.unknown()) + ", of which " + number(tally.unknownFound()) + " were found";
  }

  private static String counts(Report report) {
    return number(report.ok())
        + " ok, "
        + number(report.failed())
        + " refused, "
        + number(report.unknown())
        + " unknown";
  }

  private static String latency(Report.LatencyUs us) {
    return String.format(
        Locale.ROOT,
        "50%% %s, 95%% %s, 99%% %s, 99.9%% %s, longest %s ms",
        inMs(us.p50()),
        inMs(us.p95()),
        inMs(us.p99()),
        inMs(us.p999()),
        inMs(us.max()));
  }

  private static String inMs(long us) {
    return String.format(Locale.ROOT, "%.1f", us / 1e3);
  }

  private static String outage(Outages.Outage all, Outages.Outage client) {
    return over(all) + ", of one client " + client.ms() + " ms";
  }

  private static String over(Outages.Outage outage) {
    return outage.ms() + " ms" + (outage.over() ? "" : " and not over");
  }

  private static String stalls(Report.Stalls stalls) {
    return stalls.count() == 0
        ? "none"
        : stalls.count()
            + ", together "
            + stalls.ms()
            + " ms, longest "
            + stalls.longestMs()
            + " ms";
  }

  private static String ms(long ms) {
    return String.format(Locale.ROOT, "%.1f s", ms / 1e3);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
