package halab.cli.load;

import java.sql.Connection;
import java.sql.SQLException;

/** From where and to whom clients connect. Used by several threads. */
public interface Where {
  /**
   * A new connection, within a bounded time; answers are waited for in a bounded time, too.
   *
   * @throws SQLException if nobody answers, or nobody of the wanted kind
   */
  Connection connection() throws SQLException;

  /**
   * The connection that a client goes on with, asked between two operations: this one, or one to a
   * better place that was made in its stead.
   */
  default Connection current(Connection before) {
    return before;
  }

  /** The place in words, without secrets: hosts, database, where the client stands. */
  String place();

  /**
   * Which instance is at the other end.
   *
   * @throws SQLException if that has to be asked for and the answer does not come
   */
  String address(Connection connection) throws SQLException;
}
