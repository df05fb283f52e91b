package halab.cli.scenario;

import halab.cli.Failure;
import halab.cli.Out;
import halab.cli.Verdicts;
import halab.cli.docker.Subnets;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Reports;
import halab.cli.lab.ThrowAway;
import halab.cli.live.LiveDriver;
import halab.cli.live.VendorLogs;
import halab.cli.load.check.Workload;
import halab.kernel.Endpoint;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import halab.sim.Verdict;
import java.io.IOException;
import java.util.List;

/** One scenario on real hosts, in a lab of its own that goes when it has ended. */
public final class LiveRun {
  private static final int LAST_LINES = 15;

  private final Scenario scenario;
  private final Out out;
  private final Story story;
  private final Workload workload;

  /**
   * A run of this scenario.
   *
   * @param workload of the clients that write while it runs; null for none
   */
  public LiveRun(Scenario scenario, Workload workload, Out out, Story story) {
    this.scenario = scenario;
    this.workload = workload;
    this.out = out;
    this.story = story;
  }

  /**
   * @param keep leaves the lab as it ended
   * @param docker in containers, not in processes of this machine
   */
  public Verdict run(boolean keep, boolean docker) throws IOException {
    // The engine knows all labs of a machine by name.
    String name = docker ? "scn-" + Long.toHexString(System.nanoTime() & 0xffffffL) : "scn";
    String net = docker ? Subnets.free() : null;
    try (ThrowAway throwAway = ThrowAway.make(name, scenario::plan, 1.0, net)) {
      LiveLab lab = throwAway.lab();
      LiveDriver driver = new LiveDriver(lab, story::remark);
      story.remark("lab: " + Reports.made(lab) + "; " + lab.dir());
      Verdict verdict = workload == null ? alone(driver) : withData(lab, driver);
      if (!verdict.passed()) {
        evidence(lab);
      }
      if (keep) {
        throwAway.keep();
        out.line(
            "the lab is left in " + lab.dir() + "; export HALAB_LABS=" + lab.dir().getParent());
      }
      return verdict;
    }
  }

  private Verdict alone(LiveDriver driver) throws IOException {
    return verdict(driver, new ScenarioRunner(scenario, driver, story)::run);
  }

  private Verdict withData(LiveLab lab, LiveDriver driver) throws IOException {
    try (Writers writers = new Writers(lab, workload, story)) {
      ScenarioRunner runner = new ScenarioRunner(scenario, driver, writers);
      Verdict seen = verdict(driver, runner::run);
      Verdict ofData = verdict(driver, () -> writers.judged(seen.passed(), runner::repair));
      return ofData == null ? seen : Verdicts.both(seen, ofData);
    }
  }

  /** A part of a run, with a verdict at its end. */
  private interface Part {
    Verdict run() throws IOException;
  }

  /** A fault that could not be put in, or a daemon that could not be started, is a verdict too. */
  private static Verdict verdict(LiveDriver driver, Part part) throws IOException {
    try {
      return part.run();
    } catch (Failure e) {
      String doubt = driver.doubt();
      return doubt == null
          ? Verdict.fail(e.getMessage())
          : Verdict.inconclusive(e.getMessage() + " (" + doubt + ")");
    }
  }

  /** The lab goes, so what could explain the verdict is shown first. */
  private void evidence(LiveLab lab) throws IOException {
    Reports.text(out, lab.status()).forEach(out::line);
    for (Endpoint daemon : lab.daemons()) {
      if (lab.hasVendorLog(daemon)) {
        List<String> lines = VendorLogs.of(lab, daemon).lines();
        out.line("");
        out.line(out.bold("last lines of " + lab.logFile(daemon) + " (" + daemon + "):"));
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).forEach(out::line);
      }
    }
  }
}
