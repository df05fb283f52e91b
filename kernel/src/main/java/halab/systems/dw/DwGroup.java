package halab.systems.dw;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwStatus;
import halab.dw.proto.InstReport;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Now;
import halab.systems.dw.DwHistory.Join;
import java.util.ArrayList;
import java.util.List;

/** Questions about the group that several rows ask. Nothing here changes anything. */
final class DwGroup {
  private DwGroup() {}

  /** It may begin something of its own accord: no job, no monitor's command, the instance heard. */
  static boolean free(WatcherState s, Now now) {
    return s.job == null
        && s.held.free()
        && s.putOff.isEmpty()
        && s.seen
        && s.inst.ok()
        && now.monoMs() >= s.restUntilMs;
  }

  /** The same, of a member whose database is not split. */
  static boolean member(WatcherState s, Now now) {
    return free(s, now) && s.global() && !s.ctl.isSplit();
  }

  static boolean own(WatcherState s, Mode mode, Status... any) {
    return s.inst.is(mode, any);
  }

  /** Another member is primary and serves, or stands in SUSPEND; null: none is. */
  static DwMember otherPrimary(WatcherState s) {
    return s.members.values().stream().filter(DwMember::activePrimary).findFirst().orElse(null);
  }

  /** The same, of members that have said so just now. */
  static boolean freshPrimary(WatcherState s, Now now) {
    return s.members.values().stream().anyMatch(m -> m.activePrimary(now.monoMs()));
  }

  static ArchTarget arch(WatcherState s, String dest) {
    return s.inst.report().getArchList().stream()
        .filter(a -> a.getDest().equals(dest))
        .findFirst()
        .orElse(ArchTarget.getDefaultInstance());
  }

  static DwMember member(WatcherState s, String dest) {
    return s.members.getOrDefault(dest, DwMember.NONE);
  }

  /** A confirm monitor is connected. */
  static boolean confirmed(WatcherState s) {
    return s.monitors.values().stream().anyMatch(m -> m.hello().getConfirm());
  }

  // ---- split and two primaries -----------------------------------------------------------------

  /** What the local database has to do with the group's primary. */
  enum Verdict {
    FINE,
    /** Split: it has to be rebuilt. */
    SPLIT,
    /** It was taken over: it has to go, and can join when it is back. */
    OUT,
    /** Two primaries serve, and neither's history contains the other's: both have to go. */
    BOTH_OUT
  }

  /**
   * @param why with names and numbers; empty when all is fine
   */
  record Judged(Verdict verdict, String why) {
    static final Judged FINE = new Judged(Verdict.FINE, "");
  }

  /** Only a primary that serves can make somebody else a split one (manual 3.6). */
  static Judged judged(WatcherState s) {
    if (!s.global() || s.ctl.status() != CtlStatus.CTL_VALID || !s.inst.ok()) {
      return Judged.FINE;
    }
    for (DwMember m : s.members.values()) {
      Judged judged = judged(s, m);
      if (judged.verdict() != Verdict.FINE) {
        return judged;
      }
    }
    return Judged.FINE;
  }

  private static Judged judged(WatcherState s, DwMember m) {
    if (m.activePrimary()) {
      return against(s, m.report());
    }
    // One that took over and stands at MOUNT again: it opens when this one has gone.
    boolean later =
        m.ok()
            && m.is(Mode.PRIMARY, Status.MOUNT)
            && m.report().getOpeningCount() > s.inst.report().getOpeningCount();
    Judged judged = later ? against(s, m.report()) : Judged.FINE;
    return judged.verdict() == Verdict.OUT ? judged : Judged.FINE;
  }

  private static Judged against(WatcherState s, InstReport other) {
    InstReport own = s.inst.report();
    Join join = DwHistory.join(own, other);
    boolean serves = s.inst.activePrimary();
    if (join == Join.FORKED && serves) {
      return new Judged(Verdict.BOTH_OUT, DwHistory.why(own, other));
    } else if (join == Join.FORKED || join == Join.BEYOND) {
      return new Judged(Verdict.SPLIT, DwHistory.why(own, other));
    } else if (serves && DwHistory.givesWay(own, other)) {
      String what = "%s was taken over by %s, which was opened %d times, it itself %d times";
      int there = other.getOpeningCount();
      String why = Texts.f(what, own.getName(), other.getName(), there, own.getOpeningCount());
      return new Judged(Verdict.OUT, why);
    }
    return Judged.FINE;
  }

  // ---- what a primary waits for before it opens ------------------------------------------------

  /** Members that are not there with their instance. A split one is not waited for. */
  static List<String> missing(WatcherState s) {
    List<String> missing = new ArrayList<>();
    for (String dest : s.targets) {
      DwMember m = member(s, dest);
      boolean there = m.ok() && m.at(Status.MOUNT, Status.OPEN, Status.SUSPEND);
      if (!there && !(m.split() && !m.error())) {
        missing.add(dest);
      }
    }
    return missing;
  }

  /** Members that are there and could not follow this primary. */
  static List<String> opposed(WatcherState s) {
    List<String> opposed = new ArrayList<>();
    for (String dest : s.targets) {
      DwMember m = member(s, dest);
      boolean follows = DwHistory.join(m.report(), s.inst.report()) == Join.JOINS;
      if (m.ok() && !m.split() && !follows) {
        opposed.add(dest);
      }
    }
    return opposed;
  }

  /** Some standby stands at MOUNT and its watcher is about to open it. */
  static boolean someComeUp(WatcherState s) {
    return s.targets.stream()
        .map(dest -> member(s, dest))
        .anyMatch(m -> m.ok() && !m.split() && m.is(Mode.STANDBY, Status.MOUNT));
  }

  /** Some member's watcher is there and its instance is not: a slow start is no absence. */
  static boolean someStart(WatcherState s) {
    return s.targets.stream()
        .map(dest -> member(s, dest))
        .anyMatch(m -> m.watcher(DwStatus.DW_STARTUP) && !m.split());
  }
}
