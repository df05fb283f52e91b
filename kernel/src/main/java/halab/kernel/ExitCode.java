package halab.kernel;

/** Exit codes of every program of HALab. The README prints this table. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int NO = 1;
  public static final int INCONCLUSIVE = 2;
  public static final int USAGE = 64;
  public static final int BUG = 70;
  public static final int CONFIG = 78;
  public static final int SELF_FENCED = 86;
  public static final int KILLED_BY_PEER = 87;

  private ExitCode() {}
}
