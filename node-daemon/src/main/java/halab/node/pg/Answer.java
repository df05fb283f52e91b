package halab.node.pg;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a command gave.
 *
 * @param rows rows that are to be sent, or null
 * @param tag what the client is told at the end, without a count
 * @param counted whether the tag ends with the number of rows
 * @param count rows changed; rows that were sent count by themselves
 * @param held closed together with the rows
 */
record Answer(ResultSet rows, String tag, boolean counted, long count, AutoCloseable held)
    implements AutoCloseable {
  /** Done; nothing to count. */
  static Answer done(String tag) {
    return new Answer(null, tag, false, 0, null);
  }

  static Answer count(String tag, long count) {
    return new Answer(null, tag, true, count, null);
  }

  static Answer rows(ResultSet rows, String tag) {
    return new Answer(rows, tag, false, 0, null);
  }

  String tag(long sent) {
    return counted ? tag + " " + (rows == null ? count : sent) : tag;
  }

  @Override
  public void close() {
    try {
      if (rows != null) {
        rows.close();
      }
      if (held != null) {
        held.close();
      }
    } catch (SQLException e) {
      // What could not be closed is gone with its session.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
