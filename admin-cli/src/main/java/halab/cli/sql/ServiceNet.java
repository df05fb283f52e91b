package halab.cli.sql;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.runtime.lab.LabHost;
import halab.sim.ServiceClients;
import halab.systems.dm.SvcPeer;
import halab.systems.dm.SvcPlace;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Connections of the vendor's driver to the instances of a lab. A place that names a host of the
 * lab is reached as that client reaches the host; any other is taken as it stands.
 */
public final class ServiceNet implements ServiceClients.Wire<Connection> {
  private static final String WHO = "select " + SvcPeer.COLUMNS + " from V$INSTANCE";
  private static final int CONNECT_S = 2;
  private static final int LOGIN_S = 5;

  private final Standpoint from;
  private final int answerMs;
  private final Properties properties = new Properties();

  /**
   * A net of one user's clients.
   *
   * @param program as the instances are told
   * @param answerMs how long an answer is waited for, at login rounded up to a second; 0 for ever
   */
  public ServiceNet(Standpoint from, String user, String program, long answerMs) {
    this.from = from;
    this.answerMs = Math.toIntExact(answerMs);
    PGProperty.USER.set(properties, user);
    PGProperty.APPLICATION_NAME.set(properties, program);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_S);
    PGProperty.LOGIN_TIMEOUT.set(properties, LOGIN_S);
    PGProperty.SOCKET_TIMEOUT.set(properties, Math.toIntExact((answerMs + 999) / 1_000));
    String password = System.getenv("PGPASSWORD");
    if (password != null) {
      PGProperty.PASSWORD.set(properties, password);
    }
  }

  @Override
  public Connection connect(SvcPlace place) {
    String found = found(place);
    return found == null ? null : made(LabUrl.of(found));
  }

  /** HOST:PORT by which the client gets there; null: there is no way. */
  private String found(SvcPlace place) {
    if (!from.lab().hosts().contains(place.host())) {
      return place.toString();
    }
    LabHost host = from.lab().model().host(place.host());
    if (!host.sqlPorts().containsValue(place.port())) {
      throw Failure.config(
          "service place "
              + place
              + ": host "
              + host.name()
              + " answers SQL at "
              + host.sqlPorts().values()
              + ", see PORT_NUM in its dm.ini");
    }
    return from.host(place.host());
  }

  private Connection made(String url) {
    try {
      Connection connection = DriverManager.getConnection(url, properties);
      connection.setNetworkTimeout(Runnable::run, answerMs);
      return connection;
    } catch (SQLException e) {
      if (SqlErrors.hopeless(e)) {
        throw Failure.no(SqlConsole.text(e));
      }
      return null;
    }
  }

  @Override
  public SvcPeer peer(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(WHO)) {
      return row.next() ? new SvcPeer(row.getString(1), row.getString(2), row.getString(3)) : null;
    } catch (SQLException e) {
      return null; // gone again, or not open
    }
  }

  @Override
  public void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      return; // gone either way
    }
  }

  @Override
  public void pause(long ms) {
    LiveLab.sleep(ms);
  }

  @Override
  public String ask(Connection connection, long atMostMs) {
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(atMostMs));
      try (ResultSet row = statement.executeQuery(WHO)) {
        return row.next() ? row.getString(1) : "";
      }
    } catch (SQLException e) {
      return SqlErrors.loses(e) ? null : "";
    }
  }
}
