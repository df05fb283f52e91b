package halab.node.pg;

import halab.node.pg.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes PostgreSQL's catalogue queries readable for the catalogue's database. */
final class CatalogueDialect {
  /** Tables of which the front has no rows: a query that begins with one of them gives none. */
  private static final Set<String> EMPTY =
      Set.of(
          "pg_auth_members",
          "pg_collation",
          "pg_db_role_setting",
          "pg_default_acl",
          "pg_depend",
          "pg_enum",
          "pg_event_trigger",
          "pg_extension",
          "pg_foreign_data_wrapper",
          "pg_foreign_server",
          "pg_foreign_table",
          "pg_inherits",
          "pg_language",
          "pg_opclass",
          "pg_partitioned_table",
          "pg_policy",
          "pg_proc",
          "pg_publication",
          "pg_rewrite",
          "pg_statistic_ext",
          "pg_subscription",
          "pg_trigger");

  private static final Set<String> TYPES =
      Set.of(
          "text", "name", "char", "oid", "int2", "int4", "int8", "int", "integer", "bigint",
          "smallint");

  /** Functions that stand in the catalogue's own schema, whether they are named with it or not. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "format_type",
          "current_schemas",
          "array_upper",
          "array_length",
          "array_to_string",
          "obj_description",
          "col_description",
          "quote_name",
          "has_table_privilege",
          "has_schema_privilege",
          "has_database_privilege",
          "has_column_privilege",
          "has_any_column_privilege");

  private CatalogueDialect() {}

  static String translate(Sql query) {
    Sql sql = query.copy();
    KeyArrays.expand(sql);
    for (int i = 0; i < sql.size(); i++) {
      Token t = sql.at(i);
      if (sql.has(i, "operator", "(")) {
        // OPERATOR(pg_catalog.~) is ~
        int close = sql.close(i + 1);
        sql.replace(i, close + 1, gap(sql.at(close - 1)));
      } else if (sql.has(i, "|", "|", "array", "(") && has(sql, i + 3, "unnest")) {
        // Options of a table's overflow: there are neither.
        sql.remove(i, sql.close(i + 3) + 1);
      } else if (t.is("quote_ident")) {
        sql.replace(i, i + 1, Token.symbol("quote_name"));
      } else if (t.is("generate_series")) {
        int start = sql.at(i - 1).is(".") ? i - 2 : i;
        sql.replace(start, i + 1, Token.word("system_range"));
      } else if (t.is("collate")) {
        sql.remove(i, sql.at(i + 2).is(".") ? i + 4 : i + 2);
        i--;
      } else if (t.is("[") && sql.at(i - 1).isName()) {
        i = element(sql, i);
      } else if (t.is("::")) {
        i = cast(sql, i);
      }
    }
    qualify(sql);
    return sql.text();
  }

  private static boolean has(Sql sql, int open, String word) {
    return sql.part(open, sql.close(open)).stream().anyMatch(t -> t.is(word));
  }

  /** What PostgreSQL finds by its search path is named in full. */
  private static void qualify(Sql sql) {
    for (int i = 0; i < sql.size(); i++) {
      String name = sql.at(i).isName() ? sql.at(i).value() : "";
      boolean table = name.startsWith("pg_") && sql.at(i - 1).isOneOf("from", "join", ",");
      boolean function =
          (name.startsWith("pg_") || FUNCTIONS.contains(name)) && sql.at(i + 1).is("(");
      if ((table || function) && !sql.at(i - 1).is(".") && !name.startsWith("pg_catalog")) {
        sql.replace(i, i + 1, new Token(Kind.WORD, "pg_catalog." + name, true));
      }
    }
  }

  /**
   * An element of an array: null where there is none, as PostgreSQL has it. Of an index's options,
   * of which a bit is asked, the first is at 0 there.
   */
  private static int element(Sql sql, int open) {
    int from = open - 1;
    while (sql.at(from - 1).is(".")) {
      from -= 2;
    }
    int close = open;
    while (close < sql.size() && !sql.at(close).is("]")) {
      close++;
    }
    boolean bit = sql.at(close + 1).is("&");
    boolean fromZero = bit && sql.at(close - 2).is("-");
    String array = Sql.text(sql.part(from, open));
    String index = Sql.text(sql.part(open + 1, fromZero ? close - 2 : close));
    String call = "pg_catalog.element(" + array + ", " + index + ")";
    String whole = bit ? "bitand(" + call + ", " + sql.at(close + 2).text() + ")" : call;
    sql.replace(from, bit ? close + 3 : close + 1, Token.word(whole));
    return from;
  }

  private static Token gap(Token t) {
    return new Token(t.kind(), t.text(), true);
  }

  /** Casts to text and numbers stay; those to names of things become functions. */
  private static int cast(Sql sql, int at) {
    int type = sql.has(at + 1, "pg_catalog", ".") ? at + 3 : at + 1;
    String name = sql.at(type).value();
    int end = type + 1;
    while (sql.at(end).isOneOf("[", "]")) {
      end++;
    }
    if (name.equals("regclass") || name.equals("regtype")) {
      return lookup(sql, at, end, name);
    }
    if (TYPES.contains(name) && end == type + 1) {
      boolean text = name.equals("text") || name.equals("name") || name.equals("char");
      String to = text ? "varchar" : name.equals("oid") ? "bigint" : name;
      sql.replace(at, end, Token.symbol("::" + to));
      return at;
    }
    sql.remove(at, end);
    return at - 1;
  }

  private static int lookup(Sql sql, int at, int end, String type) {
    int from = operand(sql, at);
    List<Token> operand = sql.part(from, at);
    boolean literal = operand.size() == 1 && operand.get(0).kind() == Kind.STRING;
    List<Token> call = new ArrayList<>();
    call.add(Token.word("pg_catalog." + type + (literal ? "_oid(" : "_name(")));
    call.addAll(operand);
    call.add(Token.symbol(")"));
    sql.replace(from, end, call);
    return from + call.size() - 1;
  }

  /** Where the operand before a cast begins: a string, a dotted name, or a call. */
  private static int operand(Sql sql, int at) {
    int i = at - 1;
    if (sql.at(i).is(")")) {
      int depth = 0;
      do {
        depth += sql.at(i).is(")") ? 1 : sql.at(i).is("(") ? -1 : 0;
        i--;
      } while (i >= 0 && depth > 0);
      i += sql.at(i).isName() ? 0 : 1;
    }
    while (i >= 2 && sql.at(i - 1).is(".")) {
      i -= 2;
    }
    return Math.max(i, 0);
  }

  /**
   * The columns of a query that gives no rows, because it begins with a table that is always empty;
   * null when it does not.
   */
  static List<Column> empty(Sql sql) {
    int from = sql.starts("select") ? sql.find(1, "from") : -1;
    int table = sql.has(from + 1, "pg_catalog", ".") ? from + 3 : from + 1;
    if (from < 0 || !EMPTY.contains(sql.at(table).value())) {
      return null;
    }
    List<Column> columns = new ArrayList<>();
    for (List<Token> item : sql.list(1, from)) {
      Token last = item.get(item.size() - 1);
      columns.add(Column.text(last.isName() ? last.value() : "?column?"));
    }
    return columns;
  }
}
