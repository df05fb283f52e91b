package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import halab.kernel.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * ALTER DATABASE in the middle of seeded schedules of DSC: the promises hold, every statement is
 * answered, and once all is healed and opened, everything is healthy within the bound. {@code
 * -Dhalab.alter.seeds=N} runs N of them.
 */
class AlterSeedsTest {
  private static final int SCHEDULES = Integer.getInteger("halab.alter.seeds", 100);
  private static final List<String> WORDS =
      List.of("MOUNT", "MOUNT", "OPEN", "OPEN", "OPEN FORCE", "SUSPEND", "SUSPEND", "NORMAL");
  private static final long OPEN_EVERY_MS = 2_000;
  private static final long OPENS_FOR_MS = 600_000;

  /** A statement and the life that it was for. */
  private record Asked(
      SimProcess instance, long life, long atMs, String what, List<String> answers) {
    boolean lost() {
      boolean lives = instance.running() && instance.incarnation() == life;
      return answers.isEmpty() && lives;
    }

    @Override
    public String toString() {
      return what + " to " + instance.endpoint() + " at " + atMs + " ms";
    }
  }

  private final RowCounts rows = new RowCounts();

  @Test
  void statementsAmongFaultsDoNoHarm() {
    List<String> failures = new ArrayList<>();
    for (long seed = 1; seed <= SCHEDULES; seed++) {
      String failure = run(seed);
      if (failure != null) {
        failures.add("seed " + seed + ": " + failure);
      }
    }
    assertThat(failures.stream().limit(3)).as("%d failed", failures.size()).isEmpty();
    assertThat(rows.byTable().get("dmserver"))
        .as("it reaches what it is there for")
        .containsKeys(278, 305, 366, 368, 380, 386, 388, 392, 394, 505, 701, 704);
    assertThat(rows.byTable().get("dmcss.DB")).containsKeys(428);
  }

  /** Null: all is well. */
  private String run(long seed) {
    Seeds seeds = new Seeds(Subject.named("dsc"));
    Schedule schedule = seeds.schedule(seed);
    World world = seeds.world(schedule);
    List<Asked> asked = new ArrayList<>();
    Rng rng = new Rng(seed).fork("alter");
    List<Endpoint> instances =
        world.engines().stream().map(SimProcess::endpoint).collect(Collectors.toList());
    long begin = schedule.faults().isEmpty() ? 0 : schedule.faults().get(0).atMs();
    long at = begin;
    while (at < schedule.healAtMs()) {
      Endpoint instance = instances.get(rng.below(instances.size()));
      say(world, at, instance, WORDS.get(rng.below(WORDS.size())), asked);
      at += rng.between(100, 15_000);
    }
    for (long ms = 0; ms < OPENS_FOR_MS; ms += OPEN_EVERY_MS) {
      for (Endpoint instance : instances) {
        say(world, schedule.healAtMs() + ms, instance, "OPEN", asked);
      }
    }
    Seeds.Outcome outcome = seeds.run(schedule, world);
    rows.add(outcome.rows());
    if (!outcome.verdict().passed()) {
      return outcome.verdict() + "; after " + last(asked);
    }
    long settledMs = outcome.virtualMs() - 20_000;
    return asked.stream()
        .filter(a -> a.atMs() < settledMs && a.lost())
        .map(a -> "no answer: " + a)
        .findFirst()
        .orElse(null);
  }

  private static String last(List<Asked> asked) {
    return asked.stream()
        .filter(a -> !a.what().equals("OPEN"))
        .map(a -> a + " " + a.answers())
        .collect(Collectors.joining("; "));
  }

  private static void say(World world, long atMs, Endpoint to, String what, List<Asked> asked) {
    world.at(
        atMs,
        () -> {
          SimProcess instance = world.process(to);
          Asked one = new Asked(instance, instance.incarnation(), atMs, what, new ArrayList<>());
          if (instance.running()) {
            asked.add(one);
          }
          List<String> words = List.of(("ALTER DATABASE " + what).split(" "));
          world.statement(to, words, done -> one.answers().add(done.sqlState() + done.text()));
        });
  }
}
