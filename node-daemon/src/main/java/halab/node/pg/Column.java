package halab.node.pg;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of a result as the client is told.
 *
 * @param type of the value, or of the elements of an array
 * @param modifier length or precision in PostgreSQL's packing, -1 for none
 */
record Column(String name, PgType type, boolean array, int modifier) {
  private static final int NO_MODIFIER = -1;
  private static final int UNBOUNDED = 1_000_000;
  private static final String ARRAY = " ARRAY";

  /** A column of text without bounds. */
  static Column text(String name) {
    return new Column(name, PgType.TEXT, false, NO_MODIFIER);
  }

  static List<Column> of(ResultSetMetaData meta) throws SQLException {
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(
          of(
              meta.getColumnLabel(i),
              meta.getColumnTypeName(i),
              meta.getPrecision(i),
              meta.getScale(i)));
    }
    return columns;
  }

  static Column of(String name, String engineType, long precision, int scale) {
    if (engineType.endsWith(ARRAY)) {
      String element = engineType.substring(0, engineType.length() - ARRAY.length());
      return new Column(name, PgType.ofEngine(element), true, NO_MODIFIER);
    }
    PgType type = PgType.ofEngine(engineType);
    boolean bounded = precision > 0 && precision < UNBOUNDED;
    if (type == PgType.VARCHAR && !bounded) {
      return text(name);
    }
    int modifier = NO_MODIFIER;
    if (bounded && (type == PgType.VARCHAR || type == PgType.BPCHAR)) {
      modifier = (int) precision + 4;
    } else if (engineType.equals("NUMERIC") && bounded && precision <= 1000) {
      modifier = ((int) precision << 16 | scale) + 4;
    }
    return new Column(name, type, false, modifier);
  }

  Column called(String other) {
    return new Column(other, type, array, modifier);
  }

  int oid() {
    return array ? type.arrayOid : type.oid;
  }

  int size() {
    return array ? -1 : type.size;
  }

  /** RowDescription of these; formats by the rule of the wire: none, one for all, one for each. */
  static void describe(Out out, List<Column> columns, short[] formats) {
    out.begin('T').int16(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      Column c = columns.get(i);
      out.text(c.name).int32(0).int16(0);
      out.int32(c.oid()).int16(c.size()).int32(c.modifier).int16(format(formats, i));
    }
    out.end();
  }

  static short format(short[] formats, int i) {
    return formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[i];
  }
}
