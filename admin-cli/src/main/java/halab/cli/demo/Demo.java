package halab.cli.demo;

import halab.cli.Columns;
import halab.cli.Failure;
import halab.cli.Out;
import halab.cli.Verdicts;
import halab.cli.fault.Faults;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Reports;
import halab.cli.lab.Starter;
import halab.cli.live.LiveDriver;
import halab.cli.live.VendorLogs;
import halab.cli.load.Report;
import halab.cli.load.check.Outages;
import halab.cli.scenario.ScenarioFiles;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupType;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.sim.GoldenText;
import halab.sim.Verdict;
import halab.systems.dsc.DcrNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * The main job as a story: a cluster, kill -9 of its control instance, what DMCSS does about it,
 * the instance's return, and a verdict. The judge is the log: it has to say what a real cluster's
 * log said, line by line.
 */
final class Demo {
  private static final long PROCESSES_MS = 30_000;
  private static final long ANSWER_WITHIN_MS = 60_000;
  private static final String END_OF_HANDLING = "to (OPEN, STARTUP)";

  private final LiveLab lab;
  private final Out out;
  private final Screen screen;
  private final LiveDriver driver;
  private final Starter starter;
  private final Faults faults;
  private final Writers writers;
  private final Columns times = new Columns();

  Demo(LiveLab lab, Out out) {
    this.lab = lab;
    this.out = out;
    this.screen = new Screen(out);
    this.driver = new LiveDriver(lab, screen::small);
    this.starter = new Starter(lab, screen::small);
    this.faults = new Faults(lab, screen::say);
    this.writers = new Writers(lab, out);
  }

  /** What stops the story: a promise that was not kept. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  Verdict run() throws IOException {
    long began = System.nanoTime();
    try (writers) {
      cluster();
      writing();
      Endpoint victim = one("@control DB");
      Endpoint css = one("@control CSS");
      Endpoint survivor = one("@normal DB");
      drill();
      crash(victim, survivor, css);
      rejoin(victim, survivor, css);
      Report report = readBack();
      explained();
      Verdict cluster =
          Verdict.pass(
              String.format(
                  Locale.ROOT,
                  "control moved from %s to %s and stayed there; both logs are those of a real cluster"
                      + " (seed 001), line by line (%.0f s)",
                  victim,
                  survivor,
                  (System.nanoTime() - began) / 1e9));
      return Verdicts.both(cluster, report.verdict());
    } catch (Broken | Failure e) {
      String doubt = driver.doubt();
      return doubt == null
          ? Verdict.fail(e.getMessage())
          : Verdict.inconclusive(e.getMessage() + " (" + doubt + ")");
    }
  }

  private void cluster() throws Broken, IOException {
    screen.title("HALab: a Dameng DSC cluster of two hosts loses its control instance");
    screen.step("A cluster");
    screen.say(
        "n1 and n2 share a voting disk, a DCR disk and a data disk. Each runs dmcss, dmasmsvr");
    screen.say("and dmserver, every one a process of its own on this machine. Disk check counts:");
    screen.say(
        "CSS "
            + dskchkS(GroupType.CSS)
            + " s, ASM "
            + dskchkS(GroupType.ASM)
            + " s, DB "
            + dskchkS(GroupType.DB)
            + " s (--fast). Files: "
            + lab.dir());
    long began = System.nanoTime();
    starter.powerOn(List.of());
    long atMost = lab.system().boundMs("start", lab.plan()) + PROCESSES_MS;
    String missing = starter.awaitHealthy(atMost, screen::waiting);
    out.done();
    if (missing != null) {
      throw new Broken("the cluster did not get healthy within " + atMost + " ms: " + missing);
    }
    screen.say(out.green("healthy") + " after " + seconds(System.nanoTime() - began));
    screen.step("What its operator sees");
    monitor("show");
  }

  private void writing() throws Broken {
    screen.step("Its users");
    if (!writers.begin()) {
      throw new Broken("nobody can write to the healthy cluster");
    }
    screen.say(
        Writers.CLIENTS
            + " clients move money between accounts from now on, and note every answer.");
    screen.say("They come in by the cluster's addresses, where that fails by its hosts.");
  }

  private void drill() throws Broken {
    DcrNames names = DcrNames.of(lab.plan());
    screen.step("A drill: automatic restart off, so that what dies stays dead for a while");
    monitor("set " + names.group(GroupType.DB) + " auto restart off");
  }

  private void crash(Endpoint victim, Endpoint survivor, Endpoint css) throws Broken, IOException {
    screen.step("kill -9 of the control instance, " + victim);
    VendorLogs log = VendorLogs.of(lab, css);
    log.poll();
    writers.mark("kill -9 of " + victim);
    long killed = System.nanoTime();
    faults.process(new Fault.Process(Fault.ProcessOp.KILL, victim));
    screen.say(
        "From here on the log of the control CSS, " + lab.logFile(css) + " on " + css.host() + ":");
    out.line("");
    Handling handling =
        follow(log, "crash", Notes.crash(dskchkS(GroupType.DB)), "Detected EP", killed);
    matches(handling, "control-ep-crash.txt");
    screen.step("What is left");
    Reports.groups(out, lab.status()).forEach(line -> screen.quote(List.of(line)));
    if (!one("@control DB").equals(survivor)) {
      throw new Broken("control of the DB group is at " + one("@control DB"));
    }
    sql(survivor, "select * from v$instance");
    times.row("kill -9 of " + victim, "0.0 s");
    times.row(
        "detected",
        seconds(handling.firstNanos - killed),
        "DCR_GRP_DSKCHK_CNT = " + dskchkS(GroupType.DB) + " s without a new heartbeat");
    times.row("handled", seconds(handling.endNanos - killed), bound("crash"));
  }

  private void rejoin(Endpoint victim, Endpoint survivor, Endpoint css) throws Broken, IOException {
    screen.step("The instance is started again");
    VendorLogs log = VendorLogs.of(lab, css);
    log.poll();
    writers.mark("start of " + victim);
    long started = System.nanoTime();
    faults.process(new Fault.Process(Fault.ProcessOp.START, victim));
    out.line("");
    Handling handling = follow(log, "rejoin", Notes.rejoin(), "startup2", started);
    matches(handling, "control-ep-rejoin.txt");
    String missing = starter.awaitHealthy(lab.system().boundMs("rejoin", lab.plan()), text -> {});
    if (missing != null) {
      throw new Broken("not healthy after the rejoin: " + missing);
    }
    if (!one("@control DB").equals(survivor)) {
      throw new Broken("control of the DB group moved to " + one("@control DB"));
    }
    times.row("started again", "0.0 s");
    times.row(
        "asked to be let in", seconds(handling.firstNanos - started), "the process has booted");
    times.row("rejoined", seconds(handling.endNanos - started), bound("rejoin"));
    screen.step("What its operator sees");
    monitor("show");
  }

  /** What became of everything that was acknowledged. */
  private Report readBack() throws IOException {
    screen.step("What its users saw");
    Report report = writers.end();
    screen.quote(Writers.lines(report));
    Iterator<String> bounds = List.of(bound("crash"), bound("rejoin")).iterator();
    for (Outages.AfterMark mark : report.marks()) {
      times.row(
          "no write after " + mark.mark(), Writers.seconds(mark.all()) + " long", bounds.next());
    }
    return report;
  }

