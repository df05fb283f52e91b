package halab.sim;

import halab.systems.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of a scenario or schedule as words, read from left to right, with its place. */
final class Words {
  private static final Pattern TOKEN =
      Pattern.compile("->|=>|!=|[|{}(),=]|\"[^\"]*\"|(?:(?!->|=>|!=)[^\\s|{}(),=\"])+|\\S");

  private final String file;
  private final int line;
  private final String raw;
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> starts = new ArrayList<>();
  private int next;

  Words(String file, int line, String raw) {
    this.file = file;
    this.line = line;
    this.raw = raw;
    Matcher m = TOKEN.matcher(raw);
    while (m.find()) {
      tokens.add(m.group());
      starts.add(m.start());
    }
  }

  int line() {
    return line;
  }

  boolean done() {
    return next == tokens.size();
  }

  /** The next word without taking it; empty at the end. */
  String peek() {
    return done() ? "" : tokens.get(next);
  }

  /** The next word; {@code wanted} says what should stand there if there is none. */
  String take(String wanted) {
    if (done()) {
      throw problem("the line ends where " + wanted + " is missing", "add " + wanted);
    }
    return tokens.get(next++);
  }

  /** Takes the next word if it is this one. */
  boolean takeIf(String word) {
    if (!peek().equals(word)) {
      return false;
    }
    next++;
    return true;
  }

  void must(String word) {
    if (!takeIf(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  /** Everything from the next word on, as it was written; may be empty. */
  String rest() {
    String text = done() ? "" : raw.substring(starts.get(next)).strip();
    next = tokens.size();
    return text;
  }

  void end() {
    if (!done()) {
      throw unexpected("the end of the line");
    }
  }

  long durationMs(String wanted) {
    String word = take(wanted);
    long ms = Durations.ms(word);
    if (ms < 0) {
      throw problem("'" + word + "' is no span of time", "write e.g. 500ms, 30s or 5m");
    }
    return ms;
  }

  /** The next word does not fit. */
  ConfigException unexpected(String wanted) {
    return done()
        ? problem("the line ends where " + wanted + " is missing", "add " + wanted)
        : problem("'" + peek() + "' stands where " + wanted + " is wanted", "write " + wanted);
  }

  ConfigException problem(String what, String remedy) {
    return new ConfigException(List.of(new ConfigException.Problem(file, line, what, remedy)));
  }
}
