package halab.cli.scenario;

import halab.cli.Out;
import halab.cli.lab.LiveLab;
import halab.cli.lab.ThrowAway;
import halab.cli.live.LiveDriver;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import halab.sim.Verdict;
import java.io.IOException;

/** One scenario on real processes, in a lab of its own that goes when it has ended. */
public final class LiveRun {
  private final Scenario scenario;
  private final Out out;
  private final Story story;

  public LiveRun(Scenario scenario, Out out, Story story) {
    this.scenario = scenario;
    this.out = out;
    this.story = story;
  }

  /**
   * @param keep leaves the lab as it ended
   */
  public Verdict run(boolean keep) throws IOException {
    try (ThrowAway throwAway = ThrowAway.make("scn", scenario::plan, 1.0)) {
      LiveLab lab = throwAway.lab();
      LiveDriver driver = new LiveDriver(lab, story::remark);
      Verdict verdict = new ScenarioRunner(scenario, driver, story).run();
      if (keep) {
        throwAway.keep();
        out.line(
            "the lab is left in " + lab.dir() + "; export HALAB_LABS=" + lab.dir().getParent());
      }
      return verdict;
    }
  }
}