  private void explained() {
    screen.step("Why it took that long");
    screen.quote(times.lines(""));
  }

  private String bound(String what) {
    return "bound(" + what + ") = " + lab.system().boundMs(what, lab.plan()) / 1000 + " s";
  }

  /** Lines of one handling, and when the first and the last one came. */
  private static final class Handling {
    final List<String> lines = new ArrayList<>();
    long firstNanos;
    long endNanos;
  }

  /** Shows the log until the handling is over, or its bound is. */
  private Handling follow(VendorLogs log, String bound, Notes notes, String first, long sinceNanos)
      throws Broken {
    Handling handling = new Handling();
    long boundMs = lab.system().boundMs(bound, lab.plan());
    long endNanos = sinceNanos + (long) (boundMs / lab.timeScale() * 1e6);
    boolean over = false;
    while (!over || handling.endNanos == 0) {
      for (String line : log.poll()) {
        handling.lines.add(line);
        screen.log(line, notes.on(line));
        if (line.contains(first) && handling.firstNanos == 0) {
          handling.firstNanos = System.nanoTime();
        }
        // The summary follows the last change of status.
        if (over && line.contains("n_ok_ep")) {
          handling.endNanos = System.nanoTime();
        }
        over |= line.contains(END_OF_HANDLING);
      }
      String unsafe = lab.subject().checks().unsafe(lab.views());
      if (unsafe != null) {
        throw new Broken(unsafe);
      }
      if (System.nanoTime() > endNanos) {
        throw new Broken("not over within bound(" + bound + ") = " + boundMs + " ms");
      }
      LiveLab.sleep(50);
    }
    return handling;
  }

  /** The lines have to be those of the article, numbers and names apart. */
  private void matches(Handling handling, String golden) throws Broken, IOException {
    Path file = ScenarioFiles.home().resolve("dsc").resolve("golden").resolve(golden);
    GoldenText wanted = GoldenText.parse(Files.readString(file));
    GoldenText.Match match = wanted.find(handling.lines);
    if (!match.found()) {
      throw new Broken(
          "the log is not that of a real cluster, seed 001 (" + golden + "): " + match.why());
    }
    out.line("");
    screen.say(
        out.green("as in the published log of a real cluster (seed 001)")
            + ": "
            + wanted.size()
            + " lines in the same order, command numbers by the counter rule");
  }

  private void monitor(String command) throws Broken {
    screen.command("halab dmcssm -c \"" + command + "\"");
    Endpoint monitor = lab.subject().checks().monitor(lab.plan());
    List<String> answer = new ArrayList<>();
    int code =
        lab.client()
            .run(
                monitor,
                List.of(command.split(" ")),
                ANSWER_WITHIN_MS,
                text -> answer.addAll(text.lines().toList()));
    screen.quote(answer);
    if (code != 0) {
      throw new Broken("the monitor answered '" + command + "' with exit code " + code);
    }
  }

  private void sql(Endpoint instance, String statement) throws Broken, IOException {
    screen.command(
        "halab sql " + instance.host() + " -c \"" + statement.replace("$", "\\$") + "\"");
    List<String> answer = writers.sql(instance, statement);
    if (answer == null) {
      throw new Broken(instance + " does not answer '" + statement + "'");
    }
    screen.quote(answer);
  }

  private Endpoint one(String target) throws Broken {
    List<Endpoint> found = lab.who(target);
    if (found.size() != 1) {
      throw new Broken(target + " is several: " + found);
    }
    return found.get(0);
  }

  private int dskchkS(GroupType type) {
    return lab.plan().disks().stream()
        .flatMap(disk -> disk.blocks().values().stream())
        .filter(DcrGroup.class::isInstance)
        .map(DcrGroup.class::cast)
        .filter(group -> group.getType() == type)
        .mapToInt(DcrGroup::getDskchkCnt)
        .findFirst()
        .orElse(0);
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
