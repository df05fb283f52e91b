package halab.node.pg;

import halab.node.sql.PreparedSql;
import halab.node.sql.Result;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is defined in the engine, as its information schema says it; values by column name. */
record Definitions(
    List<Map<String, String>> schemas,
    List<Map<String, String>> tables,
    List<Map<String, String>> columns,
    List<Map<String, String>> indexColumns,
    List<Map<String, String>> constraints,
    List<Map<String, String>> keyColumns,
    List<Map<String, String>> references,
    List<Map<String, String>> checks,
    List<Map<String, String>> sequences,
    List<Map<String, String>> views) {
  /** Schemas that are the engine's own. */
  private static final String OWN = " not in ('information_schema', 'pg_catalog', 'halab')";

  private static final int ROWS_MOST = 100_000;

  static final Definitions NONE =
      new Definitions(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), List.of());

  static Definitions read(Session session) throws SqlFailure {
    return new Definitions(
        rows(session, "schemata", "schema_name", "schema_name, remarks", "schema_name"),
        rows(
            session,
            "tables",
            "table_schema",
            "table_schema, table_name, table_type, remarks",
            "table_schema, table_name"),
        rows(
            session,
            "columns",
            "is_visible and table_schema",
            "table_schema, table_name, column_name, data_type, character_maximum_length,"
                + " numeric_precision, numeric_scale, is_nullable, column_default,"
                + " is_identity, identity_generation, remarks",
            "table_schema, table_name, ordinal_position"),
        rows(
            session,
            "index_columns",
            "table_schema",
            "index_schema, index_name, table_schema, table_name, column_name,"
                + " ordering_specification, is_unique",
            "index_schema, index_name, ordinal_position"),
        rows(
            session,
            "table_constraints",
            "table_schema",
            "constraint_schema, constraint_name, constraint_type, table_schema, table_name,"
                + " index_schema, index_name",
            "constraint_schema, constraint_name"),
        rows(
            session,
            "key_column_usage",
            "table_schema",
            "constraint_schema, constraint_name, column_name",
            "constraint_schema, constraint_name, ordinal_position"),
        rows(
            session,
            "referential_constraints",
            "constraint_schema",
            "constraint_schema, constraint_name, unique_constraint_schema,"
                + " unique_constraint_name, update_rule, delete_rule",
            "constraint_schema, constraint_name"),
        rows(
            session,
            "check_constraints",
            "constraint_schema",
            "constraint_schema, constraint_name, check_clause",
            "constraint_schema, constraint_name"),
        rows(
            session,
            "sequences",
            "sequence_schema",
            "sequence_schema, sequence_name, start_value, minimum_value, maximum_value,"
                + " increment, cycle_option",
            "sequence_schema, sequence_name"),
        rows(
            session,
            "views",
            "table_schema",
            "table_schema, table_name, view_definition",
            "table_schema, table_name"));
  }

  private static List<Map<String, String>> rows(
      Session session, String table, String schemaColumn, String columns, String order)
      throws SqlFailure {
    String sql =
        String.format(
            "select %s from information_schema.%s where %s%s order by %s limit %d",
            columns, table, schemaColumn, OWN, order, ROWS_MOST);
    try (PreparedSql query = session.prepare(sql);
        Result result = query.execute(List.of())) {
      ResultSet in = result.rows();
      ResultSetMetaData meta = in.getMetaData();
      List<Map<String, String>> rows = new ArrayList<>();
      while (in.next()) {
        Map<String, String> row = new HashMap<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          row.put(meta.getColumnLabel(i), in.getString(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw SqlFailure.of(e);
    }
  }
}
