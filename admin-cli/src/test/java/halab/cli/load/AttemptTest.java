package halab.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01"})
  void knowsThatNothingHappenedBeforeTheCommitWasSent(String state) {
    SQLException lost = new SQLException("x", state);
    Attempt attempt = new Attempt(null);
    assertThat(attempt.surelyFailed(lost)).isTrue();
    attempt.deciding();
    assertThat(attempt.surelyFailed(lost)).isFalse();
  }
}
