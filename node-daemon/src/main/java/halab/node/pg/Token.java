package halab.node.pg;

/**
 * A piece of a statement.
 *
 * @param text as the engine is to see it; strings are in standard form, whatever they were written as
 * @param gap whether white space or a comment stood in front
 */
record Token(Kind kind, String text, boolean gap) {
  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    PARAMETER,
    SYMBOL,
    END
  }

  static final Token END = new Token(Kind.END, "", false);

  static Token word(String text) {
    return new Token(Kind.WORD, text, true);
  }

  static Token symbol(String text) {
    return new Token(Kind.SYMBOL, text, false);
  }

  /** A string whose value is this. */
  static Token string(String value) {
    return new Token(Kind.STRING, "'" + value.replace("'", "''") + "'", true);
  }

  /** A keyword or operator. */
  boolean is(String expected) {
    return kind == Kind.WORD
        ? text.equalsIgnoreCase(expected)
        : kind == Kind.SYMBOL && text.equals(expected);
  }

  boolean isOneOf(String... expected) {
    for (String one : expected) {
      if (is(one)) {
        return true;
      }
    }
    return false;
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** The name that a word or a quoted name means, or the value of a string. */
  String value() {
    return switch (kind) {
      case WORD -> text.toLowerCase(java.util.Locale.ROOT);
      case QUOTED -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
      case STRING -> text.substring(1, text.length() - 1).replace("''", "'");
      default -> text;
    };
  }
}
