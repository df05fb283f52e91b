package halab.systems.dw;

import java.util.Locale;

/** Formatting of texts. */
final class Texts {
  private Texts() {}

  static String f(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
