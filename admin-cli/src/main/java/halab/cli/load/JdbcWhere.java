package halab.cli.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;

/**
 * Any place that a JDBC URL of PostgreSQL names, one host or several: the first of them that takes
 * writes, unless the URL says otherwise. A host that does not answer costs a bounded time. The
 * environment's PGUSER and PGPASSWORD count where the URL says nothing.
 */
public final class JdbcWhere implements Where {
  private static final String PREFIX = "jdbc:postgresql:";
  private static final long CONNECT_S = 2;
  private static final long LOGIN_S = 5;
  private static final Pattern HOSTS = Pattern.compile("jdbc:postgresql:(//[^/?]*/?[^?]*|[^?]*)");

  private final String url;
  private final Properties properties = new Properties();

  /**
   * The place of a URL.
   *
   * @param answerMs how long an answer is waited for, rounded up to a second
   * @throws IllegalArgumentException if the URL is not one of PostgreSQL
   */
  public JdbcWhere(String url, long answerMs) {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "not a URL of PostgreSQL; use " + PREFIX + "//HOST:PORT,HOST:PORT/DATABASE");
    }
    this.url = url;
    PGProperty.CONNECT_TIMEOUT.set(properties, Long.toString(CONNECT_S));
    PGProperty.LOGIN_TIMEOUT.set(properties, Long.toString(LOGIN_S));
    PGProperty.SOCKET_TIMEOUT.set(properties, Long.toString((answerMs + 999) / 1_000));
    PGProperty.TCP_KEEP_ALIVE.set(properties, "true");
    PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
    PGProperty.APPLICATION_NAME.set(properties, "halab load");
    set(PGProperty.USER, "PGUSER");
    set(PGProperty.PASSWORD, "PGPASSWORD");
  }

  private void set(PGProperty property, String variable) {
    String value = System.getenv(variable);
    if (value != null) {
      property.set(properties, value);
    }
  }

  @Override
  public Connection connection() throws SQLException {
    return DriverManager.getConnection(url, properties);
  }

  @Override
  public String place() {
    Matcher hosts = HOSTS.matcher(url);
    return hosts.lookingAt() ? hosts.group(1).replaceAll("//([^/@]*@)?", "") : "";
  }

  @Override
  public String address(Connection connection) throws SQLException {
    return connection.unwrap(BaseConnection.class).getQueryExecutor().getHostSpec().toString();
  }
}
