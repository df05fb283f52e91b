package halab.systems.dw.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When timers of dmtimer.ini fire: reference 2.7. */
class DmTimerIniTest {
  private static DmTimerIni read(String text) {
    return DmTimerIni.read(Map.of("dmtimer.ini", text));
  }

  private static String next(String keys, String after) {
    DmTimerIni.Timer timer = read("[T]\nTYPE = 2\n" + keys.replace('|', '\n')).timer("t");
    long at = timer.nextAfterMs(Instant.parse(after).toEpochMilli());
    return at < 0 ? "never" : Instant.ofEpochMilli(at).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "FREQ_MINUTE_INTERVAL = 1; 2024-05-01T10:00:00Z; 2024-05-01T10:01:00Z",
        "FREQ_MINUTE_INTERVAL = 1; 2024-05-01T10:00:59.999Z; 2024-05-01T10:01:00Z",
        "FREQ_MINUTE_INTERVAL = 1; 2024-05-01T23:59:30Z; 2024-05-02T00:00:00Z",
        "FREQ_MINUTE_INTERVAL = 7; 2024-05-01T23:59:30Z; 2024-05-02T00:00:00Z",
        "FREQ_MINUTE_INTERVAL = 30|START_TIME = 08:00:00; 2024-05-01T07:00:00Z;"
            + " 2024-05-01T08:00:00Z",
        "FREQ_MINUTE_INTERVAL = 30|START_TIME = 08:00:00|END_TIME = 09:00:00; "
            + "2024-05-01T08:30:00Z; 2024-05-01T09:00:00Z",
        "FREQ_MINUTE_INTERVAL = 30|START_TIME = 08:00:00|END_TIME = 09:00:00; "
            + "2024-05-01T09:00:00Z; 2024-05-02T08:00:00Z",
        "START_TIME = 03:00:00; 2024-05-01T02:00:00Z; 2024-05-01T03:00:00Z",
        "START_TIME = 03:00:00; 2024-05-01T03:00:00Z; 2024-05-02T03:00:00Z",
        "FREQ_MINUTE_INTERVAL = 1|DURING_START_DATE = 2024-06-01 00:00:00; "
            + "2024-05-01T03:00:00Z; 2024-06-01T00:00:00Z",
        "FREQ_MINUTE_INTERVAL = 1|NO_END_DATE_FLAG = 0|DURING_END_DATE = 2024-04-01; "
            + "2024-05-01T03:00:00Z; never",
        "FREQ_MINUTE_INTERVAL = 1|DURING_END_DATE = 2024-04-01; "
            + "2024-05-01T03:00:00Z; 2024-05-01T03:01:00Z",
        "FREQ_MINUTE_INTERVAL = 1|IS_VALID = 0; 2024-05-01T03:00:00Z; never"
      })
  void firesNext(String keys, String after, String expected) {
    assertThat(next(keys, after)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "TYPE = 1; TYPE = 1 is not emulated; use TYPE = 2",
        "TYPE = 9; is outside 1 to 8; give a whole number",
        "TYPE = 2|FREQ_MONTH_WEEK_INTERVAL = 2; is not emulated; use 1: every day",
        "TYPE = 2|START_TIME = 8:00; is no time; write it like 00:00:00",
        "TYPE = 2|DURING_START_DATE = soon; is no time; write it like 2024-01-31 00:00:00",
        "FREQ_MINUTE_INTERVAL = 1; TYPE is missing; add it"
      })
  void refusesWhatItCannotDo(String keys, String what, String remedy) {
    assertThatThrownBy(() -> read("[T]\n" + keys.replace('|', '\n')))
        .hasMessageContaining("dmtimer.ini:")
        .hasMessageContaining(what)
        .hasMessageContaining(remedy);
  }

  @Test
  void aTimerHasOneName() {
    assertThatThrownBy(() -> read("[T]\nTYPE = 2\n[t]\nTYPE = 2\n"))
        .hasMessage("dmtimer.ini:3: timer t is there twice; keep one of them");
    assertThat(read("[T]\nTYPE = 2\n").timer("other")).isNull();
  }
}
