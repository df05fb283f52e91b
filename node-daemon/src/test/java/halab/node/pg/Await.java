package halab.node.pg;

import java.util.function.BooleanSupplier;

/** Waits for a condition with a bound generous enough for a busy machine. */
final class Await {
  private static final long LIMIT_NS = 30_000_000_000L;

  private Await() {}

  static void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + LIMIT_NS;
    while (!holds.getAsBoolean()) {
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
}
