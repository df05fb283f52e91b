package halab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private enum Phase {
    OFF,
    ON,
    BROKEN
  }

  private record Lamp(Phase phase, int presses) {
    Lamp in(Phase to) {
      return new Lamp(to, presses);
    }
  }

  private static final Now NOW = new Now(0, 0);

  private static Table<Lamp, Phase> empty() {
    return new Table<>(
        "lamp",
        Phase.class,
        Lamp::phase,
        Lamp::in,
        lamp -> lamp.phase() == Phase.ON ? 100 : Long.MAX_VALUE,
        (lamp, event) -> event,
        lamp -> "lamp",
        List.of(Event.Tick.class, Event.StopRequested.class));
  }

  private static Lamp press(Lamp lamp, Event.Tick tick, Now now, List<Effect> out) {
    out.add(new Effect.Print("click"));
    return new Lamp(lamp.phase(), lamp.presses() + 1);
  }

  private static Table<Lamp, Phase> lamp() {
    return empty()
        .move(10, Phase.OFF, Event.Tick.class, null, Phase.ON, TableTest::press, "switched on")
        .move(
            20,
            Phase.ON,
            Event.Tick.class,
            (lamp, tick, now) -> lamp.presses() > 2,
            Phase.BROKEN,
            null,
            "worn out")
        .move(30, Phase.ON, Event.Tick.class, null, Phase.OFF, TableTest::press, "switched off")
        .refuse(40, EnumSet.of(Phase.BROKEN), Event.Tick.class, null, null, "it is broken")
        .ignore(50, EnumSet.allOf(Phase.class), Event.StopRequested.class, "lamps do not stop");
  }

  private static Lamp after(int ticks) {
    Lamp lamp = new Lamp(Phase.OFF, 0);
    for (int i = 0; i < ticks; i++) {
      lamp = lamp().step(lamp, new Event.Tick(), NOW).state();
    }
    return lamp;
  }

  @Test
  void theFirstRowThatMatchesDecides() {
    assertThat(after(1)).isEqualTo(new Lamp(Phase.ON, 1));
    assertThat(after(2)).isEqualTo(new Lamp(Phase.OFF, 2));
    assertThat(after(4)).isEqualTo(new Lamp(Phase.BROKEN, 3));
  }

  @Test
  void theFiredRowComesFirstAmongTheEffects() {
    Step<Lamp> step = lamp().step(new Lamp(Phase.OFF, 0), new Event.Tick(), NOW);
    assertThat(step.row()).isEqualTo(10);
    assertThat(step.effects())
        .containsExactly(
            new Effect.Fired("lamp", 10, RowKind.MOVE, "OFF", "ON", "Tick[]", "switched on"),
            new Effect.Print("click"));
  }

  @Test
  void aTriggerThatNoRowHearsIsOurMistake() {
    Table<Lamp, Phase> deaf = lamp().without(50);
    Lamp off = new Lamp(Phase.OFF, 0);
    assertThatThrownBy(() -> deaf.step(off, new Event.StopRequested(), NOW))
        .isInstanceOf(Check.Failed.class)
        .hasMessageContaining("lamp: no row for StopRequested[] in OFF");
  }

  @Test
  void anActionMayNotAssignThePhase() {
    Table<Lamp, Phase> table =
        empty().stay(10, Phase.OFF, Event.Tick.class, null, (l, t, n, o) -> l.in(Phase.ON), "x");
    Lamp off = new Lamp(Phase.OFF, 0);
    assertThatThrownBy(() -> table.step(off, new Event.Tick(), NOW))
        .hasMessageContaining("row 10 assigned the phase itself");
  }

  @Test
  void rowNumbersRise() {
    assertThatThrownBy(() -> lamp().ignore(45, EnumSet.of(Phase.ON), Event.Tick.class, "late"))
        .hasMessageContaining("row 45 must rise above 50");
  }

  @Test
  void anUndeclaredTriggerIsRefused() {
    assertThatThrownBy(() -> lamp().ignore(60, EnumSet.of(Phase.ON), Event.Launched.class, "?"))
        .hasMessageContaining("undeclared");
  }

  @Test
  void leavingOutARowThatIsNotThereIsAMistake() {
    assertThatThrownBy(() -> lamp().without(11)).hasMessageContaining("there is no row 11");
  }

  @Test
  void theTablePrintsItself() {
    assertThat(TablePrinter.table(lamp()))
        .isEqualTo(
            "row  from    on             when    then       why\n"
                + "10   OFF     Tick           always  -> ON      switched on\n"
                + "20   ON      Tick           if      -> BROKEN  worn out\n"
                + "30   ON      Tick           always  -> OFF     switched off\n"
                + "40   BROKEN  Tick           always  refuse     it is broken\n"
                + "50   any     StopRequested  always  ignore     lamps do not stop\n");
    assertThat(TablePrinter.mermaid(lamp()))
        .isEqualTo(
            "stateDiagram-v2\n"
                + "  [*] --> OFF\n"
                + "  OFF --> ON: 10 Tick\n"
                + "  ON --> BROKEN: 20 Tick\n"
                + "  ON --> OFF: 30 Tick\n");
    assertThat(TablePrinter.markdown(lamp()))
        .startsWith("| row | from |")
        .contains("| 40 | BROKEN | Tick | always | refuse | it is broken |");
  }

  @Test
  void aSoundTableHasNoProblems() {
    assertThat(TableCheck.problems(lamp())).isEmpty();
  }

  @Test
  void theMatrixFindsHolesDeadRowsAndUnreachablePhases() {
    assertThat(TableCheck.problems(lamp().without(30)))
        .containsExactly("lamp: Tick in ON can fall through: no unconditional row");
    Table<Lamp, Phase> cut = lamp().without(20);
    cut.move(60, Phase.BROKEN, Event.StopRequested.class, null, Phase.BROKEN, null, "in a circle");
    assertThat(TableCheck.problems(cut))
        .containsExactly("lamp: row 60 can never fire", "lamp: phase BROKEN can never be reached");
    Table<Lamp, Phase> dead = lamp();
    dead.ignore(60, EnumSet.of(Phase.OFF), Event.Tick.class, "too late");
    assertThat(TableCheck.problems(dead)).containsExactly("lamp: row 60 can never fire");
  }
}
