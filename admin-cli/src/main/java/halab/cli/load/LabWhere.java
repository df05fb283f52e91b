package halab.cli.load;

import halab.cli.sql.LabUrl;
import halab.cli.sql.Standpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A lab: its movable addresses, then its hosts, in this order, and of them the first that takes
 * writes. Behind an address is now this instance, now that one, so each is asked who it is.
 */
public final class LabWhere implements Where {
  private static final String WHO = "select instance_name from v$instance";

  /** Who clients are that nobody named. */
  public static final String USER = "halab";

  private final Where places;

  /**
   * All places of a lab that has been started.
   *
   * @param from where the clients are
   * @param user who they are
   * @param answerMs how long an answer is waited for, rounded up to a second
   * @throws halab.cli.Failure if the lab serves no SQL
   */
  public static LabWhere of(Standpoint from, String user, long answerMs) {
    String encoded = URLEncoder.encode(user, StandardCharsets.UTF_8);
    return new LabWhere(new JdbcWhere(LabUrl.ofAll(from) + "?user=" + encoded, answerMs));
  }

  LabWhere(Where places) {
    this.places = places;
  }

  @Override
  public Connection connection() throws SQLException {
    return places.connection();
  }

  @Override
  public String place() {
    return places.place();
  }

  @Override
  public String address(Connection connection) throws SQLException {
    return instance(connection);
  }

  /** The name of the instance at the other end. */
  static String instance(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet who = statement.executeQuery(WHO)) {
      if (!who.next()) {
        throw new SQLException("the instance does not say who it is", "08001");
      }
      String name = who.getString(1);
      if (!connection.getAutoCommit()) {
        // The question is no part of what the client does next.
        connection.rollback();
      }
      return name;
    }
  }
}
