package halab.cli.console;

import halab.cli.Failure;
import halab.cli.Out;
import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.systems.LabPlan;
import halab.systems.Monitor;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * A vendor's monitor, or a daemon's terminal, as its user sees it: words go to the daemon, its
 * answers and what it prints of its own accord come back. Knows nothing of what the words mean,
 * except that {@code exit} leaves.
 */
public final class MonitorConsole {
  /** Name of the file with what was typed, in the folder of a lab. */
  public static final String HISTORY = "history";

  private static final long ANSWER_WITHIN_MS = 180_000;

  private final LiveLab lab;
  private final Endpoint monitor;
  private final Out out;
  private final Monitor vendors;
  private final Supplier<List<String>> greeting;
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  /** How an answer is had; null when there is none. */
  interface Asker {
    String ask(Monitor.Question question) throws IOException;
  }

  /** The terminal of a daemon that is no monitor. */
  private record OwnConsole(String name) implements Monitor {
    @Override
    public List<List<List<String>>> words(LabPlan plan) {
      return List.of();
    }
  }

  /**
   * @param monitor the daemon that answers
   * @param vendors what its console is like
   * @param greeting what a console shows before it takes words
   */
  public MonitorConsole(
      LiveLab lab, Endpoint monitor, Out out, Monitor vendors, Supplier<List<String>> greeting) {
    this.lab = lab;
    this.monitor = monitor;
    this.out = out;
    this.vendors = vendors;
    this.greeting = greeting;
  }

  /** The console of a daemon that there is and that answers. */
  public static MonitorConsole of(LiveLab lab, Endpoint daemon, Out out) {
    if (!lab.plan().daemons().contains(daemon)) {
      throw Failure.usage(
          "host '" + daemon.host() + "' has no " + daemon.role() + "; see: halab status");
    }
    if (lab.client().daemon(daemon) == null) {
      throw Failure.no(daemon + " does not run or does not answer; see: halab status");
    }
    return new MonitorConsole(lab, daemon, out, new OwnConsole(daemon.role()), List::of);
  }

  /**
   * One command, or the console: with a line editor where somebody types, else from standard input.
   *
   * @param command null for the console
   */
  public int attend(String command, Completer words) throws IOException {
    boolean typed = "1".equals(System.getenv("HALAB_TTY_IN"));
    if (command != null) {
      Console console = typed ? System.console() : null;
      return run(command, console == null ? this::readOn : q -> asked(console, q), out::line);
    }
    greeting.get().forEach(out::line);
    return typed && out.terminal() ? interactive(lab.dir().resolve(HISTORY), words) : script();
  }

  /** The next line of standard input. */
  private String readOn(Monitor.Question question) throws IOException {
    return in.readLine();
  }

  private static String asked(Console console, Monitor.Question question) {
    if (!question.hidden()) {
      return console.readLine("%s", question.text());
    }
    char[] answer = console.readPassword("%s", question.text());
    return answer == null ? null : new String(answer);
  }

  /** The words of a command, with the answers to what the vendor's console asks after it. */
  static List<String> words(Monitor vendors, String command, Asker asker) throws IOException {
    List<String> words = new ArrayList<>(List.of(command.strip().split("\\s+")));
    for (Monitor.Question question : vendors.asks(command)) {
      String answer = asker.ask(question);
      if (answer == null) {
        throw Failure.usage("'" + command + "' asks " + question.text() + " and got no answer");
      }
      words.add(answer);
    }
    return words;
  }

  private int run(String command, Asker asker, Consumer<String> lines) throws IOException {
    int exitCode =
        lab.client().run(monitor, words(vendors, command, asker), ANSWER_WITHIN_MS, lines);
    if (exitCode < 0) {
      throw Failure.no(monitor + " gave no complete answer; see: halab status");
    }
    return exitCode;
  }

  /**
   * Commands from standard input until it ends or says exit; the last one's exit code. What the
   * monitor prints meanwhile comes between the answers.
   */
  public int script() throws IOException {
    AutoCloseable relay = lab.client().console(monitor, out::line, this::endedScript);
    try (relay) {
      return commands();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the console could not be closed", e);
    }
  }

  private void endedScript(String problem) {
    if (problem != null) {
      out.remark("(no more lines from the monitor: " + problem + ")");
    }
  }

  private int commands() throws IOException {
    int exitCode = ExitCode.OK;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (leaves(line)) {
        break;
      }
      if (!line.isBlank()) {
        exitCode = run(line, this::readOn, out::line);
      }
    }
    return exitCode;
  }

  /** A console with history and completion; what the monitor prints comes above the line. */
  public int interactive(Path history, Completer words) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("halab")
              .completer(words)
              .variable(LineReader.HISTORY_FILE, history)
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      out.line(
          out.dim(
              "attached to " + monitor + " of lab " + lab.name() + "; help lists, exit leaves"));
      AutoCloseable relay =
          lab.client().console(monitor, reader::printAbove, problem -> ended(reader, problem));
      try (relay) {
        for (String line = next(reader); !leaves(line); line = next(reader)) {
          if (!line.isBlank()) {
            run(line, q -> asked(reader, q), text -> terminal.writer().println(text));
            terminal.flush();
          }
        }
      }
      return ExitCode.OK;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the console could not be closed", e);
    }
  }

  private static void ended(LineReader reader, String problem) {
    if (problem != null) {
      reader.printAbove("(no more lines from the monitor: " + problem + ")");
    }
  }

  /** What is asked leaves no trace in the history; who gives no answer is refused as any other. */
  private static String asked(LineReader reader, Monitor.Question question) {
    reader.setVariable(LineReader.DISABLE_HISTORY, true);
    try {
      return reader.readLine(question.text(), question.hidden() ? '\0' : null);
    } catch (UserInterruptException | EndOfFileException e) {
      return "";
    } finally {
      reader.setVariable(LineReader.DISABLE_HISTORY, false);
    }
  }

  private String next(LineReader reader) {
    try {
      return reader.readLine(vendors.prompt());
    } catch (UserInterruptException | EndOfFileException e) {
      return "exit";
    }
  }

  private static boolean leaves(String line) {
    return line.strip().equalsIgnoreCase("exit");
  }
}
