package halab.node.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes definitions into the catalogue's tables. Numbers of things stay while the server lives. */
final class CatalogueFill {
  private static final int FIRST_OID = 16_384;
  private static final long SYSTEM = 11;
  private static final long PUBLIC = 2200;
  private static final List<String> FILLED =
      List.of(
          "pg_namespace", "pg_class", "pg_attribute", "pg_attrdef", "pg_index", "pg_constraint",
          "pg_sequence", "pg_tables", "pg_views", "pg_indexes", "pg_sequences", "pg_description",
          "definition");

  private final Connection db;
  private final Map<String, Long> oids = new HashMap<>();
  private final Map<String, Map<String, Attribute>> attributes = new HashMap<>();

  /** A column that is seen: its place among those, and its type. */
  record Attribute(int number, Column type) {}

  CatalogueFill(Connection db) throws SQLException {
    this.db = db;
    db.setAutoCommit(false);
  }

  /** What does not change: types, roles, the one database. */
  void constants(String database, List<String> roles) throws SQLException {
    for (PgType type : PgType.values()) {
      if (type != PgType.UNKNOWN) {
        insert("pg_type", row("oid", type.oid, "typname", type.shortName, "typlen", type.size,
            "typarray", type.arrayOid, "typcategory", category(type)));
        insert("pg_type", row("oid", type.arrayOid, "typname", "_" + type.shortName, "typlen", -1,
            "typelem", type.oid, "typcategory", "A", "typinput", "pg_catalog.array_in"));
      }
    }
    long oid = 10;
    for (String role : roles) {
      boolean owner = oid == 10;
      insert("pg_roles", row("oid", oid, "rolname", role, "rolsuper", owner,
          "rolcreaterole", owner, "rolcreatedb", owner));
      oid = owner ? FIRST_OID - 1000 : oid + 1;
    }
    insert("pg_database", row("oid", 5, "datname", database));
    insert("pg_tablespace", row("oid", 1663, "spcname", "pg_default"));
    insert("pg_am", row("oid", 2, "amname", "heap", "amtype", "t"));
    insert("pg_am", row("oid", 403, "amname", "btree", "amtype", "i"));
    for (Map.Entry<String, String> e : Settings.defaults().entrySet()) {
      insert("pg_settings", row("name", Settings.spelled(e.getKey()), "setting", e.getValue(),
          "boot_val", e.getValue(), "reset_val", e.getValue()));
    }
    db.commit();
  }

  private static String category(PgType type) {
    return switch (type) {
      case BOOL -> "B";
      case INT2, INT4, INT8, OID, FLOAT4, FLOAT8, NUMERIC -> "N";
      case CHAR, NAME, TEXT, BPCHAR, VARCHAR -> "S";
      case DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ -> "D";
      case INTERVAL -> "T";
      default -> "U";
    };
  }

  void fill(Definitions definitions) throws SQLException {
    try (Statement s = db.createStatement()) {
      for (String table : FILLED) {
        s.execute("delete from pg_catalog." + table);
      }
    }
    attributes.clear();
    schemas(definitions);
    tables(definitions);
    columns(definitions);
    sequences(definitions);
    new CatalogueKeys(this, definitions).fill();
    db.commit();
  }

  private void schemas(Definitions d) throws SQLException {
    for (Map<String, String> s : d.schemas()) {
      String name = s.get("schema_name");
      insert("pg_namespace", row("oid", schema(name), "nspname", name, "nspowner", 10));
    }
    insert("pg_namespace", row("oid", SYSTEM, "nspname", "pg_catalog", "nspowner", 10));
    for (String own : List.of("pg_class", "pg_type", "pg_namespace", "pg_proc", "pg_constraint")) {
      insert("pg_class", row("oid", oid("own", own), "relname", own, "relnamespace", SYSTEM,
          "relkind", "r"));
    }
  }

  private void tables(Definitions d) throws SQLException {
    Map<String, String> texts = new HashMap<>();
    d.views().forEach(v -> texts.put(key(v, "table"), v.get("view_definition")));
    for (Map<String, String> t : d.tables()) {
      String schema = t.get("table_schema");
      String name = t.get("table_name");
      long oid = relation(schema, name);
      boolean view = t.get("table_type").equals("VIEW");
      boolean indexed = d.indexColumns().stream().anyMatch(i -> key(i, "table").equals(key(t, "table")));
      long checks =
          d.constraints().stream()
              .filter(c -> c.get("constraint_type").equals("CHECK"))
              .filter(c -> key(c, "table").equals(key(t, "table")))
              .count();
      boolean keys =
          d.constraints().stream()
              .anyMatch(c -> c.get("constraint_type").equals("FOREIGN KEY"));
      insert("pg_class", row("oid", oid, "relname", name, "relnamespace", schema(schema),
          "relkind", view ? "v" : "r", "relam", view ? 0 : 2, "relhasindex", indexed,
          "relchecks", checks, "relhastriggers", !view && keys, "relhasrules", view));
      define(oid, schema, name, texts.get(key(t, "table")));
      describe(oid, 0, t.get("remarks"));
      if (view) {
        insert("pg_views", row("schemaname", schema, "viewname", name,
            "definition", texts.get(key(t, "table"))));
      } else {
        insert("pg_tables", row("schemaname", schema, "tablename", name, "hasindexes", indexed));
      }
    }
  }

