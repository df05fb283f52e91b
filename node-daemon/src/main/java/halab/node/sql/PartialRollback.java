package halab.node.sql;

import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.tx.Transaction;

/**
 * H2 (2.5.252) marks a transaction that was rolled back in part, and never takes the mark away:
 * whoever waits for one of its locks then does not wait but asks again and again, without a timeout
 * and deaf to a cancel, until that transaction ends. Those who wait have looked again once the mark
 * is gone, at the latest after H2's own lock timeout.
 */
final class PartialRollback {
  private static final long MARK = 1L << 45;
  private static final Field STATE = state();

  private PartialRollback() {}

  private static Field state() {
    try {
      Field field = Transaction.class.getDeclaredField("statusAndLogId");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** To be called when the rollback is over; the caller holds the session's lock. */
  static void unmark(Transaction transaction) {
    try {
      ((AtomicLong) STATE.get(transaction)).getAndUpdate(state -> state & ~MARK);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
