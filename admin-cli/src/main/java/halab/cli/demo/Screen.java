package halab.cli.demo;

import halab.cli.LogColours;
import halab.cli.Out;
import java.util.List;

/** How the demo looks: numbered headings, remarks, quoted screens and logs. */
final class Screen {
  private static final int RULE = 100;

  private final Out out;
  private int step;

  Screen(Out out) {
    this.out = out;
  }

  void title(String text) {
    out.line("");
    out.line(out.bold(text));
    out.line(out.dim("=".repeat(Math.min(RULE, text.length()))));
  }

  void step(String text) {
    step++;
    out.line("");
    out.line(out.cyan(step + ".") + " " + out.bold(text));
  }

  void say(String text) {
    out.line("   " + text);
  }

  void small(String text) {
    out.line(out.dim("   " + text));
  }

  /** What the cluster is still at; nothing when there is no terminal to show it on. */
  void waiting(String text) {
    if (out.terminal()) {
      out.progress(out.dim("   waiting: " + text));
    }
  }

  void command(String text) {
    out.line("   " + out.cyan("$ " + text));
  }

  void quote(List<String> lines) {
    lines.forEach(line -> out.line("   " + line));
  }

  /** A line of the vendor's log, and what there is to say about it. */
  void log(String line, String note) {
    out.line("   " + LogColours.line(out, line));
    if (note != null) {
      out.line("   " + " ".repeat(23) + out.cyan("^ " + note));
    }
  }
}
