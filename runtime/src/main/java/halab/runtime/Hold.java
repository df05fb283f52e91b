package halab.runtime;

import halab.kernel.Event;
import halab.kernel.Step;
import java.util.function.BooleanSupplier;

/**
 * Whether a loop lets events in by itself, or one at a time as somebody asks for them. Ticks are
 * not among what waits: a deadline that passed during a hold is due once, as after a SIGSTOP,
 * however long ago it passed. Loop thread only.
 */
public final class Hold<S> {
  /**
   * One event that was let in.
   *
   * @param before the state that met it
   * @param exitCode of the process, which ends with this event; null when it goes on
   */
  public record Stepped<S>(S before, Event event, Step<S> step, Integer exitCode) {}

  /** Who asked for the next event. */
  public interface Asker<S> {
    /** It came, and this is what it did. Called once unless {@link #nothingCame} is. */
    void stepped(Stepped<S> stepped);

    /** None came in time. */
    void nothingCame();
  }

  private boolean held;
  private Asker<S> asker;
  private BooleanSupplier wanted;
  private long untilNs;

  public boolean held() {
    return held;
  }

  /** From here on nothing comes in unasked. False when that was so already. */
  public boolean hold() {
    boolean changed = !held;
    held = true;
    return changed;
  }

  /** What waits comes in, in order, and whoever still waited for one event is told. */
  public boolean release() {
    boolean changed = held;
    held = false;
    if (asker != null) {
      take().nothingCame();
    }
    return changed;
  }

  /**
   * Asks for one event.
   *
   * @param waitNs how long one may be waited for, real nanoseconds
   * @param stillWanted false once nobody would hear the answer; then nothing is let in
   * @return null, or why not
   */
  public String ask(long waitNs, BooleanSupplier stillWanted, Asker<S> who) {
    if (!held) {
      return "is not held";
    }
    if (asker != null) {
      return "is being stepped by somebody else at this moment";
    }
    asker = who;
    wanted = stillWanted;
    untilNs = System.nanoTime() + waitNs;
    return null;
  }

  /** Whether an event may be let in now. */
  boolean open() {
    if (asker != null && !wanted.getAsBoolean()) {
      take();
    }
    return !held || asker != null;
  }

  /** The longest that the loop may sleep over an unanswered question. */
  long waitNs(long waitNs) {
    return asker == null ? waitNs : Math.max(1, Math.min(waitNs, untilNs - System.nanoTime()));
  }

  /** No event came so far. */
  void nothing() {
    if (asker != null && System.nanoTime() >= untilNs) {
      take().nothingCame();
    }
  }

  void stepped(Stepped<S> stepped) {
    if (asker != null) {
      take().stepped(stepped);
    }
  }

  private Asker<S> take() {
    Asker<S> one = asker;
    asker = null;
    wanted = null;
    return one;
  }
}
