package halab.node.pg;

import halab.node.sql.SqlFailure;
import java.util.List;

/** What statements can have done to the instance as a whole. */
public interface Operations {
  /** Asks the instance to stop in order: {@code STOP INSTANCE}. Waits for nothing. */
  void stop();

  /** Names of the vendor's system procedures that the instance carries out, in upper case. */
  List<String> procedures();

  /**
   * Has the instance carry out a statement that concerns its state: {@code ALTER DATABASE}, or a
   * call of one of its procedures. Waits for the outcome.
   *
   * @param words as typed; of a call the procedure's name in upper case and the values of its
   *     arguments
   */
  void carryOut(List<String> words) throws SqlFailure;
}
