package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.LabPlan;
import halab.systems.dsc.config.DscPlan;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DscBoundsTest {
  private static LabPlan plan(int hosts, boolean fast) {
    return DscPlan.plan(new LabPlan.Options(hosts, fast, 5200, Map.of(), Map.of()));
  }

  private static long bound(String what, LabPlan plan) {
    return DscBounds.boundMs(what, plan);
  }

  @Test
  void aCrashTakesTheDiskCheckCountAndTheStepsOfTheTickModel() {
    assertThat(bound("crash", plan(2, true))).isEqualTo(5_000 + 17 * 1_060 + DscBounds.REDO_MS);
    assertThat(bound("crash", plan(2, false)) - bound("crash", plan(2, true))).isEqualTo(55_000);
  }

  @Test
  void coversTheSeedsOwnTimes() {
    long detection = 60_000;
    assertThat(bound("crash", plan(2, false)) - detection).isGreaterThan(11_900);
    assertThat(bound("rejoin", plan(2, false))).isGreaterThan(15_500);
  }

  @Test
  void automaticRestartAddsItsInterval() {
    LabPlan plan = plan(2, true);
    assertThat(bound("restart", plan))
        .isEqualTo(bound("crash", plan) + 5_000 + bound("rejoin", plan));
  }

  @Test
  void startBeginsWithTheLaunchAndOpenWithTheFirstHeartbeat() {
    LabPlan plan = plan(2, true);
    assertThat(bound("start", plan) - bound("open", plan)).isEqualTo(DscBounds.BOOT_MS);
  }

  @Test
  void everyFurtherNodeCostsTheHealingItsRejoins() {
    long step = bound("heal", plan(4, true)) - bound("heal", plan(3, true));
    assertThat(step).isEqualTo(bound("heal", plan(3, true)) - bound("heal", plan(2, true)));
    assertThat(step).isGreaterThan(bound("rejoin", plan(2, true)));
  }

  @Test
  void knowsItsNames() {
    assertThatThrownBy(() -> bound("eviction", plan(2, true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no bound 'eviction'; known: asm-crash, asm-rejoin, crash, css-death, detect, election,"
                + " heal, link-check, link-detect, open, rejoin, restart, start, stop,"
                + " vote-loss");
  }
}
