package halab.systems.dm;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Level;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

/** Names and lines of log files (reference 7.1). */
class DmLogTest {
  private static final LocalDateTime AT = LocalDateTime.of(2021, 3, 9, 4, 5, 6, 78_000_000);
  private final DmLog log = new DmLog("dm_", "database");

  @Test
  void thereIsOneFileAMonth() {
    assertThat(log.file("DSC0", AT)).isEqualTo("dm_DSC0_202103.log");
  }

  @Test
  void whoHasNoNameYetIsUnknown() {
    assertThat(log.file("", AT)).isEqualTo("dm_unknown_202103.log");
  }

  @Test
  void aLineHasTwoBlanksBeforeItsText() {
    assertThat(log.line(AT, Level.WARNING, 4711, "text"))
        .isEqualTo(
            "2021-03-09 04:05:06.078 [WARNING] database P0000004711 T0000000000000004711  text");
  }
}
