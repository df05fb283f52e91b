package halab.cli;

import halab.kernel.ExitCode;

/** The end of a command that says what is wrong, where, and what to do, in one line. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  public Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The answer is no, or the thing asked for cannot be done now: exit code 1. */
  public static Failure no(String message) {
    return new Failure(ExitCode.NO, message);
  }

  /** The words of the command line make no sense: exit code 64. */
  public static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }

  /** The lab or the machine is not set up as needed: exit code 78. */
  public static Failure config(String message) {
    return new Failure(ExitCode.CONFIG, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
