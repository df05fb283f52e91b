package halab.node.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A statement cut into words exactly where H2's own tokenizer cuts it, without string literals and
 * comments. Unquoted words are in lower case; quoted ones keep their case and are marked.
 */
record Words(List<Word> list) {
  /** One word or sign. A string literal is the single word {@code '}. */
  record Word(String text, boolean quoted) {
    boolean is(String plain) {
      return !quoted && text.equals(plain);
    }
  }

  static Words of(String sql) throws SqlFailure {
    return new Words(new Cutter(sql).cut());
  }

  boolean has(String plain) {
    return list.stream().anyMatch(w -> w.is(plain));
  }

  /** Whether one of these words stands right behind the other. */
  boolean has(String first, String second) {
    for (int i = 1; i < list.size(); i++) {
      if (list.get(i - 1).is(first) && list.get(i).is(second)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the word stands there in any form, quoted or not, in any case. */
  boolean hasName(String name) {
    return list.stream().anyMatch(w -> w.text().equalsIgnoreCase(name));
  }

  /** Whether a second statement follows a semicolon. */
  boolean several() {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).is(";")) {
        return list.subList(i, list.size()).stream().anyMatch(w -> !w.is(";"));
      }
    }
    return false;
  }

  private static final class Cutter {
    private final String sql;
    private final List<Word> words = new ArrayList<>();
    private int at;

    Cutter(String sql) {
      this.sql = sql;
    }

    List<Word> cut() throws SqlFailure {
      while (at < sql.length()) {
        char c = sql.charAt(at);
        if (Character.isWhitespace(c)) {
          at++;
        } else if (next("--") || next("//")) {
          int end = sql.indexOf('\n', at);
          at = end < 0 ? sql.length() : end;
        } else if (next("/*")) {
          comment();
        } else if (c == '\'') {
          quoted('\'');
          words.add(new Word("'", false));
        } else if (c == '"' || c == '`') {
          words.add(new Word(quoted(c), true));
        } else if (next("$$")) {
          int end = sql.indexOf("$$", at + 2);
          at = end < 0 ? sql.length() : end + 2;
          words.add(new Word("'", false));
        } else if (Character.isJavaIdentifierStart(c)) {
          word();
        } else {
          words.add(new Word(String.valueOf(c), false));
          at++;
        }
      }
      return words;
    }

    private boolean next(String text) {
      return sql.startsWith(text, at);
    }

    private void word() throws SqlFailure {
      int start = at;
      while (at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at))) {
        at++;
      }
      String text = sql.substring(start, at);
      if (text.equalsIgnoreCase("u") && next("&\"")) {
        throw new SqlFailure(
            SqlError.unsupported(
                "names with Unicode escapes are not supported", "Write the character itself."));
      }
      words.add(new Word(text.toLowerCase(Locale.ROOT), false));
    }

    private String quoted(char quote) throws SqlFailure {
      StringBuilder text = new StringBuilder();
      for (at++; at < sql.length(); at++) {
        char c = sql.charAt(at);
        if (c == quote) {
          at++;
          if (at >= sql.length() || sql.charAt(at) != quote) {
            return text.toString();
          }
        }
        text.append(c);
      }
      throw new SqlFailure(SqlError.of("42601", "unterminated quoted string or identifier"));
    }

    private void comment() throws SqlFailure {
      int depth = 0;
      while (at < sql.length()) {
        if (next("/*")) {
          depth++;
          at += 2;
        } else if (next("*/")) {
          depth--;
          at += 2;
          if (depth == 0) {
            return;
          }
        } else {
          at++;
        }
      }
      throw new SqlFailure(SqlError.of("42601", "unterminated /* comment"));
    }
  }
}
