package halab.node.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Short words for tests. */
final class Sql {
  private Sql() {}

  /** Runs it; gives the rows as text, or the count. */
  static List<String> run(Session session, String sql, Object... values) throws SqlFailure {
    List<String> lines = new ArrayList<>();
    try (PreparedSql prepared = session.prepare(sql);
        Result result = prepared.execute(List.of(values))) {
      ResultSet rows = result.rows();
      if (rows == null) {
        return List.of(String.valueOf(result.count()));
      }
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          line.append(i == 1 ? "" : "|").append(rows.getString(i));
        }
        lines.add(line.toString());
      }
    } catch (SQLException e) {
      throw Errors.failure(e);
    }
    return lines;
  }

  /** Runs each and commits at the end. */
  static void commit(Session session, String... sqls) throws SqlFailure {
    for (String sql : sqls) {
      run(session, sql);
    }
    session.commit();
  }

  /** The SQLSTATE that it fails with, or "none". */
  static String state(Session session, String sql, Object... values) {
    try {
      run(session, sql, values);
      return "none";
    } catch (SqlFailure e) {
      return e.error().sqlState();
    }
  }

  /** All rows of a table, hidden keys included, in an order of their own. */
  static List<String> dump(Database database, String table) throws SQLException {
    var admin = database.store().admin();
    String[] name = ("public." + table).split("\\.");
    boolean hidden =
        database
                .store()
                .adminSession()
                .getDatabase()
                .getSchema(name[name.length - 2])
                .getTableOrView(null, name[name.length - 1])
                .findColumn(Layouts.HIDDEN_KEY)
            != null;
    String key = hidden ? Layouts.HIDDEN_KEY + ", " : "";
    try (var statement = admin.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + key + "t.* FROM " + table + " t")) {
      return lines(rows);
    }
  }

  private static List<String> lines(ResultSet rows) throws SQLException {
    List<String> lines = new ArrayList<>();
    while (rows.next()) {
      StringBuilder line = new StringBuilder();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        line.append(rows.getString(i)).append('|');
      }
      lines.add(line.toString());
    }
    lines.sort(null);
    return lines;
  }
}
