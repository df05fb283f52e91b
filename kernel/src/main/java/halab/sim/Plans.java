package halab.sim;

import halab.systems.LabPlan;
import java.util.Map;
import java.util.TreeMap;

/** Plans by what they were made from: making one reads and checks every file of a lab. */
final class Plans {
  private static final int MOST = 500;
  private final Map<String, LabPlan> known = new TreeMap<>();

  LabPlan of(Schedule schedule) {
    String key = schedule.hosts() + " " + schedule.fast() + " " + schedule.sets();
    LabPlan plan = known.get(key);
    if (plan == null) {
      if (known.size() == MOST) {
        known.clear();
      }
      plan = schedule.subject().system().plan(schedule.options());
      known.put(key, plan);
    }
    return plan;
  }
}
