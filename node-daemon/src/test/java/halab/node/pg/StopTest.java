package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vendor's statements that stop an instance. */
class StopTest {
  @Test
  void stopInstanceAndShutdownAskTheInstanceToStopAndAreAnswered() throws Exception {
    try (Served served = new Served();
        Connection connection = served.connect();
        Statement statement = connection.createStatement()) {
      for (String text :
          List.of("stop instance", "SHUTDOWN IMMEDIATE", "shutdown", "shutdown normal")) {
        int before = served.stops.get();
        assertThat(statement.execute(text)).as("no rows").isFalse();
        assertThat(served.stops).as(text).hasValue(before + 1);
      }
    }
  }

  @Test
  void otherFormsAreRefused() throws Exception {
    try (Served served = new Served();
        Connection connection = served.connect();
        Statement statement = connection.createStatement()) {
      for (String text : List.of("stop", "stop it", "shutdown abort", "shutdown compact now")) {
        assertThatThrownBy(() -> statement.execute(text))
            .as(text)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("is not supported")
            .extracting(e -> ((SQLException) e).getSQLState())
            .isEqualTo("0A000");
      }
      assertThat(served.stops).hasValue(0);
    }
  }
}
