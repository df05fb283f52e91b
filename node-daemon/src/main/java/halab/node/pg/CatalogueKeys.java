package halab.node.pg;

import static halab.node.pg.CatalogueFill.key;
import static halab.node.pg.CatalogueFill.row;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Writes indexes and constraints into the catalogue. */
final class CatalogueKeys {
  private static final Map<String, String> RULES =
      Map.of("CASCADE", "c", "SET NULL", "n", "SET DEFAULT", "d", "RESTRICT", "r");

  private final CatalogueFill fill;
  private final Definitions d;
  private final Map<String, List<Map<String, String>>> indexes;
  private final Map<String, List<String>> keys = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> byName = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> references = new LinkedHashMap<>();
  private final Map<String, Integer> checked = new HashMap<>();
  private final Map<String, String> checks = new LinkedHashMap<>();

  CatalogueKeys(CatalogueFill fill, Definitions definitions) {
    this.fill = fill;
    this.d = definitions;
    this.indexes =
        d.indexColumns().stream()
            .collect(
                Collectors.groupingBy(
                    i -> key(i, "index"), LinkedHashMap::new, Collectors.toList()));
    d.keyColumns()
        .forEach(
            k ->
                keys.computeIfAbsent(key(k, "constraint"), n -> new ArrayList<>())
                    .add(k.get("column_name")));
    d.constraints().forEach(c -> byName.put(key(c, "constraint"), c));
    d.references().forEach(r -> references.put(key(r, "constraint"), r));
    d.checks().forEach(c -> checks.put(key(c, "constraint"), c.get("check_clause")));
  }

  void fill() throws SQLException {
    for (List<Map<String, String>> columns : indexes.values()) {
      index(columns);
    }
    for (Map<String, String> c : d.constraints()) {
      constraint(c);
    }
  }

  private void index(List<Map<String, String>> columns) throws SQLException {
    Map<String, String> first = columns.get(0);
    Integer[] numbers = numbers(first, columns.stream().map(c -> c.get("column_name")).toList());
    if (numbers == null) {
      return;
    }
    String schema = first.get("index_schema");
    String name = shown(first, "index", columns.stream().map(c -> c.get("column_name")).toList());
    boolean primary =
        d.constraints().stream()
            .filter(c -> c.get("constraint_type").equals("PRIMARY KEY"))
            .anyMatch(c -> key(c, "index").equals(key(first, "index")));
    boolean unique = "TRUE".equalsIgnoreCase(first.get("is_unique"));
    long oid = fill.relation(schema, first.get("index_name"));
    long table = fill.relation(first.get("table_schema"), first.get("table_name"));
    fill.insert("pg_class", row("oid", oid, "relname", name, "relnamespace", fill.schema(schema),
        "relkind", "i", "relam", 403, "relnatts", numbers.length));
    Integer[] options = new Integer[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      boolean down = "DESC".equals(columns.get(i).get("ordering_specification"));
      options[i] = down ? 3 : 0;
      String column = columns.get(i).get("column_name");
      fill.attribute(oid, i + 1, column, fill.attribute(first, column).type(), Map.of());
    }
    fill.insert("pg_index", row("indexrelid", oid, "indrelid", table, "indnatts", numbers.length,
        "indnkeyatts", numbers.length, "indisunique", unique, "indisprimary", primary,
        "indkey", numbers, "indoption", options));
    String text = definition(columns, name, unique);
    fill.define(oid, schema, name, text);
    fill.insert("pg_indexes", row("schemaname", schema, "tablename", first.get("table_name"),
        "indexname", name, "indexdef", text));
  }

  /** Names that the engine made up become those that PostgreSQL would have made up. */
  private String shown(Map<String, String> thing, String what, List<String> columns) {
    String name = thing.get(what + "_name");
    if (!name.matches("PRIMARY_KEY_\\w+|CONSTRAINT_\\w+")) {
      return name;
    }
    String type =
        d.constraints().stream()
            .filter(c -> key(c, what).equals(key(thing, what)))
            .map(c -> c.get("constraint_type"))
            .min(Comparator.naturalOrder())
            .orElse("");
    String start = thing.get("table_name") + "_";
    return switch (type) {
      case "PRIMARY KEY" -> start + "pkey";
      case "UNIQUE" -> start + String.join("_", columns) + "_key";
      case "CHECK" -> {
        int before = checked.merge(key(thing, "table"), 1, Integer::sum) - 1;
        yield start + "check" + (before == 0 ? "" : before);
      }
      case "FOREIGN KEY" ->
          start + String.join("_", columns) + (what.equals("index") ? "_idx" : "_fkey");
      default -> name;
    };
  }

