package halab.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code /proc} says of processes: their session (a host of a lab is one), their state, their
 * words. A process that ends while it is looked at is simply not there.
 */
public final class Sessions {
  private static final Path PROC = Path.of("/proc");

  /**
   * One process at one moment.
   *
   * @param state R, S, D, T (stopped), Z ... as in proc(5)
   * @param startTicks since boot; with the pid it names a process for good
   */
  public record Process(long pid, char state, long session, long startTicks) {
    public boolean paused() {
      return state == 'T' || state == 't';
    }

    /** Ended, only not yet reaped. */
    public boolean zombie() {
      return state == 'Z' || state == 'X';
    }
  }

  private Sessions() {}

  /** This process, or null when there is none (any more). */
  public static Process of(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      // The name in parentheses may hold anything, also blanks and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return new Process(
          pid, fields[0].charAt(0), Long.parseLong(fields[3]), Long.parseLong(fields[19]));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** All live processes of a session. */
  public static List<Process> members(long session) throws IOException {
    List<Process> members = new ArrayList<>();
    try (Stream<Path> entries = Files.list(PROC)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .map(name -> of(Long.parseLong(name)))
          .filter(p -> p != null && p.session() == session && !p.zombie())
          .forEach(members::add);
    }
    return members;
  }

  /** The words of its command line, blank between them; empty when there is no such process. */
  public static String commandLine(long pid) {
    try {
      byte[] words = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
      return new String(words, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    } catch (IOException e) {
      return "";
    }
  }
}
