package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.systems.LabPlan;
import halab.systems.dw.config.DwPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the console of dmmonitor is like. */
class DmmonitorConsoleTest {
  private final DmmonitorConsole console = new DmmonitorConsole();

  @Test
  void completesTheNamesOfTheInstances() {
    LabPlan plan = DwPlan.plan(new LabPlan.Options(2, true, 20000, Map.of(), Map.of()));
    List<String> instances = List.of("GRP1_RT_01", "GRP1_RT_02");
    assertThat(console.words(plan))
        .contains(List.of(List.of("switchover"), instances))
        .contains(List.of(List.of("login")));
  }

  @Test
  void onlyThePasswordIsHidden() {
    assertThat(console.asks("Username:")).isTrue();
    assertThat(console.hides("Username:")).isFalse();
    assertThat(console.asks("Password:")).isTrue();
    assertThat(console.hides("Password:")).isTrue();
    assertThat(console.asks("Password: wrong")).isFalse();
  }
}
