package halab.sim;

import halab.kernel.Event;
import halab.kernel.Step;

/** A promise that must hold after every step. May keep state of its own; one object per run. */
public interface Invariant {
  /** What is promised, in a few words. */
  String name();

  /**
   * Null when the promise is kept, else how it is broken, with values. Called after every step and
   * after all its effects were taken; has to be cheap.
   */
  String broken(World world, SimProcess who, Event event, Step<?> step);

  /**
   * Whether this life may show old rows, since an operator has given it up at his own risk. All
   * others show what is acknowledged as long as they serve.
   */
  default boolean givenUp(SimProcess who) {
    return false;
  }
}
