package halab.sim;

import halab.kernel.Check;
import halab.systems.ConfigException;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * A seeded run before it begins: which lab, how rough a world, what goes wrong when, and when all
 * faults end. Its text is a scenario.
 *
 * @param seed of the world; also of the schedule itself if {@link Chaos} drew it
 * @param sets vendor keys by name
 * @param faults in order of time, lab time since power-on
 * @param healAtMs from here on nothing is broken any more and everything dead is started again
 */
public record Schedule(
    Subject subject,
    int hosts,
    boolean fast,
    SortedMap<String, String> sets,
    long seed,
    Rates rates,
    List<Timed> faults,
    long healAtMs) {
  /** A fault and its time. */
  public record Timed(long atMs, Fault fault) {}

  public Schedule {
    sets = Collections.unmodifiableSortedMap(sets);
    faults = List.copyOf(faults);
  }

  /** The same with other faults. */
  public Schedule with(List<Timed> other, long healAt) {
    return new Schedule(subject, hosts, fast, sets, seed, rates, other, healAt);
  }

  public LabPlan.Options options() {
    return new LabPlan.Options(hosts, fast, 5200, sets, java.util.Map.of());
  }

  /**
   * The scenario that says the same.
   *
   * @param title what it shows, one line
   */
  public String text(String title) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(title.replace('\n', ' ')).append('\n');
    text.append("source   seeded run\n");
    text.append("system   ").append(subject.system().name()).append('\n');
    text.append("hosts    ").append(hosts).append('\n');
    text.append(fast ? "fast\n" : "");
    sets.forEach((key, value) -> text.append("set      " + key + " " + value + "\n"));
    text.append("seed     ").append(seed).append('\n');
    text.append("rates    ").append(rates.text()).append('\n');
    for (Timed timed : faults) {
      text.append("at ").append(Durations.text(timed.atMs())).append(' ');
      text.append(timed.fault().text()).append('\n');
    }
    text.append("at ").append(Durations.text(healAtMs)).append(" heal all\n");
    text.append("repair   within bound(heal)\n");
    return text.toString();
  }

  /**
   * Reads {@link #text} back; throws {@link ConfigException} for a scenario that does more than a
   * schedule can.
   */
  public static Schedule of(Scenario scenario) {
    List<Timed> faults = new ArrayList<>();
    long healAt = -1;
    for (Scenario.Step step : scenario.steps()) {
      if (step instanceof Scenario.At at && healAt < 0) {
        Fault fault = FaultText.plain(scenario.file(), step.line(), at.faultText());
        if (fault.equals(Fault.Heal.ALL)) {
          healAt = at.atMs();
        } else {
          faults.add(new Timed(at.atMs(), fault));
        }
      } else if (!(step instanceof Scenario.Repair)) {
        throw new ConfigException(
            List.of(
                new ConfigException.Problem(
                    scenario.file(),
                    step.line(),
                    "'" + step.text() + "' is not part of a seeded run",
                    "run the file as a scenario")));
      }
    }
    Check.that(healAt >= 0, "%s has no 'at ... heal all'", scenario.file());
    return new Schedule(
        scenario.subject(),
        scenario.hosts(),
        scenario.fast(),
        scenario.sets(),
        scenario.seed(),
        scenario.rates(),
        faults,
        healAt);
  }
}
