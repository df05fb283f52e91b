package halab.node.sql;

import halab.node.sql.Layouts.Layout;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcResultSet;
import org.h2.table.Table;
import org.h2.tools.TriggerAdapter;
import org.h2.value.Value;
import org.h2.value.ValueLob;
import org.h2.value.ValueVarbinary;
import org.h2.value.ValueVarchar;

/**
 * The row trigger on every table of users. H2 makes it by its class name, so what it delivers to is
 * found by the session that fires it; sessions of the engine itself are not watched.
 */
public final class CaptureTrigger extends TriggerAdapter {
  private static final Map<SessionLocal, Capture> WATCHED = new ConcurrentHashMap<>();

  private volatile Layout layout;

  static void watch(SessionLocal session, Capture capture) {
    WATCHED.put(session, capture);
  }

  static void unwatch(SessionLocal session) {
    WATCHED.remove(session);
  }

  @Override
  public void fire(Connection connection, ResultSet before, ResultSet after) throws SQLException {
    SessionLocal session = (SessionLocal) ((JdbcConnection) connection).getSession();
    Capture capture = WATCHED.get(session);
    if (capture != null) {
      Layout now = layout(session);
      capture.add(now, values(before, now), values(after, now));
    }
  }

  private Layout layout(SessionLocal session) {
    long metaId = session.getDatabase().getModificationMetaId();
    Layout known = layout;
    if (known == null || known.metaId() != metaId) {
      Table table = session.getDatabase().getSchema(schemaName).getTableOrView(session, tableName);
      known = Layouts.of(table, metaId);
      layout = known;
    }
    return known;
  }

  private static Value[] values(ResultSet row, Layout layout) throws SQLException {
    if (row == null) {
      return null;
    }
    JdbcResultSet h2 = (JdbcResultSet) row;
    Value[] values = new Value[layout.columnCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = plain(h2.getInternal(i + 1));
    }
    return values;
  }

  /** Large objects may be gone at commit: their content is taken now. */
  private static Value plain(Value value) throws SQLException {
    if (!(value instanceof ValueLob lob)) {
      return value;
    }
    if (lob.octetLength() > ChangeSet.BYTES_MOST / 2) {
      throw new Errors.Carried(
          SqlError.of("54000", "a value of " + lob.octetLength() + " bytes is too large"));
    }
    return value.getValueType() == Value.CLOB
        ? ValueVarchar.get(lob.getString())
        : ValueVarbinary.get(lob.getBytes());
  }
}
