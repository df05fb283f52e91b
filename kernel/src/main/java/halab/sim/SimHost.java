package halab.sim;

import halab.bricks.Rng;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.systems.LabPlan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** One emulated machine: power, clock, cards and files. */
final class SimHost {
  /** Wall time at which every simulated lab begins: 2021-05-01 23:00:00 UTC. */
  static final long EPOCH_MS = 1_619_910_000_000L;

  final String name;
  final int index;
  final List<String> startList;
  final List<String> nics;

  /** Never changed in place: who has read them may keep them. */
  private Map<String, String> files;

  /** Files of the system folder; never changed in place either. */
  private Map<String, String> saved;

  /** Addresses that are up on its cards. */
  final TreeSet<String> addresses = new TreeSet<>();

  boolean on;
  private final long driftPpm;
  private final long uptimeMs;
  private long wallStepMs;

  SimHost(LabPlan.HostPlan plan, int index, int driftPpm, Rng rng) {
    this.name = plan.name();
    this.index = index;
    this.startList = plan.startList();
    this.nics = plan.nics();
    this.files = plan.files();
    this.saved = plan.saved();
    this.driftPpm = rng.between(-driftPpm, driftPpm);
    this.uptimeMs = rng.between(100_000, 10_000_000);
  }

  Map<String, String> files() {
    return files;
  }

  /** Text of a file; null when there is none. */
  String file(String name) {
    return files.get(name);
  }

  Map<String, String> saved() {
    return saved;
  }

  /**
   * Writes a small file anew, or takes it away.
   *
   * @param text null: there is none any more
   */
  void write(Effect.Folder folder, String name, String text) {
    if (folder == Effect.Folder.CONFIG) {
      files = changed(files, name, text);
    } else {
      saved = changed(saved, name, text);
    }
  }

  private static Map<String, String> changed(Map<String, String> before, String name, String text) {
    Map<String, String> next = new TreeMap<>(before);
    if (text == null) {
      next.remove(name);
    } else {
      next.put(name, text);
    }
    return next;
  }

  long monoMs(long worldMs) {
    return uptimeMs + worldMs + worldMs * driftPpm / 1_000_000;
  }

  /** The first world time at which this host's monotonic clock shows at least {@code monoMs}. */
  long worldMs(long monoMs) {
    long guess = (monoMs - uptimeMs) * 1_000_000 / (1_000_000 + driftPpm) - 1;
    while (monoMs(guess) < monoMs) {
      guess++;
    }
    return guess;
  }

  long wallMs(long worldMs) {
    return EPOCH_MS + worldMs + worldMs * driftPpm / 1_000_000 + wallStepMs;
  }

  Now now(long worldMs) {
    return new Now(monoMs(worldMs), wallMs(worldMs));
  }

  void stepClock(long ms) {
    wallStepMs += ms;
  }
}
