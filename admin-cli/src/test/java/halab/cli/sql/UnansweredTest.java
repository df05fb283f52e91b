package halab.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import halab.cli.Out;
import halab.kernel.ExitCode;
import halab.sim.ServiceClients;
import halab.systems.dm.SvcConf;
import halab.systems.dm.SvcDriver;
import halab.systems.dm.SvcError;
import halab.systems.dm.SvcPeer;
import halab.systems.dm.SvcPlace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An instance that is held or paused lets a command end all the same. */
@Timeout(60)
class UnansweredTest {
  private static final int ANSWER_MS = 300;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int select(SqlSource source) throws IOException {
    Out out = new Out(stream(new ByteArrayOutputStream()), stream(err), false);
    return new SqlConsole(source, out, false).talk(List.of("select 1"), false, null, "");
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  private static SqlSession session(SilentServer server) {
    String url = LabUrl.of(server.place());
    return new SqlSession(null, url, "halab", ANSWER_MS, place -> "n2 (" + place + ")");
  }

  @Test
  void aStatementWithoutAnAnswerNamesTheInstanceAndTheTime() throws IOException {
    try (SilentServer server = new SilentServer(true);
        SqlSession session = session(server)) {
      assertThat(select(session)).isEqualTo(ExitCode.NO);
      assertThat(said())
          .isEqualTo(
              "n2 (%s) gave no answer within 300 ms; whether the statement was carried out is not"
                      .formatted(server.place())
                  + " known; see: halab status");
    }
  }

  @Test
  void aLoginWithoutAnAnswerNamesTheInstanceAndTheTime() throws IOException {
    try (SilentServer server = new SilentServer(false);
        SqlSession session = session(server)) {
      assertThat(select(session)).isEqualTo(ExitCode.NO);
      assertThat(said())
          .isEqualTo(
              "ERROR 08001: no login within 5000 ms at: n2 (%s); see: halab status"
                  .formatted(server.place()));
    }
  }

  @Test
  void byAServiceItIsALostConnectionInTheVendorsWords() throws IOException {
    try (SilentServer server = new SilentServer(true)) {
      String file = "svc=(" + server.place() + ")";
      SvcDriver<Connection> driver =
          new SvcDriver<>(
              SvcConf.parse("dm_svc.conf", file).service("svc", Map.of()), new Once(), new Rng(1));
      try (ServiceSession session = new ServiceSession(null, driver, ANSWER_MS)) {
        assertThat(select(session)).isEqualTo(ExitCode.NO);
        assertThat(said().lines())
            .hasSize(2)
            .anyMatch(line -> line.startsWith(server.place() + " gave no answer within 300 ms;"))
            .contains(SvcError.LOST.text());
      }
    }
  }

  /** Takes whoever is there, without asking who it is. */
  private static final class Once implements ServiceClients.Wire<Connection> {
    @Override
    public Connection connect(SvcPlace place) {
      try {
        String url = LabUrl.of(place.toString()) + "?user=halab&loginTimeout=5";
        Connection connection = DriverManager.getConnection(url);
        connection.setNetworkTimeout(Runnable::run, ANSWER_MS);
        return connection;
      } catch (SQLException e) {
        return null;
      }
    }

    @Override
    public SvcPeer peer(Connection connection) {
      return new SvcPeer("DSC0", "NORMAL", "Control node");
    }

    @Override
    public String ask(Connection connection, long atMostMs) {
      return null;
    }

    @Override
    public void close(Connection connection) {
      try {
        connection.close();
      } catch (SQLException e) {
        return;
      }
    }

    @Override
    public void pause(long ms) {
      // Nothing passes here.
    }
  }
}
