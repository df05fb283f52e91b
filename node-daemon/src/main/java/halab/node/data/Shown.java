package halab.node.data;

import halab.node.sql.Database;
import halab.node.sql.Views;
import halab.runtime.DataPlane;
import halab.systems.SqlView;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** The vendor's views, made visible to SQL. */
final class Shown {
  private Shown() {}

  static void define(Database database, DataPlane.View view) {
    List<Views.Column> columns =
        view.columns().stream().map(c -> new Views.Column(c.name(), sqlType(c.type()))).toList();
    database.views().define(view.name(), columns, () -> rows(view));
  }

  private static String sqlType(SqlView.Type type) {
    return switch (type) {
      case TEXT -> "VARCHAR";
      case INTEGER -> "INTEGER";
      case BIGINT -> "BIGINT";
      case TIMESTAMP -> "TIMESTAMP";
    };
  }

  private static List<Object[]> rows(DataPlane.View view) {
    List<Object[]> rows = new ArrayList<>();
    for (List<Object> row : view.rows().get()) {
      Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        boolean moment = view.columns().get(i).type() == SqlView.Type.TIMESTAMP;
        Object value = row.get(i);
        values[i] = moment && value != null ? new Timestamp((Long) value / 1000 * 1000) : value;
      }
      rows.add(values);
    }
    return rows;
  }
}
