package halab.cli.scenario;

import halab.cli.Out;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import java.util.Locale;

/** Tells a scenario while it runs: each line with its time, and below it what came of it. */
public final class Story implements ScenarioRunner.Narrator {
  private static final String INDENT = " ".repeat(12);

  private final Out out;

  public Story(Out out) {
    this.out = out;
  }

  @Override
  public void begins(Scenario.Step step, long atMs) {
    out.line(String.format(Locale.ROOT, "%8.1f s  ", atMs / 1000.0) + out.bold(step.text()));
  }

  @Override
  public void ends(Scenario.Step step, long atMs, String outcome) {
    String text = step.text().replaceAll("\\s+", " ");
    if (outcome.isEmpty() || outcome.equals(text)) {
      return;
    }
    boolean bad = text.startsWith("expect") && !outcome.startsWith("after ");
    out.line(INDENT + (bad ? out.red(outcome) : out.green(outcome)));
  }

  /** A remark below a line, such as the receipt of a fault. */
  public void remark(String text) {
    out.line(INDENT + out.dim(text));
  }
}
