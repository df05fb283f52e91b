package halab.sim;

import halab.kernel.ExitCode;

/**
 * How a run ended.
 *
 * @param reason why it failed or cannot be judged; for a PASS what was shown, may be empty
 */
public record Verdict(Kind kind, String reason) {
  /** INCONCLUSIVE: our own measured stalls could explain what went wrong. */
  public enum Kind {
    PASS(ExitCode.OK),
    FAIL(ExitCode.NO),
    INCONCLUSIVE(ExitCode.INCONCLUSIVE);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  public static Verdict pass(String shown) {
    return new Verdict(Kind.PASS, shown);
  }

  public static Verdict fail(String reason) {
    return new Verdict(Kind.FAIL, reason);
  }

  public static Verdict inconclusive(String reason) {
    return new Verdict(Kind.INCONCLUSIVE, reason);
  }

  public boolean passed() {
    return kind == Kind.PASS;
  }

  public int exitCode() {
    return kind.exitCode;
  }

  /** {@code FAIL: reason}, on one line. */
  @Override
  public String toString() {
    return reason.isEmpty() ? kind.name() : kind.name() + ": " + reason.replace('\n', ' ');
  }
}
