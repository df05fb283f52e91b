package halab.node.sql;

import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/** A statement that was read and found allowed; runs as often as you like, in its session only. */
public final class PreparedSql implements AutoCloseable {
  private final Session session;
  private final String sql;
  private final StatementKind kind;
  private final Words words;
  private final PreparedStatement statement;

  /** {@code statement} is null for definitions: they run elsewhere. */
  PreparedSql(
      Session session, String sql, StatementKind kind, Words words, PreparedStatement statement) {
    this.session = session;
    this.sql = sql;
    this.kind = kind;
    this.words = words;
    this.statement = statement;
  }

  public String sql() {
    return sql;
  }

  public StatementKind kind() {
    return kind;
  }

  Words words() {
    return words;
  }

  PreparedStatement statement() {
    return statement;
  }

  /** The parameters ({@code ?}), or null for a definition, which has none. */
  public ParameterMetaData parameters() throws SqlFailure {
    try {
      return statement == null ? null : statement.getParameterMetaData();
    } catch (SQLException e) {
      throw Errors.failure(e);
    }
  }

  /** The columns of the rows it gives, or null when it gives a count. */
  public ResultSetMetaData columns() throws SqlFailure {
    try {
      return statement == null ? null : statement.getMetaData();
    } catch (SQLException e) {
      throw Errors.failure(e);
    }
  }

  /**
   * Runs it with these values, as JDBC objects or null. Waits for row locks, up to {@link
   * Session#LOCK_WAIT_MS}. A failed statement leaves nothing behind but the transaction it was in;
   * after 40001 and 40P01 that transaction is gone, too.
   */
  public Result execute(List<?> values) throws SqlFailure {
    return session.execute(this, values);
  }

  @Override
  public void close() {
    if (statement != null) {
      try {
        statement.close();
      } catch (SQLException e) {
        // Closing twice, or after the session: nothing is held any more.
      }
    }
  }
}
