package halab.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.load.JdbcWhere;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who wants to write goes from host to host until one takes writes. */
@Timeout(60)
class WriterTest {
  private static final int ANSWER_MS = 2_000;

  private static String url(List<String> places) {
    return "jdbc:postgresql://" + String.join(",", places) + "/" + LabUrl.DATABASE;
  }

  private static SqlSession session(List<String> places) {
    return new SqlSession(null, url(places) + LabUrl.WRITER, "halab", ANSWER_MS, place -> place);
  }

  private static String dead() throws IOException {
    try (ServerSocket closed = new ServerSocket(0)) {
      return "127.0.0.1:" + closed.getLocalPort();
    }
  }

  @Test
  void aLoadPassesByTheDeadAndTheStandbys() throws IOException, SQLException {
    try (SilentServer standby = new SilentServer(true, true);
        SilentServer primary = new SilentServer(true, false)) {
      List<String> places = List.of(dead(), standby.place(), primary.place());
      JdbcWhere where = new JdbcWhere(url(places) + "?user=halab", ANSWER_MS);
      try (Connection connection = where.connection()) {
        assertThat(where.address(connection)).isEqualTo(primary.place());
      }
    }
  }

  /** What the driver has once seen of a host does not keep a client from it for long. */
  @Test
  void aLoadFindsAStandbyThatHasTakenOver() throws IOException, SQLException {
    try (SilentServer first = new SilentServer(true, false);
        SilentServer second = new SilentServer(true, true)) {
      String url = url(List.of(first.place(), second.place())) + "?user=halab";
      JdbcWhere where = new JdbcWhere(url, ANSWER_MS);
      try (Connection connection = where.connection()) {
        assertThat(where.address(connection)).isEqualTo(first.place());
      }
      first.standby(true);
      assertThatThrownBy(where::connection).isInstanceOf(SQLException.class);
      second.standby(false);
      try (Connection connection = where.connection()) {
        assertThat(where.address(connection)).isEqualTo(second.place());
      }
      first.standby(false);
      second.standby(true);
      int attempts = 0;
      String found = null;
      while (found == null) {
        assertThat(attempts++).as("attempts").isLessThan(3);
        try (Connection connection = where.connection()) {
          found = where.address(connection);
        } catch (SQLException e) {
          assertThat(e.getSQLState()).isEqualTo("08001");
        }
      }
      assertThat(found).isEqualTo(first.place());
    }
  }

  @Test
  void aUserIsToldWhoRefusesWrites() throws IOException {
    try (SilentServer standby = new SilentServer(true, true);
        SqlSession session = session(List.of(standby.place()))) {
      assertThatThrownBy(session::connection)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("nobody takes writes of: " + standby.place())
          .hasMessageContaining("halab sql HOST");
    }
  }

  @Test
  void otherProgramsAreToldTheSame() {
    try (SqlSession session = session(List.of("127.0.0.1:1", "127.0.0.1:2"))) {
      assertThat(session.libpqUrl())
          .isEqualTo(
              "postgresql://halab@127.0.0.1:1,127.0.0.1:2/halab?target_session_attrs=read-write");
    }
  }
}
