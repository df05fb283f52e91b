package halab.cli.demo;

import halab.cli.Columns;
import halab.cli.Failure;
import halab.cli.Out;
import halab.cli.Verdicts;
import halab.cli.fault.Faults;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Starter;
import halab.cli.live.LiveDriver;
import halab.cli.live.VendorLogs;
import halab.cli.load.Report;
import halab.cli.load.check.Outages;
import halab.kernel.Endpoint;
import halab.sim.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** What every demo is played with: a lab, its users, a screen, and a table of times. */
final class Stage {
  private static final long PROCESSES_MS = 30_000;
  private static final long ANSWER_WITHIN_MS = 60_000;
  private static final long LOOK_EVERY_MS = 50;

  final LiveLab lab;
  final Out out;
  final Screen screen;
  final Faults faults;
  final Writers writers;
  final Columns times = new Columns();
  private final LiveDriver driver;
  private final Starter starter;
  private Report report;

  Stage(LiveLab lab, Out out) {
    this.lab = lab;
    this.out = out;
    this.screen = new Screen(out);
    this.driver = new LiveDriver(lab, screen::small);
    this.starter = new Starter(lab, screen::small);
    this.faults = new Faults(lab, screen::say);
    this.writers = new Writers(lab, out);
  }

  /** Says when what a log tells has come to its end. */
  interface Ending {
    /**
     * @param fresh lines since the last call, often none
     */
    boolean over(List<String> fresh);
  }

  Verdict run(Play play) throws IOException {
    long began = System.nanoTime();
    try (writers) {
      String shown = play.play(this);
      Verdict cluster =
          Verdict.pass(
              String.format(Locale.ROOT, "%s (%.0f s)", shown, (System.nanoTime() - began) / 1e9));
      return Verdicts.both(cluster, report.verdict());
    } catch (Broken | Failure e) {
      String doubt = driver.doubt();
      return doubt == null
          ? Verdict.fail(e.getMessage())
          : Verdict.inconclusive(e.getMessage() + " (" + doubt + ")");
    }
  }

  /** Powers everything on and waits until the vendor would call it healthy. */
  void start() throws Broken, IOException {
    long began = System.nanoTime();
    starter.powerOn(List.of());
    long atMost = lab.system().boundMs("start", lab.plan()) + PROCESSES_MS;
    String missing = starter.awaitHealthy(atMost, screen::waiting);
    out.done();
    if (missing != null) {
      throw new Broken("the cluster did not get healthy within " + atMost + " ms: " + missing);
    }
    screen.say(out.green("healthy") + " after " + seconds(System.nanoTime() - began));
  }

  /** Waits until it is healthy again, for no longer than this bound. */
  void healthy(String bound) throws Broken {
    String missing = starter.awaitHealthy(lab.system().boundMs(bound, lab.plan()), text -> {});
    if (missing != null) {
      throw new Broken("not healthy after the " + bound + ": " + missing);
    }
  }

  /**
   * Its users begin.
   *
   * @param way by which they come in
   */
  void writing(String way) throws Broken {
    screen.step("Its users");
    if (!writers.begin()) {
      throw new Broken("nobody can write to the healthy cluster");
    }
    screen.say(
        Writers.CLIENTS
            + " clients move money between accounts from now on, and note every answer.");
    screen.say(way);
  }

  /** Shows a log until it is over, or its bound is. */
  void follow(VendorLogs log, String bound, Notes notes, long sinceNanos, Ending ending)
      throws Broken {
    long boundMs = lab.system().boundMs(bound, lab.plan());
    long endNanos = sinceNanos + (long) (boundMs / lab.timeScale() * 1e6);
    boolean over = false;
    while (!over) {
      List<String> fresh = log.poll();
      fresh.forEach(line -> screen.log(line, notes.on(line)));
      over = ending.over(fresh);
      String unsafe = lab.subject().checks().unsafe(lab.views());
      if (unsafe != null) {
        throw new Broken(unsafe);
      }
      if (!over && System.nanoTime() > endNanos) {
        throw new Broken("not over within bound(" + bound + ") = " + boundMs + " ms");
      }
      LiveLab.sleep(LOOK_EVERY_MS);
    }
  }

  /**
   * What became of everything that was acknowledged.
   *
   * @param bounds of the marks that were set, in their order
   */
  void readBack(List<String> bounds) throws IOException {
    screen.step("What its users saw");
    report = writers.end();
    screen.quote(Writers.lines(report));
    Iterator<String> next = bounds.iterator();
    for (Outages.AfterMark mark : report.marks()) {
      times.row(
          "no write after " + mark.mark(),
          Writers.seconds(mark.all()) + " long",
          bound(next.next()));
    }
  }

  void explained() {
    screen.step("Why it took that long");
    screen.quote(times.lines(""));
  }

  String bound(String what) {
    return "bound(" + what + ") = " + lab.system().boundMs(what, lab.plan()) / 1000 + " s";
  }

  /** A command at the vendor's monitor, and its answer. */
  void monitor(String command) throws Broken {
    screen.command("halab " + lab.system().monitor().name() + " -c \"" + command + "\"");
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

  void sql(Endpoint instance, String statement) throws Broken, IOException {
    screen.command(
        "halab sql " + instance.host() + " -c \"" + statement.replace("$", "\\$") + "\"");
    List<String> answer = writers.sql(instance, statement);
    if (answer == null) {
      throw new Broken(instance + " does not answer '" + statement + "'");
    }
    screen.quote(answer);
  }

  Endpoint one(String target) throws Broken {
    List<Endpoint> found = lab.who(target);
    if (found.size() != 1) {
      throw new Broken(target + " is several: " + found);
    }
    return found.get(0);
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
