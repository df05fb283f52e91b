package halab.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command's words go: results to the one stream, remarks about the work to the other.
 * Coloured on a terminal, plain otherwise. Safe for use by several threads, a line at a time.
 */
public final class Out {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;

  public Out(PrintStream out, PrintStream err, boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** The process's own streams in UTF-8; the launcher says whether they are a terminal. */
  public static Out ofProcess() {
    boolean terminal = "1".equals(System.getenv("HALAB_TTY"));
    String noColour = System.getenv("NO_COLOR");
    return new Out(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        terminal && (noColour == null || noColour.isEmpty()));
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** One line of the result. */
  public void line(String text) {
    synchronized (out) {
      out.println(text);
    }
  }

  /** Text that carries its own line ends. */
  public void text(String text) {
    synchronized (out) {
      out.print(text);
      out.flush();
    }
  }

  /** A remark that is not part of the result: an error, a warning. */
  public void remark(String text) {
    synchronized (out) {
      err.println(text);
    }
  }

  /** A line about work under way; on a terminal the next one, or {@link #done}, replaces it. */
  public void progress(String text) {
    if (terminal) {
      text("\r\033[K" + text);
    } else {
      line(text);
    }
  }

  /** Ends a series of {@link #progress} lines. */
  public void done() {
    if (terminal) {
      text("\r\033[K");
    }
  }

  public boolean terminal() {
    return terminal;
  }

  /** Clears the screen and goes home; nothing when not on a terminal. */
  public void clear() {
    if (terminal) {
      text("\033[H\033[2J");
    }
  }

  public PrintStream stream() {
    return out;
  }

  public PrintStream errors() {
    return err;
  }

  public String bold(String text) {
    return styled("1", text);
  }

  public String dim(String text) {
    return styled("2", text);
  }

  public String red(String text) {
    return styled("1;31", text);
  }

  public String green(String text) {
    return styled("32", text);
  }

  public String yellow(String text) {
    return styled("33", text);
  }

  public String cyan(String text) {
    return styled("36", text);
  }

  private String styled(String code, String text) {
    return terminal ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
