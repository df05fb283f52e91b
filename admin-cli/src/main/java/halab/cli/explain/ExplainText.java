package halab.cli.explain;

import halab.cli.Columns;
import halab.cli.Out;
import halab.systems.Flow;
import halab.systems.Term;
import halab.systems.Waterfall;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Waterfalls and predictions for people. Times in seconds of lab time. */
public final class ExplainText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final long TICK_MS = 1_000;

  private ExplainText() {}

  private static String clock(long wallMs) {
    return TIME.format(Instant.ofEpochMilli(wallMs).atZone(ZoneId.systemDefault()));
  }

  /** To a tenth of a second, and never "-0.0". */
  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%.1f s", Math.round(ms / 100.0) / 10.0);
  }

  private static String signed(long ms) {
    return (Math.round(ms / 100.0) < 0 ? "" : "+") + seconds(ms);
  }

  private static String range(long leastMs, long mostMs) {
    return String.format(
        Locale.ROOT, "%.1f to %.1f s", Math.max(0, leastMs) / 1000.0, mostMs / 1000.0);
  }

  // ---- measured ---------------------------------------------------------------------------------

  /** One failover, start or rejoin; {@code gap} is null when no load was told of. */
  public static List<String> waterfall(Out out, Waterfall w, Clients.Gap gap) {
    List<String> lines = new ArrayList<>();
    lines.add(out.bold(w.title()) + (w.over() ? "" : out.yellow("  (not over)")));
    String cause = w.cause().isEmpty() ? "not in the journal of faults" : w.cause();
    lines.add("  cause      " + cause + ", " + clock(w.beginMs()));
    lines.add("  measured   " + seconds(w.tookMs()) + ", " + end(w));
    lines.add(
        "  predicted  "
            + seconds(w.expectedMs())
            + " ("
            + range(Term.sum(w.terms(), Term::leastMs), Term.sum(w.terms(), Term::mostMs))
            + ")");
    lines.add("");
    lines.addAll(rows(out, w));
    lines.add("");
    lines.add("  difference " + difference(w));
    if (gap != null) {
      lines.add("  clients    " + clients(w, gap));
    }
    return lines;
  }

  private static String end(Waterfall w) {
    String at = clock(w.endMs());
    return w.over() ? "over at " + at : "so far, last change " + at;
  }

  private static List<String> rows(Out out, Waterfall w) {
    Columns columns = new Columns().row("at", "took", "expected", "ticks", "part", "why");
    for (Waterfall.Row row : w.rows()) {
      if (row.tookMs() == 0 && row.term().expectedMs() == 0 && row.notes().isEmpty()) {
        continue; // fell through
      }
      columns.row(
          signed(row.endMs() - w.beginMs()),
          seconds(row.tookMs()),
          seconds(row.term().expectedMs()));
      columns.cell(String.valueOf(Math.round(row.tookMs() / (TICK_MS * 1.0))));
      columns.cell(part(row), row.within() ? text -> text : out::yellow);
      columns.cell(why(row));
    }
    return columns.lines("  ");
  }

  private static String part(Waterfall.Row row) {
    String group = row.term().step().split(" ", 2)[0];
    return row.status().isEmpty() ? row.term().step() : group + " " + row.status();
  }

  private static String why(Waterfall.Row row) {
    StringJoiner why = new StringJoiner("; ");
    if (!row.term().parameter().isEmpty()) {
      why.add(row.term().parameter());
    }
    row.notes().forEach(why::add);
    return why.length() == 0 ? row.term().why() : why.toString();
  }

  private static String difference(Waterfall w) {
    StringJoiner parts = new StringJoiner(", ");
    for (Waterfall.Row row : w.differences()) {
      parts.add(signed(row.differenceMs()) + " " + part(row) + " (" + row.term().why() + ")");
    }
    parts.add(signed(w.smallDifferencesMs()) + " in all other parts");
    return signed(w.tookMs() - w.expectedMs()) + ": " + parts;
  }

  private static String clients(Waterfall w, Clients.Gap gap) {
    return "first acknowledged write again "
        + signed(gap.firstMs() - w.beginMs())
        + ", "
        + seconds(gap.firstMs() - gap.lastMs())
        + " after the last one";
  }

  // ---- predicted --------------------------------------------------------------------------------

  private static String range(Flow flow) {
    return range(Term.sum(flow.terms(), Term::leastMs), flow.boundMs());
  }

  /** All flows, a line each. */
  public static List<String> summary(List<Flow> flows) {
    Columns columns = new Columns().row("flow", "expected", "range", "what");
    for (Flow flow : flows) {
      columns.row(
          flow.name(),
          flow.ends() ? seconds(Term.sum(flow.terms(), Term::expectedMs)) : "never",
          flow.ends() ? range(flow) : flow.never(),
          flow.what());
    }
    return columns.lines("");
  }

  /** One flow with its parts. */
  public static List<String> flow(Out out, Flow flow) {
    List<String> lines = new ArrayList<>();
    lines.add(
        out.bold(flow.name())
            + "  "
            + (flow.ends()
                ? seconds(Term.sum(flow.terms(), Term::expectedMs)) + " (" + range(flow) + "): "
                : "never: " + flow.never() + "; ")
            + flow.what());
    Columns columns = new Columns().row("at", "takes", "at most", "part", "why");
    long atMs = 0;
    for (Term term : flow.terms()) {
      atMs += term.expectedMs();
      if (term.expectedMs() > 0 || term.mostMs() > TICK_MS) {
        columns.row(
            signed(atMs),
            seconds(term.expectedMs()),
            seconds(term.mostMs()),
            term.step(),
            term.parameter().isEmpty() ? term.why() : term.parameter() + ": " + term.why());
      }
    }
    lines.addAll(columns.lines("  "));
    return lines;
  }
}
