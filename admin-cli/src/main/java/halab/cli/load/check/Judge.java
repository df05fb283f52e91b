package halab.cli.load.check;

/** Looks at a history, event by event, for one kind of wrong. Used by one thread. */
public interface Judge {
  /** An operation begins. */
  default void invoked(Op invoke) {}

  /** An operation has ended; {@code invoke} is its beginning. */
  void done(Op invoke, Op done);

  /**
   * There is no more; findings that need the whole history are made now.
   *
   * @param whole false if whoever wrote the history was cut off before the reading at the end
   */
  default void end(boolean whole) {}

  /**
   * What was acknowledged and what of it was found at the end; null if this judge does not count.
   */
  default Tally tally() {
    return null;
  }
}
