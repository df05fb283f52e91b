package halab.sim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of lab time as people write them: {@code 500ms}, {@code 30s}, {@code 5m}. */
final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

  private Durations() {}

  /** Milliseconds, or -1 when the text is no such span. */
  static long ms(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      return -1;
    }
    long number = Long.parseLong(m.group(1));
    switch (m.group(2)) {
      case "ms":
        return number;
      case "s":
        return number * 1000;
      default:
        return number * 60_000;
    }
  }

  /** The shortest of the three forms that says the same. */
  static String text(long ms) {
    if (ms != 0 && ms % 60_000 == 0) {
      return ms / 60_000 + "m";
    }
    return ms != 0 && ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
  }
}
