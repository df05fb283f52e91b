package halab.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import halab.cli.load.check.Outages;
import halab.cli.load.check.Workload;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A load begins when its database does, however late that is. */
class LabLoadTest {
  private static final long PATIENCE_MS = 20_000;
  private static final long NOBODY_THERE_MS = 300;

  private final H2Where places = new H2Where();

  private static LabLoad begin(Where where) {
    return LabLoad.begin(new LoadSettings(Workload.BANK, 2, 1, null, 1_000, 0, false), where);
  }

  @Test
  void waitsForTheFirstAnswerAndJudgesWhatWasWrittenSince() throws IOException {
    places.refusing(true);
    try (LabLoad load = begin(places)) {
      load.mark("too early for anybody to notice");
      assertThat(load.writes(NOBODY_THERE_MS)).isFalse();
      places.refusing(false);
      assertThat(load.writes(PATIENCE_MS)).isTrue();
      load.mark("kill n1/dmserver");
      assertThat(load.writes(PATIENCE_MS)).isTrue();
      Report report = load.stop();
      assertThat(report.verdict().passed()).as(report.verdict().toString()).isTrue();
      assertThat(report.tally().acknowledged()).isPositive().isEqualTo(report.tally().found());
      assertThat(report.marks())
          .extracting(Outages.AfterMark::mark)
          .containsExactly("kill n1/dmserver");
      assertThat(ReportText.brief(report))
          .hasSize(2)
          .last()
          .asString()
          .startsWith("outage after kill n1/dmserver: ");
    }
  }

  @Test
  void noticesThatNobodyCanWriteAnyMore() throws IOException {
    try (LabLoad load = begin(places)) {
      assertThat(load.writes(PATIENCE_MS)).isTrue();
      places.refusing(true);
      boolean over = false;
      for (int look = 0; look < 10 && !over; look++) {
        over = !load.writes(NOBODY_THERE_MS);
      }
      assertThat(over).isTrue();
    }
  }

  @Test
  void aDatabaseThatKnowsNoSuchUserIsNotTriedForEver() throws IOException {
    Where stranger =
        new Where() {
          @Override
          public Connection connection() throws SQLException {
            throw new SQLException("no such user", "28000");
          }

          @Override
          public String place() {
            return "nowhere";
          }

          @Override
          public String address(Connection connection) {
            return "nobody";
          }
        };
    try (LabLoad load = begin(stranger)) {
      assertThatThrownBy(() -> load.writes(PATIENCE_MS))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("no such user");
    }
  }
}
