package halab.kernel;

import java.util.Locale;

/**
 * Conditions that only a mistake of ours can break. Always on; a daemon that fails one exits 70.
 */
public final class Check {
  private Check() {}

  /** Throws {@link Failed} with the formatted message unless the condition holds. */
  public static void that(boolean condition, String message, Object... args) {
    if (!condition) {
      throw new Failed(String.format(Locale.ROOT, message, args));
    }
  }

  /** A broken condition: our bug, never the operator's and never the network's. */
  public static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Failed(String message) {
      super(message);
    }
  }
}
