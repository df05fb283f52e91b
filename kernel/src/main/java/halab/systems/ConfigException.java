package halab.systems;

import java.util.List;

/** The operator's configuration is wrong: every problem found, listed together. Exit code 78. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final List<Problem> problems;

  /** One thing that is wrong, where it stands, and what to do about it. Line 0: the whole file. */
  public record Problem(String file, int line, String what, String remedy) {
    @Override
    public String toString() {
      return file + (line > 0 ? ":" + line : "") + ": " + what + "; " + remedy;
    }
  }

  public ConfigException(List<Problem> problems) {
    super(String.join("\n", problems.stream().map(Problem::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
