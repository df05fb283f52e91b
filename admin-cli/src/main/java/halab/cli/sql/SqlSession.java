package halab.cli.sql;

import halab.cli.Out;
import halab.cli.lab.LiveLab;
import halab.kernel.ExitCode;
import halab.sim.LabDriver;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.core.BaseConnection;

/** A user of one lab's SQL, at one place. */
public final class SqlSession implements SqlSource, AutoCloseable {
  /** Name of the file with what was typed, in the folder of a lab. */
  static final String HISTORY = "sql-history";

  private static final int LOGIN_S = 5;

  private final LiveLab lab;
  private final String url;
  private final String user;
  private final int answerMs;
  private final UnaryOperator<String> names;
  private Connection connection;

  /** HOST:PORT at the other end of the last connection that was made; null: none was. */
  private String place;

  /**
   * @param answerMs how long an answer is waited for; 0 for ever
   * @param names in words, who answers at a place HOST:PORT
   */
  SqlSession(LiveLab lab, String url, String user, int answerMs, UnaryOperator<String> names) {
    this.lab = lab;
    this.url = url;
    this.user = user;
    this.answerMs = answerMs;
    this.names = names;
  }

  /**
   * Nothing is connected before the first statement.
   *
   * @param from where the user is
   * @param host whose instance; null for whoever has the lab's addresses, or takes writes where a
   *     lab has none
   */
  public static SqlSession of(Standpoint from, String host, String user) {
    return of(from, host, user, 0);
  }

  /**
   * The same with a limit for each answer.
   *
   * @param answerMs how long an answer is waited for; 0 for ever
   */
  public static SqlSession of(Standpoint from, String host, String user, int answerMs) {
    String url = host == null ? LabUrl.ofAddresses(from) : LabUrl.ofHost(from, host);
    return new SqlSession(from.lab(), url, user, answerMs, place -> named(from, host, place));
  }

  private static String named(Standpoint from, String host, String place) {
    if (host != null) {
      return "the instance of " + host + " (" + place + ")";
    }
    return from.lab().addresses().stream()
        .filter(address -> place.equals(from.address(address)))
        .findFirst()
        .map(address -> "whoever has " + address + " (" + place + ")")
        .orElse("whoever is at " + place);
  }

  /** As psql and other programs of PostgreSQL take it. */
  public String libpqUrl() {
    return LabUrl.libpq(url, user);
  }

  /**
   * Runs the statements, or those that are typed or piped in when there are none; the exit code.
   */
  public int talk(Out out, boolean json, List<String> statements, boolean typed)
      throws IOException {
    return new SqlConsole(this, out, json)
        .talk(statements, typed, lab.dir().resolve(HISTORY), "connected to " + libpqUrl());
  }

  /**
   * Runs one statement that gives no rows.
   *
   * @param atMostMs how long its answer is waited for, real time
   * @return exit code 1 and the SQLSTATE if it is refused, -1 if the instance gives no answer
   */
  public LabDriver.Answer once(String sql, long atMostMs) {
    try (Connection own = open();
        Statement statement = own.createStatement()) {
      own.setNetworkTimeout(Runnable::run, (int) atMostMs);
      statement.execute(sql);
      return new LabDriver.Answer(ExitCode.OK, "");
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      int exitCode = state.startsWith("08") ? -1 : ExitCode.NO;
      return new LabDriver.Answer(exitCode, state + ": " + SqlConsole.text(e));
    }
  }

  @Override
  public Connection connection() throws SQLException {
    return connection == null || connection.isClosed() ? open() : connection;
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
    long sinceNs = System.nanoTime();
    try {
      connection = DriverManager.getConnection(url, properties);
    } catch (SQLException e) {
      boolean waited = System.nanoTime() - sinceNs >= LOGIN_S * 1_000_000_000L;
      throw waited && SqlErrors.loses(e) ? shut(e) : SqlErrors.noWriter(e) ? readers(e) : e;
    }
    place = connection.unwrap(BaseConnection.class).getQueryExecutor().getHostSpec().toString();
    connection.setNetworkTimeout(Runnable::run, answerMs);
    return connection;
  }

  /** The driver does not say where it waited in vain. */
  private SQLException shut(SQLException error) {
    return new SQLException(
        "no login within " + LOGIN_S * 1_000 + " ms at: " + everybody() + "; see: halab status",
        error.getSQLState(),
        error);
  }

  /** The driver names neither whom it asked nor what to do. */
  private SQLException readers(SQLException error) {
    return new SQLException(
        "nobody takes writes of: " + everybody() + "; to read, name a host: halab sql HOST",
        error.getSQLState(),
        error);
  }

  private String everybody() {
    String places = url.replaceFirst(".*//", "").replaceFirst("/.*", "");
    return Stream.of(places.split(",")).map(names).collect(Collectors.joining(", "));
  }

  @Override
  public String failed(SQLException error) {
    return place == null || !SqlErrors.silent(error)
        ? SqlSource.super.failed(error)
        : SqlErrors.unanswered(names.apply(place), answerMs);
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
