package halab.sim;

import halab.kernel.Check;
import halab.systems.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs schedules of one system: boot and calm, chaos with the promises checked after every step,
 * everything healed, healthy again within the bound that the system itself states, final checks.
 * One object serves one thread.
 */
public final class Seeds {
  private static final long REPAIR_EVERY_MS = 5_000;
  private static final long LOOK_EVERY_MS = 500;

  /** Looks are costly, so while no phase changes they are rarer. */
  private static final long LOOK_ANYWAY_MS = 2_500;

  private static final long STAYS_HEALTHY_MS = 10_000;
  private static final long COMMITS_WITHIN_MS = 60_000;
  private static final long ANSWERS_WITHIN_MS = 10_000;

  private final Subject subject;
  private final Function<String, Role<?>> roles;
  private final Plans plans = new Plans();

  /**
   * How one run ended.
   *
   * @param hash of everything that happened
   * @param steps events handled
   * @param virtualMs lab time that went by
   * @param lastSteps filled for a failure only
   */
  public record Outcome(
      Schedule schedule,
      Verdict verdict,
      long hash,
      long steps,
      long virtualMs,
      RowCounts rows,
      List<String> lastSteps) {
    /** What kind of failure: the name of the promise or check, without its values. */
    String kindOfFailure() {
      return verdict.reason().split(":", 2)[0];
    }
  }

  public Seeds(Subject subject) {
    this(subject, Map.of());
  }

  /**
   * Runs with other roles, for canaries and row deletion.
   *
   * @param changed role name to the role that takes its place
   */
  public Seeds(Subject subject, Map<String, Role<?>> changed) {
    this.subject = subject;
    this.roles =
        name -> {
          Role<?> other = changed.get(name);
          return other == null ? subject.system().role(name) : other;
        };
  }

  /** The schedule of a seed. */
  public Schedule schedule(long seed) {
    return Chaos.schedule(seed, subject, plans);
  }

  public Outcome run(long seed) {
    return run(schedule(seed));
  }

  public Outcome run(Schedule schedule) {
    return run(schedule, world(schedule));
  }

  /** Runs a schedule in a world of its own, which can be looked at afterwards. */
  public Outcome run(Schedule schedule, World world) {
    Verdict verdict;
    try {
      verdict = play(schedule, world);
    } catch (World.Violation | Check.Failed e) {
      verdict = Verdict.fail(e.getMessage() + " (at " + world.nowMs() + " ms)");
    } catch (RuntimeException e) {
      StackTraceElement[] stack = e.getStackTrace();
      String place = stack.length == 0 ? "" : " at " + stack[0];
      verdict = Verdict.fail("a role threw: " + e + place + " (at " + world.nowMs() + " ms)");
    }
    return new Outcome(
        schedule,
        verdict,
        world.trace().hash(),
        world.trace().steps(),
        world.nowMs(),
        world.rows(),
        verdict.passed() ? List.of() : world.trace().last());
  }

  /** The world of a schedule, before anything happened in it. */
  public World world(Schedule schedule) {
    Plans.Made made = plans.of(schedule);
    return new World(
        subject.system(),
        roles,
        made.plan(),
        made.boots(),
        schedule.rates(),
        subject.checks().invariants(),
        subject.checks()::ledger,
        schedule.seed());
  }

  /** Runs a schedule and tells every step as a line; a good deal slower. */
  public Outcome trace(Schedule schedule, Consumer<String> listener) {
    World world = world(schedule);
    world.trace().tellTo(listener);
    return run(schedule, world);
  }

  private Verdict play(Schedule schedule, World world) {
    world.up(List.of());
    long calmMs = plans.of(schedule).startMs();
    world.runUntilMs(calmMs);
    String sick = sick(world);
    if (sick != null) {
      return Verdict.fail("not healthy within bound(start) = " + calmMs + " ms: " + sick);
    }
    for (Schedule.Timed timed : schedule.faults()) {
      world.runUntilMs(timed.atMs());
      timed.fault().applyTo(world.faults());
    }
    world.runUntilMs(schedule.healAtMs());
    return healed(world, plans.of(schedule).healMs());
  }

  /** Healthy within the bound means: healthy from then on, whatever the storm left in flight. */
  private Verdict healed(World world, long bound) {
    long began = world.nowMs();
    long lookedAtMove = -1;
    long lookedAtMs = 0;
    String sick = null;
    long nextRepair = began;
    long healthySince = Long.MAX_VALUE;
    while (healthySince > world.nowMs() - STAYS_HEALTHY_MS) {
      if (world.nowMs() >= nextRepair) {
        Repair.once(
            world.faults(),
            world.plan(),
            daemon -> world.process(daemon).paused(),
            subject.checks(),
            world.views());
        nextRepair += REPAIR_EVERY_MS;
      }
      world.runUntilMs(world.nowMs() + LOOK_EVERY_MS);
      if (world.moves() != lookedAtMove || world.nowMs() >= lookedAtMs + LOOK_ANYWAY_MS) {
        lookedAtMove = world.moves();
        lookedAtMs = world.nowMs();
        sick = sick(world);
      }
      healthySince = sick != null ? Long.MAX_VALUE : Math.min(healthySince, world.nowMs());
      if (sick != null && world.nowMs() >= began + bound) {
        return Verdict.fail("not healthy within bound(heal) = " + bound + " ms: " + sick);
      }
    }
    long took = healthySince - began;
    List<String> wrong = new ArrayList<>(data(world, began));
    for (Validation validation : subject.checks().validations()) {
      String broken = validation.broken(world);
      if (broken != null) {
        wrong.add(validation.name() + ": " + broken);
      }
    }
    return wrong.isEmpty()
        ? Verdict.pass("healthy " + took + " ms after the heal")
        : Verdict.fail(String.join("; ", wrong));
  }

  /** Users get their answers, then all engines are the same and hold whatever was acknowledged. */
  private static List<String> data(World world, long healedMs) {
    if (world.engines().isEmpty()) {
      return List.of();
    }
    List<String> wrong = new ArrayList<>();
    long patienceMs = world.nowMs() + COMMITS_WITHIN_MS;
    while (world.clients().lastCommitMs() <= healedMs && world.nowMs() < patienceMs) {
      world.runUntilMs(world.nowMs() + LOOK_EVERY_MS);
    }
    if (world.clients().lastCommitMs() <= healedMs) {
      wrong.add("a client commits again: none did since the heal");
    }
    world.clients().stop();
    world.runUntilMs(world.nowMs() + ANSWERS_WITHIN_MS);
    if (!world.clients().unanswered().isEmpty()) {
      wrong.add("who asks is answered: not " + world.clients().unanswered());
    }
    wrong.addAll(world.ledger().differences(world.engines()));
    return wrong;
  }

  private String sick(World world) {
    return subject.checks().unhealthy(world.plan(), world.views());
  }
}
