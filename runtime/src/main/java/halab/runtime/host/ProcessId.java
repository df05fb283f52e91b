package halab.runtime.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process, told apart from a later one of the same number by its start time in clock ticks since
 * boot (field 22 of Linux's {@code /proc/PID/stat}).
 */
public record ProcessId(long pid, long startTicks) {
  private static final int STATE_FIELD = 0;
  private static final int START_FIELD = 19;

  /** The living process of this number. Empty: there is none (a zombie does not live). */
  public static Optional<ProcessId> of(long pid) {
    String[] fields = stat(pid);
    return fields == null || fields[STATE_FIELD].equals("Z")
        ? Optional.empty()
        : Optional.of(new ProcessId(pid, Long.parseLong(fields[START_FIELD])));
  }

  /** Fields after the command's closing bracket, or null when there is no such process. */
  private static String[] stat(long pid) {
    try {
      String text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return text.substring(text.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      return null;
    }
  }

  public boolean alive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /** Alive but stopped (SIGSTOP). */
  public boolean paused() {
    String[] fields = stat(pid);
    return fields != null && alive() && fields[STATE_FIELD].equals("T");
  }

  /** The process that a pid file names, if the file is sound; it may be long dead. */
  public static Optional<ProcessId> read(Path pidFile) {
    try {
      String[] words = Files.readString(pidFile).strip().split(" ");
      return Optional.of(new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1])));
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Content of a pid file: number and start time. */
  @Override
  public String toString() {
    return pid + " " + startTicks;
  }
}
