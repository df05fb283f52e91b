package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Table;
import halab.sim.Fault;
import halab.sim.RowCounts;
import halab.sim.Scenario;
import halab.sim.Schedule;
import halab.sim.Seeds;
import halab.sim.Shrink;
import halab.sim.Subject;
import halab.systems.Dialects;
import halab.systems.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Seeded schedules for DSC: chaos with the vendor's promises checked after every step, then all
 * healed, and every EP OPEN within the bound. {@code -Dhalab.seeds=N} runs N of them, {@code
 * -Dhalab.seed=S} begins at S.
 */
class DscSeedsTest {
  private static final int SCHEDULES = Integer.getInteger("halab.seeds", 10_000);
  private static final long FIRST = Long.getLong("halab.seed", 1L);
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

  /** What one thread found, or all of them. */
  private record Share(List<Seeds.Outcome> failures, RowCounts rows) {
    Share() {
      this(new ArrayList<>(), new RowCounts());
    }

    void add(Share other) {
      failures.addAll(other.failures);
      rows.add(other.rows);
    }
  }

  @Test
  void everyScheduleKeepsEveryPromiseAndEndsHealthy() throws Exception {
    Share all = run(SCHEDULES, UnaryOperator.identity());
    RowCounts rows = all.rows();
    assertThat(all.failures().stream().limit(3).map(DscSeedsTest::report)).isEmpty();
    // The simulator reaches what it is there for.
    assertThat(rows.byTable().keySet()).contains("dmcss", "dmserver", "dmasmsvr", "dmcssm");
    assertThat(rows.byTable().get("dmserver")).containsKeys(110, 140);
    if (SCHEDULES >= 1000) { // about one in thirty comes to a verdict, few to each of them
      for (String group : List.of("dmcss.ASM", "dmcss.DB")) {
        assertThat(rows.byTable().get(group)).as("LINK_CHECK of " + group).containsKeys(425, 456);
      }
      assertThat(rows.byTable().get("dmcss")).as("monitors' commands").containsKeys(530, 540);
    }
  }

  /** The first so many schedules, changed, spread over all cores. */
  private static Share run(int schedules, UnaryOperator<Schedule> change) throws Exception {
    Share all = new Share();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Share>> shares = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int part = i;
        shares.add(pool.submit(() -> share(part, schedules, change)));
      }
      for (Future<Share> share : shares) {
        all.add(share.get());
      }
    } finally {
      pool.shutdownNow();
    }
    return all;
  }

  @Test
  void operatorsTypeEverythingAndTheScheduleIsAScenario() {
    Seeds seeds = new Seeds(Subject.named("dsc"));
    TreeSet<String> typed = new TreeSet<>();
    for (long seed = 1; seed <= 200; seed++) {
      Schedule schedule = seeds.schedule(seed);
      for (Schedule.Timed timed : schedule.faults()) {
        if (timed.fault() instanceof Fault.Type type) {
          typed.add(words(type));
        }
      }
      String text = schedule.text("seed " + seed);
      assertThat(Schedule.of(Scenario.parse("seed", text, name -> null))).isEqualTo(schedule);
    }
    assertThat(typed)
        .containsExactlyInAnyOrder(
            "check crash over G",
            "css startup",
            "css stop",
            "ep break G",
            "ep crash G",
            "ep halt G",
            "ep recover G",
            "ep startup G",
            "ep stop G",
            "halt css N",
            "open force G",
            "set G auto restart off",
            "set G auto restart on",
            "set master force");
  }

  private static String words(Fault.Type type) {
    String words = String.join(" ", type.words());
    return words.replaceAll("GRP_[.A-Z0-9]*", "G").replaceAll("css [0-9]", "css N");
  }

  private static Share share(int part, int schedules, UnaryOperator<Schedule> change) {
    Seeds seeds = new Seeds(Subject.named("dsc"));
    Share share = new Share();
    for (long seed = FIRST + part; seed < FIRST + schedules; seed += THREADS) {
      Seeds.Outcome outcome = seeds.run(change.apply(seeds.schedule(seed)));
      share.rows().add(outcome.rows());
      if (!outcome.verdict().passed() && share.failures().size() < 3) {
        share.failures().add(outcome);
      }
    }
    return share;
  }

  private static String report(Seeds.Outcome failing) {
    Seeds.Outcome small = Shrink.of(new Seeds(Subject.named("dsc")), failing);
    return "seed "
        + failing.schedule().seed()
        + ": "
        + failing.verdict()
        + "\n"
        + small.schedule().text(small.verdict().toString())
        + String.join("\n", small.lastSteps());
  }

  /** Dialects B and C recover a dead EP in one command: the same storms, a tenth of them. */
  @Test
  void theLaterDialectsKeepEveryPromiseToo() throws Exception {
    Share all = run((SCHEDULES + 9) / 10, DscSeedsTest::inDialectB);
    assertThat(all.failures().stream().limit(3).map(DscSeedsTest::report)).isEmpty();
    assertThat(all.rows().byTable().get("dmserver")).containsKey(315).doesNotContainKeys(300, 310);
  }

  /** The control role goes back to EPs that return. */
  @Test
  void theOlderRuleKeepsEveryPromiseToo() throws Exception {
    Share all = run((SCHEDULES + 9) / 10, s -> with(s, Dialects.ADJUST, "1"));
    assertThat(all.failures().stream().limit(3).map(DscSeedsTest::report)).isEmpty();
    assertThat(all.rows().byTable().get("dmserver")).containsKeys(445, 535);
  }

  private static Schedule inDialectB(Schedule s) {
    return with(s, Dialects.LOG, "B");
  }

  private static Schedule with(Schedule s, String key, String value) {
    TreeMap<String, String> sets = new TreeMap<>(s.sets());
    sets.put(key, value);
    return new Schedule(
        s.subject(), s.hosts(), s.fast(), sets, s.seed(), s.rates(), s.faults(), s.healAtMs());
  }

  @Test
  void theSameSeedTwiceIsTheSameRun() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(new Seeds(Subject.named("dsc")).run(seed).hash())
          .isEqualTo(new Seeds(Subject.named("dsc")).run(seed).hash());
    }
  }

  /** Guards the guard: an instance that does not obey Kill is caught within 200 seeds. */
  @Test
  void aTableWithoutTheKillRuleIsCaught() {
    caught(Dmserver.ROLE, Dmserver.TABLE.without(110));
    caught(Dmasmsvr.ROLE, Dmasmsvr.TABLE.without(110));
    caught(Dmcss.ROLE, Dmcss.TABLE.without(110));
  }

  private static <S> void caught(Role<S> role, Table<S, ?> canary) {
    Seeds seeds = new Seeds(Subject.named("dsc"), Map.of(role.name(), role.withCore(canary)));
    for (long seed = 1; seed <= 200; seed++) {
      Seeds.Outcome outcome = seeds.run(seed);
      if (!outcome.verdict().passed()) {
        assertThat(outcome.verdict().reason()).contains("who read Kill does nothing more");
        return;
      }
    }
    throw new AssertionError(role.name() + " without its Kill row passed 200 seeds");
  }
}
