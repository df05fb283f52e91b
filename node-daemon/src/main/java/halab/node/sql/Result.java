package halab.node.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What a statement gave: rows, or a count. Close it before the next statement of the session. */
public final class Result implements AutoCloseable {
  private final ResultSet rows;
  private final long count;

  Result(ResultSet rows, long count) {
    this.rows = rows;
    this.count = count;
  }

  /** The rows, or null when there is a count only. Large results wait on disk, not in memory. */
  public ResultSet rows() {
    return rows;
  }

  /** Rows changed; 0 for definitions. */
  public long count() {
    return count;
  }

  @Override
  public void close() {
    if (rows != null) {
      try {
        rows.close();
      } catch (SQLException e) {
        // The rows are gone either way, with the session that held them.
      }
    }
  }
}
