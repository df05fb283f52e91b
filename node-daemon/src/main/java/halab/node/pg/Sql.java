package halab.node.pg;

import java.util.ArrayList;
import java.util.List;

/** One statement as tokens, with the questions that its readers ask. */
final class Sql {
  private final List<Token> tokens;

  Sql(List<Token> tokens) {
    this.tokens = tokens;
  }

  int size() {
    return tokens.size();
  }

  Token at(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : Token.END;
  }

  Sql copy() {
    return new Sql(new ArrayList<>(tokens));
  }

  /** Whether these words stand here, one after the other. */
  boolean has(int from, String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!at(from + i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  boolean starts(String... words) {
    return has(0, words);
  }

  /** Where a word stands outside of parentheses, or -1. */
  int find(int from, String word) {
    int depth = 0;
    for (int i = from; i < tokens.size(); i++) {
      Token t = tokens.get(i);
      if (depth == 0 && t.is(word)) {
        return i;
      }
      depth += t.is("(") ? 1 : t.is(")") ? -1 : 0;
    }
    return -1;
  }

  /** The parenthesis that closes the one here, or the end. */
  int close(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += at(i).is("(") ? 1 : at(i).is(")") ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return tokens.size();
  }

  void replace(int from, int to, Token... with) {
    List<Token> part = tokens.subList(from, Math.min(to, tokens.size()));
    part.clear();
    part.addAll(List.of(with));
  }

  void replace(int from, int to, List<Token> with) {
    replace(from, to, with.toArray(Token[]::new));
  }

  void remove(int from, int to) {
    replace(from, to);
  }

  List<Token> part(int from, int to) {
    return List.copyOf(tokens.subList(from, Math.min(to, tokens.size())));
  }

  /** Parts between commas outside of parentheses. */
  List<List<Token>> list(int from, int to) {
    List<List<Token>> parts = new ArrayList<>();
    int start = from;
    int depth = 0;
    for (int i = from; i < to; i++) {
      depth += at(i).is("(") ? 1 : at(i).is(")") ? -1 : 0;
      if (depth == 0 && at(i).is(",")) {
        parts.add(part(start, i));
        start = i + 1;
      }
    }
    parts.add(part(start, to));
    return parts;
  }

  String text() {
    return text(tokens);
  }

  static String text(List<Token> tokens) {
    StringBuilder text = new StringBuilder();
    for (Token t : tokens) {
      text.append(t.gap() && text.length() > 0 ? " " : "").append(t.text());
    }
    return text.toString();
  }
}
