package halab.systems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectsTest {
  @Test
  void whatIsNotSaidIsAsUsual() {
    assertThat(Dialects.of(Map.of())).isEqualTo(Dialects.DEFAULT);
    assertThat(Dialects.DEFAULT.adjustMaster()).isFalse();
    assertThat(Dialects.of(Map.of(Dialects.LOG, "C", Dialects.ADJUST, "1")))
        .isEqualTo(new Dialects(Dialect.C, Dialect.B, true));
    assertThat(Dialects.of(Map.of(Dialects.ADJUST, "0")).adjustMaster()).isFalse();
  }

  @Test
  void whatThereIsNotIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> Dialects.of(Map.of(Dialects.MONITOR, "D")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'monitor_dialect': there is no dialect 'D'; write one of A, B, C");
    assertThatThrownBy(() -> Dialects.of(Map.of(Dialects.ADJUST, "on")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'adjust_master_ep': 'on' is neither 0 nor 1; write 0 or 1");
  }

  @Test
  void allSettingsAreKnownByName() {
    assertThat(Dialects.has("log_dialect")).isTrue();
    assertThat(Dialects.has("monitor_dialect")).isTrue();
    assertThat(Dialects.has("adjust_master_ep")).isTrue();
    assertThat(Dialects.has("dialect")).isFalse();
  }
}
