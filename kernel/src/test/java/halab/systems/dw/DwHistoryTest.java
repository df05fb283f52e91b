package halab.systems.dw;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.Apply;
import halab.dw.proto.InstReport;
import halab.dw.proto.Mode;
import halab.redo.proto.Opening;
import halab.systems.dw.DwHistory.Join;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The join test as a table: histories as letters, "ab" being opened by a, then by b. */
class DwHistoryTest {
  private static InstReport db(String name, Mode mode, String history, long lsn) {
    List<Opening> rows = new ArrayList<>();
    for (int i = 0; i < history.length(); i++) {
      rows.add(WatcherBench.opening(i + 1, history.substring(i, i + 1), 100 * i));
    }
    return InstReport.newBuilder()
        .setName(name)
        .setMode(mode)
        .setFlsn(lsn)
        .setApply(Apply.newBuilder().setSlsn(lsn).setKlsn(lsn))
        .addAllOpening(rows)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "a,   50,  a,   50, JOINS",
    "a,   50,  a,   60, JOINS",
    "a,   60,  a,   50, AHEAD",
    "a,   100, ab,  150, JOINS",
    "a,   101, ab,  150, BEYOND",
    "a,   90,  ab,  150, JOINS",
    "a,   100, abc, 250, JOINS",
    "ab,  250, abc, 250, BEYOND",
    "ab,  150, a,   90, LONGER",
    "ab,  150, ac,  150, FORKED",
    "abd, 250, ac,  150, FORKED"
  })
  void oneJoinsTheOther(String own, long lsn, String other, long otherLsn, Join expected) {
    assertThat(
            DwHistory.join(db("s", Mode.STANDBY, own, lsn), db("p", Mode.PRIMARY, other, otherLsn)))
        .isEqualTo(expected);
  }

  @Test
  void aDatabaseThatWasNeverOpenedJoinsAnyThatHasMore() {
    assertThat(DwHistory.join(db("s", Mode.STANDBY, "", 0), db("p", Mode.PRIMARY, "a", 40)))
        .isEqualTo(Join.JOINS);
  }

  @Test
  void aPackageThatIsOnlyKeptSplitsNobody() {
    InstReport keeps =
        db("s", Mode.STANDBY, "a", 100).toBuilder()
            .setApply(Apply.newBuilder().setSlsn(100).setKlsn(101))
            .build();
    assertThat(DwHistory.join(keeps, db("p", Mode.PRIMARY, "ab", 150))).isEqualTo(Join.JOINS);
  }

  @ParameterizedTest
  @CsvSource({
    "a,  50,  ab, 150, true",
    "ab, 150, a,  50,  false",
    "b,  50,  b,  50,  false",
    "a,  50,  a,  60,  true",
    "a,  60,  a,  50,  false",
    "ab, 150, ac, 150, false"
  })
  void ofTwoPrimariesAtMountOneGivesWay(
      String own, long lsn, String other, long otherLsn, boolean expected) {
    InstReport b = db("b", Mode.PRIMARY, own, lsn);
    InstReport c = db("c", Mode.PRIMARY, other, otherLsn);
    assertThat(DwHistory.givesWay(b, c)).isEqualTo(expected);
    assertThat(DwHistory.givesWay(b, c) && DwHistory.givesWay(c, b)).isFalse();
  }

  @Test
  void whyTheyAreSplitNamesBothAndTheLsn() {
    InstReport own = db("s", Mode.PRIMARY, "a", 120);
    InstReport other = db("p", Mode.PRIMARY, "ab", 150);
    assertThat(DwHistory.why(own, other))
        .isEqualTo("s has redo up to LSN 120, p was opened at LSN 100 without it");
  }
}
