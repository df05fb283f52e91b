package halab.node.pg;

import halab.node.pg.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts the text of a query into statements of tokens, by PostgreSQL's lexical rules. */
final class Lexer {
  private final String sql;
  private int at;

  private Lexer(String sql) {
    this.sql = sql;
  }

  /** The statements of a query; empty ones are left out. */
  static List<Sql> statements(String sql) {
    List<Sql> statements = new ArrayList<>();
    Lexer lexer = new Lexer(sql);
    List<Token> tokens = new ArrayList<>();
    int depth = 0;
    for (Token t = lexer.next(); t.kind() != Kind.END; t = lexer.next()) {
      if (t.is("(") || t.is("[")) {
        depth++;
      } else if (t.is(")") || t.is("]")) {
        depth--;
      }
      if (t.is(";") && depth <= 0) {
        add(statements, tokens);
        tokens = new ArrayList<>();
      } else {
        tokens.add(t);
      }
    }
    add(statements, tokens);
    return statements;
  }

  private static void add(List<Sql> statements, List<Token> tokens) {
    if (!tokens.isEmpty()) {
      statements.add(new Sql(tokens));
    }
  }

  private Token next() {
    int start = at;
    skipGap();
    boolean gap = at > start;
    if (at >= sql.length()) {
      return Token.END;
    }
    char c = sql.charAt(at);
    char d = peek(1);
    if ((c == 'e' || c == 'E') && d == '\'') {
      at++;
      return new Token(Kind.STRING, Token.string(escaped()).text(), gap);
    }
    if ("bBxXnN".indexOf(c) >= 0 && d == '\'') {
      at++;
      return new Token(Kind.STRING, Character.toUpperCase(c) + quoted('\''), gap);
    }
    if ((c == 'u' || c == 'U') && d == '&' && (peek(2) == '\'' || peek(2) == '"')) {
      at += 2;
      return new Token(Kind.STRING, "U&" + quoted(sql.charAt(at)), gap);
    }
    if (isNameStart(c)) {
      int from = at;
      while (at < sql.length() && isNamePart(sql.charAt(at))) {
        at++;
      }
      return new Token(Kind.WORD, sql.substring(from, at), gap);
    }
    if (c == '"' || c == '\'') {
      return new Token(c == '"' ? Kind.QUOTED : Kind.STRING, quoted(c), gap);
    }
    if (c == '$') {
      return dollar(gap);
    }
    if (isDigit(c) || (c == '.' && isDigit(d))) {
      return new Token(Kind.NUMBER, number(), gap);
    }
    return new Token(Kind.SYMBOL, symbol(), gap);
  }

  private void skipGap() {
    while (at < sql.length()) {
      if (Character.isWhitespace(sql.charAt(at))) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (sql.startsWith("/*", at)) {
        skipComment();
      } else {
        return;
      }
    }
  }

  /** Comments nest. */
  private void skipComment() {
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
      if (at >= sql.length() && depth > 0) {
        throw PgError.of("42601", "unterminated /* comment");
      }
    } while (depth > 0);
  }

  /** Text between quotes, doubled quotes inside, quotes included. */
  private String quoted(char quote) {
    int from = at++;
    while (true) {
      int end = sql.indexOf(quote, at);
      if (end < 0) {
        String what = quote == '"' ? "identifier" : "string";
        throw PgError.of("42601", "unterminated quoted " + what).position(from + 1);
      }
      at = end + 1;
      if (peek(0) != quote) {
        return sql.substring(from, at);
      }
      at++;
    }
  }

  /** The value of a string with backslash escapes. */
  private String escaped() {
    StringBuilder value = new StringBuilder();
    int from = at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\'' && peek(0) != '\'') {
        return value.toString();
      }
      if (c == '\'') {
        at++;
      } else if (c == '\\' && at < sql.length()) {
        c = escape(sql.charAt(at++));
      }
      value.append(c);
    }
    throw PgError.of("42601", "unterminated quoted string").position(from + 1);
  }

  private char escape(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'x' -> code(16, 2);
      case 'u' -> code(16, 4);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at--;
        yield code(8, 3);
      }
      default -> c;
    };
  }

  private char code(int radix, int most) {
    int value = 0;
    for (int i = 0; i < most && Character.digit(peek(0), radix) >= 0; i++) {
      value = value * radix + Character.digit(sql.charAt(at++), radix);
    }
    if (value == 0) {
      throw PgError.of("22025", "invalid escape sequence");
    }
    return (char) value;
  }

  /** A parameter such as $1, or a string between dollar signs. */
  private Token dollar(boolean gap) {
    int from = at++;
    if (isDigit(peek(0))) {
      while (isDigit(peek(0))) {
        at++;
      }
      return new Token(Kind.PARAMETER, "?" + sql.substring(from + 1, at), gap);
    }
    while (isNamePart(peek(0)) && peek(0) != '$') {
      at++;
    }
    if (peek(0) != '$') {
      throw PgError.of("42601", "syntax error at or near \"$\"").position(from + 1);
    }
    String tag = sql.substring(from, ++at);
    int end = sql.indexOf(tag, at);
    if (end < 0) {
      throw PgError.of("42601", "unterminated dollar-quoted string").position(from + 1);
    }
    String value = sql.substring(at, end);
    at = end + tag.length();
    return new Token(Kind.STRING, Token.string(value).text(), gap);
  }

  private String number() {
    int from = at;
    while (isNamePart(peek(0)) && peek(0) != '$' || peek(0) == '.') {
      char c = sql.charAt(at++);
      boolean exponent = (c == 'e' || c == 'E') && (peek(0) == '+' || peek(0) == '-');
      at += exponent ? 1 : 0;
    }
    return sql.substring(from, at);
  }

  /** Operators stay in single characters: nothing here reads them, and they are put together again. */
  private String symbol() {
    int from = at++;
    if (sql.startsWith("::", from)) {
      at++;
    }
    return sql.substring(from, at);
  }

  private char peek(int ahead) {
    return at + ahead < sql.length() ? sql.charAt(at + ahead) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c) || c == '$';
  }
}
