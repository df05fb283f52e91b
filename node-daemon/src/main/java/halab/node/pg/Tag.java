package halab.node.pg;

import java.util.Locale;

/**
 * What a client is told a statement was.
 *
 * @param text the command tag without counts
 * @param changes whether it changes rows
 */
record Tag(String text, boolean changes) {
  static Tag of(Sql sql) {
    String word = sql.at(0).value();
    return switch (word) {
      case "insert", "update", "delete", "merge" -> new Tag(word.toUpperCase(Locale.ROOT), true);
      case "select", "values", "table", "(" -> new Tag("SELECT", false);
      case "with" -> with(sql);
      case "truncate" -> new Tag("TRUNCATE TABLE", true);
      case "create", "alter", "drop" -> new Tag(definition(sql, word), true);
      default -> new Tag(word.toUpperCase(Locale.ROOT), false);
    };
  }

  private static Tag with(Sql sql) {
    for (String word : new String[] {"insert", "update", "delete", "merge"}) {
      if (sql.find(1, word) > 0) {
        return new Tag(word.toUpperCase(Locale.ROOT), true);
      }
    }
    return new Tag("SELECT", false);
  }

  private static String definition(Sql sql, String word) {
    int i = 1;
    while (sql.at(i).isOneOf("or", "replace", "unique", "temp", "temporary", "unlogged", "force")) {
      i++;
    }
    String object = sql.at(i).value().toUpperCase(Locale.ROOT);
    return word.toUpperCase(Locale.ROOT) + " " + object;
  }
}
