package halab.cli.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import halab.cli.Columns;
import halab.cli.Out;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows for people, and for programs. */
final class ResultText {
  private ResultText() {}

  /** As psql shows rows, give or take. */
  static List<String> table(Out out, ResultSet rows) throws SQLException {
    ResultSetMetaData meta = rows.getMetaData();
    Columns columns = new Columns();
    columns.row();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.cell(meta.getColumnLabel(i), out::bold);
    }
    int count = 0;
    while (rows.next()) {
      columns.row();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        columns.cell(rows.getString(i));
      }
      count++;
    }
    List<String> lines = new ArrayList<>(columns.lines(""));
    lines.add(out.dim("(" + count + (count == 1 ? " row)" : " rows)")));
    return lines;
  }

  /** One object per row, one row per line. */
  static List<String> json(ResultSet rows) throws SQLException, IOException {
    List<String> lines = new ArrayList<>();
    ResultSetMetaData meta = rows.getMetaData();
    while (rows.next()) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.writeStartObject();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          json.writeFieldName(meta.getColumnLabel(i));
          value(json, rows.getObject(i), rows.getString(i));
        }
        json.writeEndObject();
      }
      lines.add(text.toString());
    }
    return lines;
  }

  private static void value(JsonGenerator json, Object value, String text) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Integer || value instanceof Long || value instanceof Short) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else {
      json.writeString(text);
    }
  }
}
