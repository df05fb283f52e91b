package halab.node.pg;

import java.util.ArrayList;
import java.util.List;

/** INSERT ... ON CONFLICT, which the engine knows only without a target and without an update. */
final class Upserts {
  private final Sql sql;

  Upserts(Sql sql) {
    this.sql = sql;
  }

  void translate() {
    int at = sql.starts("insert", "into") ? sql.find(2, "on") : -1;
    if (at < 0 || !sql.at(at + 1).is("conflict")) {
      return;
    }
    int action = sql.find(at, "do");
    if (sql.has(action, "do", "nothing")) {
      sql.remove(at + 2, action);
    } else if (sql.has(action, "do", "update", "set") && sql.at(at + 2).is("(")) {
      merge(at, action);
    } else {
      throw PgError.of("0A000", "this form of ON CONFLICT is not supported")
          .hint("Name the columns: ON CONFLICT (columns) DO UPDATE SET ...");
    }
  }

  /** What PostgreSQL calls excluded is the source of a MERGE. */
  private void merge(int at, int action) {
    int columnsAt = columnsAt();
    List<List<Token>> columns = columnsOf(columnsAt, at);
    String into = Sql.text(sql.part(2, columnsAt));
    String table = Sql.text(sql.part(columnsAt - 1, columnsAt));
    String source = Sql.text(sql.part(sql.close(columnsAt) + 1, at));
    String names = joined(columns, "");
    List<String> keys = new ArrayList<>();
    for (List<Token> key : sql.list(at + 3, sql.close(at + 2))) {
      keys.add(table + "." + Sql.text(key) + " = excluded." + Sql.text(key));
    }
    int returning = sql.find(action, "returning");
    int end = returning < 0 ? sql.size() : returning;
    int where = sql.find(action, "where");
    String only = where < 0 ? "" : " and (" + Sql.text(sql.part(where + 1, end)) + ")";
    String set = Sql.text(sql.part(action + 3, where < 0 ? end : where));
    String merge =
        String.format(
            "merge into %s using (%s) as excluded(%s) on (%s) when matched%s then update set %s"
                + " when not matched then insert (%s) values (%s)",
            into,
            source,
            names,
            String.join(" and ", keys),
            only,
            set,
            names,
            joined(columns, "excluded."));
    List<Token> with = new ArrayList<>(Dialect.words("merge"));
    with.add(Token.word(merge.substring("merge ".length())));
    with.addAll(sql.part(end, sql.size()));
    sql.replace(0, sql.size(), with);
  }

  /** Where the columns of the INSERT begin; -1: it names none. */
  private int columnsAt() {
    int first = sql.find(2, "(");
    for (String source : List.of("values", "select", "default")) {
      int at = sql.find(2, source);
      if (at >= 0 && at < first) {
        return -1;
      }
    }
    return first;
  }

  private List<List<Token>> columnsOf(int open, int limit) {
    if (open < 0 || open > limit || sql.close(open) > limit) {
      throw PgError.of("0A000", "ON CONFLICT DO UPDATE needs the columns of the INSERT")
          .hint("Write INSERT INTO table (columns) VALUES ...");
    }
    return sql.list(open + 1, sql.close(open));
  }

  private static String joined(List<List<Token>> names, String before) {
    List<String> parts = new ArrayList<>();
    names.forEach(n -> parts.add(before + Sql.text(n)));
    return String.join(", ", parts);
  }
}
