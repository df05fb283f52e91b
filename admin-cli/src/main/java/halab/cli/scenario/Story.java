package halab.cli.scenario;

import halab.cli.Out;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import java.util.Locale;

/** Tells a scenario while it runs: time, line, outcome. */
public final class Story implements ScenarioRunner.Narrator {
  private static final int TEXT_WIDTH = 62;

  private final Out out;
  private boolean open;

  public Story(Out out) {
    this.out = out;
  }

  @Override
  public void begins(Scenario.Step step, long atMs) {
    String line =
        String.format(Locale.ROOT, "%8.1f s  %-" + TEXT_WIDTH + "s", atMs / 1000.0, step.text());
    if (out.terminal()) {
      out.text(line + out.dim("  ..."));
      open = true;
    } else {
      out.text(line);
    }
  }

  @Override
  public void ends(Scenario.Step step, long atMs, String outcome) {
    boolean bad =
        step.text().startsWith("expect") && !outcome.isEmpty() && !outcome.startsWith("after ");
    String shown = outcome.isEmpty() ? "ok" : outcome;
    if (open) {
      out.text("\b\b\b\033[K");
      open = false;
    } else {
      out.text("  ");
    }
    out.line(bad ? out.red(shown) : out.green(shown));
  }

  /** A remark between two lines, such as the receipt of a fault. */
  public void remark(String text) {
    if (open) {
      out.text("\r\033[K");
      open = false;
    } else {
      out.line("");
    }
    out.text(out.dim(" ".repeat(12) + text));
  }
}
