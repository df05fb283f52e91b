package halab.sim;

import halab.systems.LabPlan;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plans by what they were made from, with what follows from a plan alone: making one reads and
 * checks every file of a lab.
 */
final class Plans {
  private static final int MOST = 500;
  private final Map<String, Made> known = new TreeMap<>();

  /**
   * A plan, its bounds, and the first state of each daemon (states are immutable, so that every
   * life of every run can begin with the same one).
   */
  record Made(LabPlan plan, long startMs, long healMs, Boots boots) {}

  Made of(Schedule schedule) {
    String key = schedule.hosts() + " " + schedule.fast() + " " + schedule.sets();
    Made made = known.get(key);
    if (made == null) {
      if (known.size() == MOST) {
        known.clear();
      }
      LabPlan plan = schedule.subject().system().plan(schedule.options());
      long startMs = schedule.subject().system().boundMs("start", plan);
      long healMs = schedule.subject().system().boundMs("heal", plan);
      made = new Made(plan, startMs, healMs, new Boots());
      known.put(key, made);
    }
    return made;
  }
}
