package halab.node.pg;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What PostgreSQL calls the columns of a query that have no name of their own: a call by its
 * function, a cast by its type. The engine calls them by functions that it has in their place.
 */
final class Labels {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("int", "int4"),
          Map.entry("integer", "int4"),
          Map.entry("bigint", "int8"),
          Map.entry("smallint", "int2"),
          Map.entry("real", "float4"),
          Map.entry("float", "float8"),
          Map.entry("double", "float8"),
          Map.entry("boolean", "bool"),
          Map.entry("decimal", "numeric"),
          Map.entry("char", "bpchar"),
          Map.entry("character", "bpchar"));

  private static final String[] LIST_ENDS = {
    "from",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "union",
    "except",
    "intersect",
    "window"
  };

  private Labels() {}

  /** These columns with their names put right, where the list of the query says each by itself. */
  static List<Column> applied(Sql query, List<Column> columns) {
    if (columns == null || !query.starts("select") || query.at(1).isOneOf("all", "distinct")) {
      return columns;
    }
    int end = query.size();
    for (String word : LIST_ENDS) {
      int at = query.find(1, word);
      end = at < 0 ? end : Math.min(end, at);
    }
    List<List<Token>> list = query.list(1, end);
    if (list.size() != columns.size()) {
      return columns;
    }
    List<Column> named = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String label = label(new Sql(list.get(i)));
      named.add(label == null ? columns.get(i) : columns.get(i).called(label));
    }
    return named;
  }

  /** Null: the engine's own is right. */
  private static String label(Sql item) {
    String name = name(item);
    if (name != null) {
      return column(item) == null ? name : null;
    }
    if (isCase(item)) {
      return "case";
    }
    Cast cast = Cast.of(item);
    return cast == null ? null : TYPES.getOrDefault(cast.type(), cast.type());
  }

  /** What a column or a call gives to the casts and choices around it, or null. */
  private static String name(Sql item) {
    if (item.at(0).is("(") && item.close(0) == item.size() - 1) {
      return name(new Sql(item.part(1, item.size() - 1)));
    }
    Cast cast = Cast.of(item);
    if (cast != null) {
      return name(cast.value());
    }
    if (isCase(item)) {
      int otherwise = item.find(1, "else") + 1;
      return otherwise == 0 ? null : name(new Sql(item.part(otherwise, item.size() - 1)));
    }
    String column = column(item);
    return column == null ? call(item) : column;
  }

  private static boolean isCase(Sql item) {
    return item.starts("case") && item.at(item.size() - 1).is("end");
  }

  private static String column(Sql item) {
    boolean bare = item.size() == 1 && item.at(0).isName();
    boolean qualified = item.size() == 3 && item.at(0).isName() && item.at(1).is(".");
    return bare || qualified ? item.at(item.size() - 1).value() : null;
  }

  /** A value and the type that it is made. */
  private record Cast(Sql value, String type) {
    static Cast of(Sql item) {
      if (item.starts("cast", "(") && item.close(1) == item.size() - 1) {
        Sql inside = new Sql(item.part(2, item.size() - 1));
        int as = inside.find(0, "as");
        return as < 0 ? null : new Cast(new Sql(inside.part(0, as)), inside.at(as + 1).value());
      }
      for (int i = item.size() - 1; i > 0; i--) {
        if (item.at(i).is("::")) {
          Sql value = new Sql(item.part(0, i));
          boolean both = isType(new Sql(item.part(i + 1, item.size()))) && isOne(value);
          return both ? new Cast(value, item.at(i + 1).value()) : null;
        }
      }
      return null;
    }

    /** Nothing that binds less than a cast. */
    private static boolean isOne(Sql value) {
      boolean inner = value.at(0).is("(") && value.close(0) == value.size() - 1;
      return inner || value.size() == 1 || name(value) != null || of(value) != null;
    }

    private static boolean isType(Sql rest) {
      int after = rest.at(1).is("(") ? rest.close(1) + 1 : 1;
      boolean two = rest.at(0).isOneOf("double", "character") && rest.size() > after;
      return rest.at(0).isName() && rest.size() == (two ? after + 1 : after);
    }
  }

  /** The name of the function when there is nothing but its call. */
  private static String call(Sql item) {
    int name = item.at(1).is(".") ? 2 : 0;
    if (!item.at(name).isName() || !item.at(name + 1).is("(")) {
      return null;
    }
    int end = item.close(name + 1) + 1;
    while (item.at(end).isOneOf("over", "filter")) {
      end = item.at(end + 1).is("(") ? item.close(end + 1) + 1 : end + 2;
    }
    return end == item.size() ? item.at(name).value() : null;
  }
}
