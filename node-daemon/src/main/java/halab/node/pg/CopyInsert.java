package halab.node.pg;

import halab.node.sql.PreparedSql;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts the rows of COPY into their table, many at a time. */
final class CopyInsert implements AutoCloseable {
  private static final int ROWS_A_STATEMENT = 50;
  private static final int BYTES_A_STATEMENT = 1 << 20;

  private final Session session;
  private final String table;
  private final List<Column> columns;
  private final List<List<Object>> waiting = new ArrayList<>();
  private PreparedSql full;
  private long bytes;
  private long count;

  CopyInsert(Session session, String table, List<Column> columns) {
    this.session = session;
    this.table = table;
    this.columns = columns;
  }

  void add(List<String> fields) throws SqlFailure {
    count++;
    if (fields.size() < columns.size()) {
      String missing = columns.get(fields.size()).name();
      throw PgError.of("22P04", "missing data for column \"" + missing + "\"").detail(place());
    }
    if (fields.size() > columns.size()) {
      throw PgError.of("22P04", "extra data after last expected column").detail(place());
    }
    List<Object> row = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      byte[] text = field == null ? null : field.getBytes(StandardCharsets.UTF_8);
      bytes += text == null ? 0 : text.length;
      row.add(text == null ? null : value(text, columns.get(i)));
    }
    waiting.add(row);
    if (waiting.size() == ROWS_A_STATEMENT || bytes > BYTES_A_STATEMENT) {
      flush();
    }
  }

  private Object value(byte[] text, Column column) {
    try {
      return Decoder.decode(text, column.oid(), false);
    } catch (PgError e) {
      throw e.detail(place() + ", column " + column.name());
    }
  }

  private String place() {
    return "COPY " + table + ", line " + count;
  }

  long finish() throws SqlFailure {
    flush();
    return count;
  }

  private void flush() throws SqlFailure {
    int rows = waiting.size();
    List<Object> values = new ArrayList<>(rows * columns.size());
    waiting.forEach(values::addAll);
    waiting.clear();
    bytes = 0;
    if (rows == ROWS_A_STATEMENT) {
      full = full == null ? session.prepare(insert(rows)) : full;
      full.execute(values).close();
    } else if (rows > 0) {
      try (PreparedSql some = session.prepare(insert(rows))) {
        some.execute(values).close();
      }
    }
  }

  private String insert(int rows) {
    List<String> names = columns.stream().map(c -> '"' + c.name().replace("\"", "\"\"") + '"').toList();
    String marks = "(" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
    return String.format(
        "insert into %s (%s) values %s",
        table, String.join(", ", names), String.join(", ", Collections.nCopies(rows, marks)));
  }

  @Override
  public void close() {
    if (full != null) {
      full.close();
    }
  }
}
