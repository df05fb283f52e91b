package halab.cli;

import halab.cli.lab.LiveLab;
import halab.cli.live.VendorLogs;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab logs}: the vendor's log files as they are, of one daemon, a host or all. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = {
      "Show the vendor's own log lines of a daemon, of a host's daemons or of all.",
      "The files are in labs/LAB/HOST/log; HALab's decision.log is in the folder of each daemon there."
    })
final class LogsCommand implements Callable<Integer> {
  private static final long LOOK_EVERY_MS = 100;
  private static final int STAMP_CHARS = 23;

  @ParentCommand private Main main;
  @Mixin private Labs labs;

  @Parameters(
      paramLabel = "TARGET",
      arity = "0..2",
      description = "n1/dmcss, n1, @control, ...; everything when left out.")
  private List<String> target = new ArrayList<>();

  @Option(names = "-f", description = "Follow: show new lines as they come, until interrupted.")
  private boolean follow;

  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "40",
      description = "Begin with the last N lines (${DEFAULT-VALUE}); 0 for all.")
  private int last;

  /** A line and whose it is. */
  private record Line(Endpoint daemon, String text) {
    String stamp() {
      return text.length() < STAMP_CHARS ? text : text.substring(0, STAMP_CHARS);
    }
  }

  @Override
  public Integer call() throws IOException {
    try (LiveLab lab = labs.open()) {
      Map<Endpoint, VendorLogs> logs = new LinkedHashMap<>();
      for (Endpoint daemon : daemons(lab)) {
        logs.put(daemon, VendorLogs.of(lab, daemon));
      }
      List<Line> lines = poll(logs);
      show(lines.subList(last <= 0 ? 0 : Math.max(0, lines.size() - last), lines.size()), logs);
      while (follow) {
        LiveLab.sleep(LOOK_EVERY_MS);
        show(poll(logs), logs);
      }
      return ExitCode.OK;
    }
  }

  private List<Endpoint> daemons(LiveLab lab) {
    List<Endpoint> vendors = lab.daemons().stream().filter(d -> lab.hasVendorLog(d)).toList();
    if (target.isEmpty()) {
      return vendors;
    }
    if (target.size() == 1 && lab.hosts().contains(target.get(0))) {
      return vendors.stream().filter(d -> d.host().equals(target.get(0))).toList();
    }
    String wanted = FaultCommands.target(lab, target);
    List<Endpoint> named = lab.who(wanted);
    if (named.stream().anyMatch(d -> !vendors.contains(d))) {
      throw Failure.usage(wanted + " has no vendor log; daemons that have one: " + vendors);
    }
    return named;
  }

  /** New lines of all logs in the order of their time stamps, which sort as text. */
  private static List<Line> poll(Map<Endpoint, VendorLogs> logs) {
    List<Line> lines = new ArrayList<>();
    logs.forEach((daemon, log) -> log.poll().forEach(text -> lines.add(new Line(daemon, text))));
    if (logs.size() > 1) {
      lines.sort(java.util.Comparator.comparing(Line::stamp));
    }
    return lines;
  }

  private void show(List<Line> lines, Map<Endpoint, VendorLogs> logs) {
    for (Line line : lines) {
      String whose = logs.size() > 1 ? main.out.dim(pad(line.daemon().toString(), logs)) : "";
      main.out.line(whose + LogColours.line(main.out, line.text()));
    }
  }

  private static String pad(String name, Map<Endpoint, VendorLogs> logs) {
    int width = logs.keySet().stream().mapToInt(d -> d.toString().length()).max().orElse(0);
    return name + " ".repeat(width - name.length()) + "  ";
  }
}
