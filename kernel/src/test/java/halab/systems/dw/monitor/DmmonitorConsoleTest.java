package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.systems.LabPlan;
import halab.systems.Monitor;
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
    assertThat(console.words(plan))
        .anySatisfy(
            command -> {
              assertThat(command.get(0)).isEqualTo(List.of("switchover"));
              assertThat(command.get(1)).contains("GRP1_RT_01", "GRP1_RT_02");
            });
  }

  @Test
  void onlyThePasswordIsHidden() {
    assertThat(console.asks("login"))
        .containsExactly(
            new Monitor.Question("Username:", false), new Monitor.Question("Password:", true));
    assertThat(console.asks("login SYSDBA/x")).isEmpty();
    assertThat(console.asks("show")).isEmpty();
  }
}
