package halab.sim;

import java.util.ArrayList;
import java.util.List;

/** Makes a failing schedule small: leaves faults out and rounds times as long as it still fails. */
public final class Shrink {
  private static final int MOST_RUNS = 400;
  private final Seeds seeds;
  private Seeds.Outcome best;
  private int runs;

  private Shrink(Seeds seeds, Seeds.Outcome failing) {
    this.seeds = seeds;
    this.best = failing;
  }

  /** The smallest schedule found that fails in the same way, with how it fails. */
  public static Seeds.Outcome of(Seeds seeds, Seeds.Outcome failing) {
    Shrink shrink = new Shrink(seeds, failing);
    shrink.halves();
    shrink.singles();
    shrink.calmer();
    shrink.rounder();
    return shrink.best;
  }

  private boolean accept(Schedule candidate) {
    if (runs++ >= MOST_RUNS) {
      return false;
    }
    Seeds.Outcome outcome = seeds.run(candidate);
    if (outcome.verdict().passed() || !outcome.kindOfFailure().equals(best.kindOfFailure())) {
      return false;
    }
    best = outcome;
    return true;
  }

  private Schedule now() {
    return best.schedule();
  }

  /** Leaves out runs of faults, long ones first. */
  private void halves() {
    for (int length = now().faults().size() / 2; length > 1; length /= 2) {
      for (int from = 0; from + length <= now().faults().size(); ) {
        List<Schedule.Timed> rest = new ArrayList<>(now().faults());
        rest.subList(from, from + length).clear();
        from += accept(now().with(rest, now().healAtMs())) ? 0 : length;
      }
    }
  }

  private void singles() {
    boolean again = true;
    while (again) {
      again = false;
      for (int i = now().faults().size() - 1; i >= 0; i--) {
        List<Schedule.Timed> rest = new ArrayList<>(now().faults());
        rest.remove(i);
        again |= accept(now().with(rest, now().healAtMs()));
      }
    }
  }

  /** A healthy world in place of a rough one. */
  private void calmer() {
    Schedule s = now();
    accept(
        new Schedule(
            s.subject(),
            s.hosts(),
            s.fast(),
            s.sets(),
            s.seed(),
            Rates.CALM,
            s.faults(),
            s.healAtMs()));
  }

  /** Whole seconds, and the heal soon after the last fault. */
  private void rounder() {
    for (int i = 0; i < now().faults().size(); i++) {
      List<Schedule.Timed> faults = new ArrayList<>(now().faults());
      Schedule.Timed fault = faults.get(i);
      long rounded = (fault.atMs() + 500) / 1000 * 1000;
      boolean inOrder =
          (i == 0 || rounded >= faults.get(i - 1).atMs())
              && (i + 1 == faults.size() || rounded <= faults.get(i + 1).atMs());
      if (rounded != fault.atMs() && inOrder) {
        faults.set(i, new Schedule.Timed(rounded, fault.fault()));
        accept(now().with(faults, now().healAtMs()));
      }
    }
    long healAt = (now().healAtMs() + 999) / 1000 * 1000;
    accept(now().with(now().faults(), healAt));
  }
}
