package halab.node.pg;

import halab.node.pg.Token.Kind;

/**
 * How COPY writes rows.
 *
 * @param nullText what stands for null
 * @param header whether the first line has names
 */
record CopyFormat(
    boolean csv, char delimiter, String nullText, boolean header, char quote, char escape) {
  /** Reads the options behind FROM STDIN or TO STDOUT, in the new and in the old spelling. */
  static CopyFormat read(Sql sql, int from) {
    Options options = new Options();
    int i = sql.at(from).is("with") ? from + 1 : from;
    boolean listed = sql.at(i).is("(");
    int end = listed ? sql.close(i) : sql.size();
    i += listed ? 1 : 0;
    while (i < end) {
      i = sql.at(i).is(",") ? i + 1 : options.option(sql, i);
    }
    if (listed && end + 1 < sql.size()) {
      throw Transactions.syntax(sql, end + 1);
    }
    return options.format();
  }

  private static final class Options {
    private boolean csv;
    private String delimiter = "";
    private String nullText;
    private boolean header;
    private String quote = "\"";
    private String escape = "";

    /** Takes one option and says where the next begins. */
    int option(Sql sql, int i) {
      Token value = sql.at(i + 1).isOneOf("as", "=") ? sql.at(i + 2) : sql.at(i + 1);
      int next = value == sql.at(i + 1) ? i + 2 : i + 3;
      switch (sql.at(i).value()) {
        case "format" -> csv = csv(value.value());
        case "csv" -> {
          csv = true;
          next = i + 1;
        }
        case "binary" -> csv("binary");
        case "delimiter", "delimiters" -> delimiter = value.value();
        case "null" -> nullText = value.value();
        case "quote" -> quote = value.value();
        case "escape" -> escape = value.value();
        case "encoding" -> encoding(value.value());
        case "header" -> {
          boolean said = value.isOneOf("true", "false", "on", "off") || value.kind() == Kind.NUMBER;
          header = !said || Settings.bool("header", value.value());
          next = said ? next : i + 1;
        }
        case "freeze", "oids" -> {
          boolean said = value.isOneOf("true", "false", "on", "off") || value.kind() == Kind.NUMBER;
          next = said ? next : i + 1;
        }
        default ->
            throw PgError.of("0A000", "COPY option \"" + sql.at(i).text() + "\" is not supported");
      }
      return next;
    }

    private static boolean csv(String format) {
      return switch (format) {
        case "csv" -> true;
        case "text" -> false;
        default ->
            throw PgError.of("0A000", "COPY format \"" + format + "\" is not supported")
                .hint("Use text or csv.");
      };
    }

    private static void encoding(String name) {
      if (!name.toUpperCase(java.util.Locale.ROOT).matches("UTF-?8")) {
        throw PgError.of("0A000", "COPY encoding \"" + name + "\" is not supported");
      }
    }

    CopyFormat format() {
      String usual = csv ? "," : "\t";
      char q = one("quote", quote);
      return new CopyFormat(
          csv,
          one("delimiter", delimiter.isEmpty() ? usual : delimiter),
          nullText != null ? nullText : csv ? "" : "\\N",
          header,
          q,
          escape.isEmpty() ? q : one("escape", escape));
    }

    private static char one(String option, String value) {
      if (value.length() != 1 || value.charAt(0) > 127 || "\n\r\\".contains(value)) {
        throw PgError.of("22023", "COPY " + option + " must be a single one-byte character");
      }
      return value.charAt(0);
    }
  }
}
