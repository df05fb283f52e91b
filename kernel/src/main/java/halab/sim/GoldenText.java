package halab.sim;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of a vendor log with the changing parts left open. Empty lines and lines that start with
 * {@code #} are not part of the text.
 *
 * <ul>
 *   <li>{@code {time}} is a log time, each time another one; {@code {any}} is anything.
 *   <li>{@code {name}} in small letters is a number: its first use binds it, later uses must show
 *       the same digits; {@code {name+3}} is that number plus 3.
 *   <li>{@code {NAME}} in capitals is a word without blanks, brackets or commas, bound likewise.
 *   <li><code>{{</code> is one brace.
 * </ul>
 */
public final class GoldenText {
  private static final Pattern HOLE = Pattern.compile("\\{\\{|\\{([A-Za-z]+)([+-]\\d{1,6})?}");
  private static final String TIME = "\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}[.:]\\d{3}";

  private final List<Line> lines = new ArrayList<>();

  /** A hole of a line; offset only for numbers. */
  private record Hole(String name, long offset) {
    boolean number() {
      return Character.isLowerCase(name.charAt(0));
    }
  }

  private record Line(String text, Pattern pattern, List<Hole> holes) {}

  /**
   * Where the text was found, or how far the best attempt came.
   *
   * @param first index of the first matching log line; -1 when the text is not there
   * @param bound values of the names, when found
   * @param why what differs in the best attempt, when not found
   */
  public record Match(int first, Map<String, String> bound, String why) {
    public boolean found() {
      return first >= 0;
    }
  }

  private GoldenText() {}

  /** Reads the text of a golden file. A brace that begins no placeholder stands for itself. */
  public static GoldenText parse(String text) {
    GoldenText golden = new GoldenText();
    for (String line : text.split("\\R")) {
      if (!line.isBlank() && !line.startsWith("#")) {
        golden.lines.add(compile(line));
      }
    }
    return golden;
  }

  /** Number of lines that have to match. */
  public int size() {
    return lines.size();
  }

  private static Line compile(String text) {
    StringBuilder regex = new StringBuilder();
    List<Hole> holes = new ArrayList<>();
    Matcher m = HOLE.matcher(text);
    int end = 0;
    while (m.find()) {
      regex.append(Pattern.quote(text.substring(end, m.start())));
      end = m.end();
      String name = m.group(1);
      if (name == null) {
        regex.append("\\{");
      } else if (name.equals("time")) {
        regex.append(TIME);
      } else if (name.equals("any")) {
        regex.append(".*");
      } else {
        Hole hole = new Hole(name, m.group(2) == null ? 0 : Long.parseLong(m.group(2)));
        holes.add(hole);
        regex.append(hole.number() ? "(\\d{1,40})" : "([^\\s\\[\\](),]+)");
      }
    }
    regex.append(Pattern.quote(text.substring(end)));
    return new Line(text, Pattern.compile(regex.toString()), List.copyOf(holes));
  }

  /** Looks for all lines, in order and with nothing between them, anywhere in the log. */
  public Match find(List<String> log) {
    int best = -1;
    String why = log.isEmpty() ? "the log has no lines" : "no line of the log matches line 1";
    for (int first = 0; first < log.size(); first++) {
      Map<String, String> bound = new TreeMap<>();
      int matched = 0;
      while (matched < lines.size()
          && first + matched < log.size()
          && fits(lines.get(matched), log.get(first + matched), bound)) {
        matched++;
      }
      if (matched == lines.size()) {
        return new Match(first, bound, "");
      }
      if (matched > best) {
        best = matched;
        why = difference(log, first, matched, bound);
      }
    }
    return new Match(-1, Map.of(), why);
  }

  private String difference(List<String> log, int first, int matched, Map<String, String> bound) {
    String seen =
        first + matched < log.size() ? "'" + log.get(first + matched) + "'" : "the end of the log";
    return "line "
        + (matched + 1)
        + " of "
        + lines.size()
        + " wants '"
        + lines.get(matched).text()
        + "' and sees "
        + seen
        + (bound.isEmpty() ? "" : " with " + bound);
  }

  /** Whether one line fits; binds names only if it does. */
  private static boolean fits(Line line, String seen, Map<String, String> bound) {
    Matcher m = line.pattern().matcher(seen);
    if (!m.matches()) {
      return false;
    }
    Map<String, String> fresh = new TreeMap<>();
    for (int i = 0; i < line.holes().size(); i++) {
      Hole hole = line.holes().get(i);
      String value = m.group(i + 1);
      if (hole.number()) {
        value = new BigInteger(value).subtract(BigInteger.valueOf(hole.offset())).toString();
      }
      String known = fresh.getOrDefault(hole.name(), bound.get(hole.name()));
      if (known != null && !known.equals(value)) {
        return false;
      }
      fresh.put(hole.name(), value);
    }
    bound.putAll(fresh);
    return true;
  }
}
