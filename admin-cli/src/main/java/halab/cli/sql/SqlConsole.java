package halab.cli.sql;

import halab.cli.Out;
import halab.kernel.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Statements to an instance and what it answers. One that fails does not end the session. */
final class SqlConsole {
  private final SqlSource source;
  private final Out out;
  private final boolean json;

  SqlConsole(SqlSource source, Out out, boolean json) {
    this.source = source;
    this.out = out;
    this.json = json;
  }

  /**
   * Runs these statements, or those that are typed or piped in when there are none; the exit code.
   *
   * @param history file with what was typed
   * @param where in words, for who types
   */
  int talk(List<String> statements, boolean typed, Path history, String where) throws IOException {
    if (statements.isEmpty()) {
      return typed ? interactive(history, where) : script();
    }
    int exitCode = ExitCode.OK;
    for (String statement : statements) {
      exitCode = Math.max(exitCode, run(statement));
    }
    return exitCode;
  }

  /** Runs statements; the exit code says whether all went well. */
  int run(String sql) throws IOException {
    try (Statement statement = source.connection().createStatement()) {
      boolean rows = statement.execute(sql);
      while (rows || statement.getUpdateCount() >= 0) {
        show(statement, rows);
        rows = statement.getMoreResults();
      }
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        out.remark(w.getMessage());
      }
      return ExitCode.OK;
    } catch (SQLException e) {
      out.remark(out.red(source.failed(e)));
      return ExitCode.NO;
    }
  }

  /** What the server says. */
  static String text(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("ERROR: ") ? message.substring("ERROR: ".length()) : message;
  }

  private void show(Statement statement, boolean rows) throws SQLException, IOException {
    if (rows) {
      try (ResultSet set = statement.getResultSet()) {
        (json ? ResultText.json(set) : ResultText.table(out, set)).forEach(out::line);
      }
    } else if (!json) {
      int count = statement.getUpdateCount();
      out.line(out.dim(count + (count == 1 ? " row changed" : " rows changed")));
    }
  }

  /** Statements from standard input, each ended by a semicolon at the end of a line. */
  private int script() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Pieces pieces = new Pieces();
    int exitCode = ExitCode.OK;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String statement = pieces.add(line);
      if (statement != null) {
        exitCode = Math.max(exitCode, run(statement));
      }
    }
    String rest = pieces.rest();
    return rest.isBlank() ? exitCode : Math.max(exitCode, run(rest));
  }

  /** A console with history. */
  private int interactive(Path history, String where) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("halab")
              .variable(LineReader.HISTORY_FILE, history)
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      out.line(out.dim(where + "; statements end with ; and exit leaves"));
      Pieces pieces = new Pieces();
      while (true) {
        String line = ask(reader, pieces.rest().isEmpty() ? "SQL> " : "  -> ");
        boolean leaves =
            line == null
                || pieces.rest().isEmpty() && line.strip().matches("(?i)exit;?|quit;?|\\\\q");
        if (leaves) {
          return ExitCode.OK;
        }
        String statement = pieces.add(line);
        if (statement != null) {
          run(statement);
        }
      }
    }
  }

  private static String ask(LineReader reader, String prompt) {
    try {
      return reader.readLine(prompt);
    } catch (UserInterruptException | EndOfFileException e) {
      return null;
    }
  }

  /** Lines on their way to a statement. */
  private static final class Pieces {
    private final StringBuilder text = new StringBuilder();

    /** The statement that this line ends; null while it goes on. */
    String add(String line) {
      text.append(line).append('\n');
      if (!line.stripTrailing().endsWith(";")) {
        if (text.toString().isBlank()) {
          text.setLength(0);
        }
        return null;
      }
      String statement = text.toString();
      text.setLength(0);
      return statement;
    }

    String rest() {
      return text.toString();
    }
  }
}
