package halab.node.pg;

import java.util.List;

/**
 * {@code information_schema._pg_expandarray}, with which drivers turn a key's array into rows. It
 * gives records, which the catalogue's database has none of: a range of positions joined to the
 * array does the same.
 */
final class KeyArrays {
  private static final String FUNCTION = "_pg_expandarray";
  private static final int KEY_COLUMNS_MOST = 32;

  private KeyArrays() {}

  static void expand(Sql sql) {
    int at = find(sql, 0);
    if (at < 0) {
      return;
    }
    int select = begin(sql, at);
    List<Token> array = sql.part(at + 4, sql.close(at + 3));
    String name = Sql.text(array);
    for (int i = at; i >= 0; i = find(sql, i)) {
      int close = sql.close(i + 3);
      boolean position = sql.at(i - 1).is("(") && sql.has(close + 1, ")", ".", "n");
      if (position) {
        sql.replace(i - 1, close + 4, Token.word("key_position.n"));
      } else {
        sql.replace(i, close + 1, Token.word("pg_catalog.element(" + name + ", key_position.n)"));
      }
    }
    join(sql, select, "key_position.n <= cardinality(" + name + ")");
    for (int i = 0; i < sql.size(); i++) {
      // (alias.keys).x is the attribute's number itself.
      if (sql.at(i).is("(") && sql.at(i + 2).is(".") && sql.has(i + 4, ")", ".", "x")) {
        sql.replace(i + 4, i + 7);
        sql.remove(i, i + 1);
      }
    }
  }

  private static int find(Sql sql, int from) {
    for (int i = from; i < sql.size(); i++) {
      if (sql.has(i, "information_schema", ".", FUNCTION, "(")) {
        return i;
      }
    }
    return -1;
  }

  /** The SELECT that the call stands in. */
  private static int begin(Sql sql, int at) {
    int depth = 0;
    for (int i = at; i > 0; i--) {
      depth += sql.at(i).is(")") ? 1 : sql.at(i).is("(") ? -1 : 0;
      if (sql.at(i).is("select") && depth <= 0) {
        return i;
      }
    }
    return 0;
  }

  private static void join(Sql sql, int select, String condition) {
    int from = sql.find(select, "from");
    sql.replace(
        from + 1,
        from + 1,
        Token.word("system_range(1, " + KEY_COLUMNS_MOST + ") as key_position(n),"));
    int depth = 0;
    for (int i = from; i <= sql.size(); i++) {
      if (depth == 0 && sql.at(i).is("where")) {
        sql.replace(i + 1, i + 1, Token.word(condition + " and"));
        return;
      }
      depth += sql.at(i).is("(") ? 1 : sql.at(i).is(")") ? -1 : 0;
      if (depth < 0 || i == sql.size()) {
        sql.replace(i, i, Token.word("where " + condition));
        return;
      }
    }
  }
}
