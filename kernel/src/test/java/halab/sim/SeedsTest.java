package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Seeded runs of the toy system: that the guards guard. */
class SeedsTest {
  private static final int RUNS = 300;

  private static Scenario read(String text) {
    return new ScenarioParser("saved.scn", name -> null, List.of(Toy.subject())).parse(text);
  }

  @Test
  void everySeedEndsHealthy() {
    Seeds seeds = new Seeds(Toy.subject());
    RowCounts rows = new RowCounts();
    for (long seed = 0; seed < RUNS; seed++) {
      Seeds.Outcome outcome = seeds.run(seed);
      assertThat(outcome.verdict().toString()).as("seed %d", seed).startsWith("PASS");
      rows.add(outcome.rows());
    }
    assertThat(rows.byTable().get("member").keySet()).contains(10, 20, 30, 40, 50, 60);
  }

  @Test
  void theSameSeedTwiceIsTheSameRun() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(new Seeds(Toy.subject()).run(seed).hash())
          .isEqualTo(new Seeds(Toy.subject()).run(seed).hash());
    }
  }

  @Test
  void aTableWithoutTheKillRuleIsCaughtAndTheFailureShrinks() {
    Seeds seeds = new Seeds(Toy.subject(Toy.member().without(20), Toy.judge()));
    Seeds.Outcome failing = null;
    for (long seed = 0; seed < 200 && failing == null; seed++) {
      Seeds.Outcome outcome = seeds.run(seed);
      failing = outcome.verdict().passed() ? null : outcome;
    }
    assertThat(failing).as("caught within 200 seeds").isNotNull();
    assertThat(failing.verdict().reason()).startsWith("a marked life ends: ");
    assertThat(failing.lastSteps()).isNotEmpty();

    Seeds.Outcome small = Shrink.of(seeds, failing);
    assertThat(small.schedule().faults().size())
        .isLessThanOrEqualTo(2)
        .isLessThanOrEqualTo(failing.schedule().faults().size());
    assertThat(small.verdict().reason()).startsWith("a marked life ends: ");
  }

  @Test
  void aScheduleIsTextAndTheTextIsTheSchedule() {
    Seeds seeds = new Seeds(Toy.subject());
    for (long seed = 0; seed < RUNS; seed++) {
      Schedule schedule = seeds.schedule(seed);
      Schedule again = Schedule.of(read(schedule.text("seed " + seed)));
      assertThat(again.text("x")).isEqualTo(schedule.text("x"));
      assertThat(again.faults()).isEqualTo(schedule.faults());
    }
  }

  @Test
  void aSavedScheduleRunsAsAScenario() {
    Seeds seeds = new Seeds(Toy.subject());
    for (long seed = 0; seed < 30; seed++) {
      Scenario scenario = read(seeds.schedule(seed).text("seed " + seed));
      Verdict verdict =
          new ScenarioRunner(
                  scenario, SimDriver.of(scenario, scenario.seed()), ScenarioRunner.Narrator.SILENT)
              .run();
      assertThat(verdict.toString()).startsWith("PASS");
    }
  }
}
