package halab.it;

import java.util.concurrent.Callable;

/** Waits for a condition, never longer than its bound. */
final class Bound {
  private static final long LOOK_EVERY_MS = 200;

  private Bound() {}

  /** An error from the condition counts as "not yet" until the bound; then it is told. */
  static void await(String what, int seconds, Callable<Boolean> condition)
      throws InterruptedException {
    long endNanos = System.nanoTime() + seconds * 1_000_000_000L;
    Throwable last = null;
    while (true) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception | AssertionError e) {
        last = e;
      }
      if (System.nanoTime() > endNanos) {
        throw new AssertionError("not seen within " + seconds + " s: " + what, last);
      }
      Thread.sleep(LOOK_EVERY_MS);
    }
  }
}
