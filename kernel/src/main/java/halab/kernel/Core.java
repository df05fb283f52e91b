package halab.kernel;

/** What every role is: a pure function of state, event and time. */
public interface Core<S> {
  /** Handles one event. Never touches a clock, a socket, a file or a thread. */
  Step<S> step(S state, Event event, Now now);

  /**
   * The earliest monotonic time at which the state wants a {@link Event.Tick}; {@link
   * Long#MAX_VALUE} for none. Derived from the state alone, so there is no timer to cancel.
   */
  long wakeAtMs(S state);

  /** The phase, for status and logs. */
  String phase(S state);

  /** The table behind it, for printing, checking and counting. */
  Table<?, ?> table();
}