  private static String definition(
      List<Map<String, String>> columns, String name, boolean unique) {
    Map<String, String> first = columns.get(0);
    List<String> parts = new ArrayList<>();
    for (Map<String, String> c : columns) {
      String down = "DESC".equals(c.get("ordering_specification")) ? " DESC" : "";
      parts.add(CatalogueFunctions.quoteName(c.get("column_name")) + down);
    }
    return String.format(
        "CREATE %sINDEX %s ON %s.%s USING btree (%s)",
        unique ? "UNIQUE " : "",
        CatalogueFunctions.quoteName(name),
        CatalogueFunctions.quoteName(first.get("table_schema")),
        CatalogueFunctions.quoteName(first.get("table_name")),
        String.join(", ", parts));
  }

  private void constraint(Map<String, String> c) throws SQLException {
    String type = c.get("constraint_type");
    List<String> columns = keys.getOrDefault(key(c, "constraint"), List.of());
    Integer[] numbers = numbers(c, columns);
    if (numbers == null) {
      return;
    }
    String schema = c.get("constraint_schema");
    String name = shown(c, "constraint", columns);
    long oid = fill.oid("constraint", key(c, "constraint"));
    Map<String, Object> row = row("oid", oid, "conname", name, "connamespace", fill.schema(schema),
        "contype", type.substring(0, 1).toLowerCase(java.util.Locale.ROOT),
        "conrelid", fill.relation(c.get("table_schema"), c.get("table_name")), "conkey", numbers);
    if (c.get("index_name") != null && !type.equals("FOREIGN KEY")) {
      row.put("conindid", fill.relation(c.get("index_schema"), c.get("index_name")));
    }
    String text =
        switch (type) {
          case "CHECK" -> "CHECK (" + checks.get(key(c, "constraint")) + ")";
          case "FOREIGN KEY" -> reference(c, row, columns);
          default -> type + " (" + names(columns) + ")";
        };
    fill.insert("pg_constraint", row);
    fill.define(oid, schema, name, text);
  }

  private String reference(Map<String, String> c, Map<String, Object> row, List<String> columns) {
    Map<String, String> reference = references.get(key(c, "constraint"));
    Map<String, String> parent = byName.get(key(reference, "unique_constraint"));
    List<String> parentColumns = keys.getOrDefault(key(parent, "constraint"), List.of());
    row.put("confrelid", fill.relation(parent.get("table_schema"), parent.get("table_name")));
    row.put("conindid", fill.relation(parent.get("index_schema"), parent.get("index_name")));
    row.put("confkey", numbers(parent, parentColumns));
    row.put("confupdtype", RULES.getOrDefault(reference.get("update_rule"), "a"));
    row.put("confdeltype", RULES.getOrDefault(reference.get("delete_rule"), "a"));
    String table = CatalogueFunctions.quoteName(parent.get("table_name"));
    String text =
        String.format(
            "FOREIGN KEY (%s) REFERENCES %s(%s)", names(columns), table, names(parentColumns));
    String update = rule(" ON UPDATE ", reference.get("update_rule"));
    return text + update + rule(" ON DELETE ", reference.get("delete_rule"));
  }

  private static String rule(String before, String rule) {
    return RULES.containsKey(rule) ? before + rule : "";
  }

  private static String names(List<String> columns) {
    return columns.stream().map(CatalogueFunctions::quoteName).collect(Collectors.joining(", "));
  }

  /** Numbers of columns; null when one of them is hidden. */
  private Integer[] numbers(Map<String, String> tableOwner, List<String> columns) {
    List<CatalogueFill.Attribute> seen =
        columns.stream().map(n -> fill.attribute(tableOwner, n)).filter(Objects::nonNull).toList();
    return seen.size() < columns.size()
        ? null
        : seen.stream().map(CatalogueFill.Attribute::number).toArray(Integer[]::new);
  }
}
