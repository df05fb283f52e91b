package halab.cli.sql;

import halab.cli.Out;
import halab.cli.lab.LiveLab;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/** A user of one lab's SQL, at one place. */
public final class SqlSession implements AutoCloseable {
  /** Name of the file with what was typed, in the folder of a lab. */
  private static final String HISTORY = "sql-history";

  private static final int LOGIN_S = 5;

  private final LiveLab lab;
  private final String url;
  private final String user;
  private Connection connection;

  private SqlSession(LiveLab lab, String url, String user) {
    this.lab = lab;
    this.url = url;
    this.user = user;
  }

  /**
   * Nothing is connected before the first statement.
   *
   * @param from where the user is
   * @param host whose instance; null for whoever has the lab's addresses
   */
  public static SqlSession of(Standpoint from, String host, String user) {
    String url = host == null ? LabUrl.ofAddresses(from) : LabUrl.ofHost(from, host);
    return new SqlSession(from.lab(), url, user);
  }

  /** As psql and other programs of PostgreSQL take it. */
  public String libpqUrl() {
    return url.substring("jdbc:".length()).replace("//", "//" + user + "@");
  }

  /**
   * Runs the statements, or those that are typed or piped in when there are none; the exit code.
   */
  public int talk(Out out, boolean json, List<String> statements, boolean typed)
      throws IOException {
    SqlConsole console = new SqlConsole(this::open, out, json);
    if (statements.isEmpty()) {
      return typed
          ? console.interactive(lab.dir().resolve(HISTORY), "connected to " + libpqUrl())
          : console.script();
    }
    int exitCode = 0;
    for (String statement : statements) {
      exitCode = Math.max(exitCode, console.run(statement));
    }
    return exitCode;
  }

  private Connection open() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("ApplicationName", "halab sql");
    properties.setProperty("loginTimeout", String.valueOf(LOGIN_S));
    properties.setProperty("connectTimeout", String.valueOf(LOGIN_S));
    String password = System.getenv("PGPASSWORD");
    if (password != null) {
      properties.setProperty("password", password);
    }
    connection = DriverManager.getConnection(url, properties);
    return connection;
  }

  @Override
  public void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      connection = null; // gone either way
    }
  }
}
