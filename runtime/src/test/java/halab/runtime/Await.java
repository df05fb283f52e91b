package halab.runtime;

import java.util.function.Supplier;

/** Waits for a condition with a bound generous enough for a busy machine. */
public final class Await {
  private static final long LIMIT_NS = 30_000_000_000L;

  private Await() {}

  public static void until(String what, Supplier<Boolean> holds) {
    long deadline = System.nanoTime() + LIMIT_NS;
    while (!holds.get()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("within 30 s not seen: " + what);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The first value that is not null. */
  public static <T> T value(String what, Supplier<T> source) {
    Object[] found = new Object[1];
    until(what, () -> (found[0] = source.get()) != null);
    @SuppressWarnings("unchecked")
    T value = (T) found[0];
    return value;
  }
}
