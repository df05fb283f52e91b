package halab.cli.scenario;

import halab.cli.Failure;
import halab.cli.Out;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Locale;

/** Tells a scenario while it runs: each line with its time, and below it what came of it. */
public final class Story implements ScenarioRunner.Narrator {
  private static final String INDENT = " ".repeat(12);

  private final Out out;

  /** Where the word to go on comes from; null for a story that does not wait. */
  private final BufferedReader pace;

  public Story(Out out) {
    this(out, null);
  }

  /**
   * A story that waits before each line.
   *
   * @param pace a line there leads on; "q" or its end is the end of the scenario
   */
  public Story(Out out, BufferedReader pace) {
    this.out = out;
    this.pace = pace;
  }

  @Override
  public void begins(Scenario.Step step, long atMs) {
    out.line(String.format(Locale.ROOT, "%8.1f s  ", atMs / 1000.0) + out.bold(step.text()));
    if (pace != null) {
      awaitWord(step);
    }
  }

  private void awaitWord(Scenario.Step step) {
    remark("Enter: go on; q: end");
    try {
      String word = pace.readLine();
      if (word == null || word.strip().equals("q")) {
        throw Failure.no("ended before line " + step.line() + ": " + step.text());
      }
    } catch (IOException e) {
      throw Failure.no("cannot read the word to go on: " + e);
    }
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
