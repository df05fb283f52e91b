package halab.node.pg;

import halab.node.sql.SqlFailure;
import java.util.List;

/** What statements can have done to the instance as a whole. */
public interface Operations {
  /** Asks the instance to stop in order: {@code STOP INSTANCE}. Waits for nothing. */
  void stop();

  /**
   * Has the instance carry out a statement that concerns its state: {@code ALTER DATABASE}. Waits
   * for the outcome.
   *
   * @param words as typed
   */
  void carryOut(List<String> words) throws SqlFailure;
}
