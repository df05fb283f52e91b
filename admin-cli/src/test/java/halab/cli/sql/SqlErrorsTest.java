package halab.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlErrorsTest {
  private static SQLException error(String state) {
    return new SQLException("x", state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "23505", "25006", "42P01", "53300", "57014", "57P03"})
  void knowsThatNothingHappened(String state) {
    assertThat(SqlErrors.aborts(error(state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "08007", "08001", "40003", "57P01", "57P02", "XX000", ""})
  void doesNotKnow(String state) {
    assertThat(SqlErrors.aborts(error(state))).isFalse();
    assertThat(SqlErrors.leavesConnection(error(state))).isFalse();
    assertThat(SqlErrors.aborts(new SQLException("no state"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"25006", "57P03"})
  void doesNotStayWithAnInstanceThatTakesNoWrites(String state) {
    assertThat(SqlErrors.leavesConnection(error(state))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "08001", "57P01", "57P02"})
  void knowsThatTheConnectionIsLost(String state) {
    assertThat(SqlErrors.loses(error(state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"57P03", "40001", "42P01", ""})
  void knowsThatTheConnectionIsStillThere(String state) {
    assertThat(SqlErrors.loses(error(state))).isFalse();
  }

  @Test
  void givesUpWhereNobodyWithoutTheRightPasswordGetsIn() {
    assertThat(List.of("28P01", "08004", "3D000"))
        .allMatch(state -> SqlErrors.hopeless(error(state)));
    assertThat(List.of("08001", "57P03")).noneMatch(state -> SqlErrors.hopeless(error(state)));
  }
}
