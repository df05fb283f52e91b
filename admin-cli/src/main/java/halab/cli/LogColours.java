package halab.cli;

/** Vendor log lines on a terminal: warnings and errors stand out. The text is never changed. */
public final class LogColours {
  private LogColours() {}

  public static String line(Out out, String text) {
    if (text.contains("[ERROR]") || text.contains("[FATAL]")) {
      return out.red(text);
    }
    if (text.contains("[WARN")) {
      return out.yellow(text);
    }
    return text;
  }
}
