package halab.cli.scenario;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.cli.load.LabLoad;
import halab.cli.load.LabWhere;
import halab.cli.load.LoadSettings;
import halab.cli.load.Report;
import halab.cli.load.ReportText;
import halab.cli.load.check.Workload;
import halab.cli.sql.Standpoint;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import halab.sim.Verdict;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Clients that write while a scenario runs, from the database's first answer on, and the verdict on
 * their data. They hear from the scenario what is done to the lab, so that outages have a cause.
 */
final class Writers implements ScenarioRunner.Narrator, AutoCloseable {
  private static final int CLIENTS = 3;

  /** A healthy lab is not broken before somebody writes to it, or this is over. */
  private static final long FIRST_WRITE_MS = 10_000;

  private static final long SERVES_MS = 5_000;
  private static final long SERVES_AGAIN_MS = 30_000;

  private final LiveLab lab;
  private final Workload workload;
  private final Story story;
  private LabLoad load;

  Writers(LiveLab lab, Workload workload, Story story) {
    this.lab = lab;
    this.workload = workload;
    this.story = story;
  }

  @Override
  public void begins(Scenario.Step step, long atMs) {
    if (load == null) {
      // The lab's places are known once its hosts are on.
      LoadSettings settings =
          new LoadSettings(workload, CLIENTS, 1, null, LoadSettings.ANSWER_MS, 0, false);
      load =
          LabLoad.begin(
              settings, LabWhere.of(Standpoint.outside(lab), LabWhere.USER, settings.answerMs()));
    }
    story.begins(step, atMs);
  }

  @Override
  public void disturbs(String what) {
    if (load.acknowledged() == 0 && healthy()) {
      load.writes(FIRST_WRITE_MS);
    }
    load.mark(what);
  }

  private boolean healthy() {
    return lab.subject().checks().unhealthy(lab.cluster(), lab.views()) == null;
  }

  @Override
  public void ends(Scenario.Step step, long atMs, String outcome) {
    story.ends(step, atMs, outcome);
  }

  /**
   * The verdict on the data. A lab that ended where nobody can write is repaired first; one that
   * did not do as it should is left as it is.
   *
   * @param passed whether the scenario itself did
   * @param repair repairs the lab; says what is missing in the end, or null
   * @return null if the data cannot be judged
   * @throws Failure if nobody can write when all is repaired
   */
  Verdict judged(boolean passed, Supplier<String> repair) throws IOException {
    if (load == null || !serves(passed, repair)) {
      return null;
    }
    Report report = load.stop();
    ReportText.brief(report).forEach(story::remark);
    return report.verdict();
  }

  private boolean serves(boolean passed, Supplier<String> repair) {
    if (load.writes(SERVES_MS)) {
      return true;
    }
    if (!passed) {
      story.remark("the data is not judged: nobody can write");
      return false;
    }
    story.remark("nobody can write; the lab is repaired, so that the data can be judged");
    String missing = repair.get();
    if (missing != null) {
      throw Failure.no("not healthy within bound(heal) after the last line: " + missing);
    }
    if (!load.writes(SERVES_AGAIN_MS)) {
      throw Failure.no("the lab is healthy, but nobody could write for " + SERVES_AGAIN_MS + " ms");
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (load != null) {
      load.close();
    }
  }
}