  private void columns(Definitions d) throws SQLException {
    for (Map<String, String> c : d.columns()) {
      long table = relation(c.get("table_schema"), c.get("table_name"));
      Map<String, Attribute> seen =
          attributes.computeIfAbsent(key(c, "table"), k -> new LinkedHashMap<>());
      int number = seen.size() + 1;
      seen.put(c.get("column_name"), new Attribute(number, typeOf(c)));
      String text = c.get("column_default");
      attribute(table, number, c.get("column_name"), typeOf(c),
          row("attnotnull", c.get("is_nullable").equals("NO"), "atthasdef", text != null,
              "attidentity", identity(c)));
      if (text != null) {
        insert("pg_attrdef", row("oid", oid("default", table + "." + number), "adrelid", table,
            "adnum", number, "adbin", plain(text), "adsrc", plain(text)));
      }
      describe(table, number, c.get("remarks"));
    }
  }

  private static Column typeOf(Map<String, String> c) {
    String type = c.get("data_type");
    if (type.equalsIgnoreCase("array")) {
      return new Column("", PgType.TEXT, true, -1);
    }
    String characters = c.get("character_maximum_length");
    String precision = characters != null ? characters : c.get("numeric_precision");
    String scale = c.get("numeric_scale");
    return Column.of("", type.toUpperCase(java.util.Locale.ROOT),
        precision == null ? 0 : Long.parseLong(precision),
        scale == null ? 0 : Integer.parseInt(scale));
  }

  private static String identity(Map<String, String> c) {
    boolean identity = "YES".equals(c.get("is_identity"));
    return !identity ? "" : "ALWAYS".equals(c.get("identity_generation")) ? "a" : "d";
  }

  void attribute(long table, int number, String name, Column type, Map<String, Object> more)
      throws SQLException {
    Map<String, Object> all = row("attrelid", table, "attnum", number, "attname", name,
        "atttypid", type.oid(), "attlen", type.size(), "atttypmod", type.modifier(),
        "attstorage", type.size() < 0 ? "x" : "p");
    all.putAll(more);
    insert("pg_attribute", all);
  }

  private void sequences(Definitions d) throws SQLException {
    for (Map<String, String> s : d.sequences()) {
      String schema = s.get("sequence_schema");
      String name = s.get("sequence_name");
      long oid = relation(schema, name);
      insert("pg_class", row("oid", oid, "relname", name, "relnamespace", schema(schema),
          "relkind", "S"));
      define(oid, schema, name, null);
      boolean cycle = "YES".equals(s.get("cycle_option"));
      insert("pg_sequence", row("seqrelid", oid, "seqstart", number(s, "start_value"),
          "seqmin", number(s, "minimum_value"), "seqmax", number(s, "maximum_value"),
          "seqincrement", number(s, "increment"), "seqcycle", cycle));
      insert("pg_sequences", row("schemaname", schema, "sequencename", name,
          "start_value", number(s, "start_value"), "min_value", number(s, "minimum_value"),
          "max_value", number(s, "maximum_value"), "increment_by", number(s, "increment"),
          "cycle", cycle));
    }
  }

  private static Long number(Map<String, String> row, String name) {
    return row.get(name) == null ? null : Long.valueOf(row.get(name));
  }

  /** The engine quotes every name; PostgreSQL only those that need it. */
  static String plain(String text) {
    return text.replaceAll("\"([a-z_][a-z0-9_$]*)\"", "$1").replaceAll("(?i)\\bpublic\\.", "");
  }

  static String key(Map<String, String> row, String what) {
    return row.get(what + "_schema") + "\n" + row.get(what + "_name");
  }

  /** A column of the thing's table; null for a hidden one. */
  Attribute attribute(Map<String, String> tableOwner, String column) {
    return attributes.getOrDefault(key(tableOwner, "table"), Map.of()).get(column);
  }

  long relation(String schema, String name) {
    return oid("relation", schema + "\n" + name);
  }

  long schema(String name) {
    return name.equals("public") ? PUBLIC : oid("schema", name);
  }

  long oid(String kind, String name) {
    return oids.computeIfAbsent(kind + "\n" + name, k -> (long) FIRST_OID + oids.size());
  }

  void define(long oid, String schema, String name, String text) throws SQLException {
    String quoted = CatalogueFunctions.quoteName(name);
    boolean path = schema.equals("public");
    String shown = path ? quoted : CatalogueFunctions.quoteName(schema) + "." + quoted;
    insert("definition", row("oid", oid, "name", shown, "text", text == null ? null : plain(text)));
  }

  private void describe(long oid, int part, String text) throws SQLException {
    if (text != null && !text.isEmpty()) {
      insert("pg_description", row("objoid", oid, "classoid", oid("own", "pg_class"),
          "objsubid", part, "description", text));
    }
  }

  static Map<String, Object> row(Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return row;
  }

  void insert(String table, Map<String, Object> row) throws SQLException {
    List<String> marks = new ArrayList<>();
    row.keySet().forEach(n -> marks.add("?"));
    String sql =
        String.format(
            "insert into pg_catalog.%s(%s) values (%s)",
            table, String.join(", ", row.keySet()), String.join(", ", marks));
    try (PreparedStatement s = db.prepareStatement(sql)) {
      int i = 1;
      for (Object value : row.values()) {
        s.setObject(i++, value);
      }
      s.execute();
    }
  }
}
