package halab.systems.dw;

import static halab.systems.dw.DwPhase.OPEN;
import static halab.systems.dw.DwPhase.OPEN_FORCE;
import static halab.systems.dw.DwPhase.STARTUP;

import halab.dw.proto.Mode;
import halab.dw.proto.OrderKind;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.DwGroup.Verdict;
import halab.systems.dw.DwHistory.Join;
import halab.systems.dw.DwJob.Kind;
import halab.systems.dw.DwJob.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Rows 300 to 390 of dmwatcher: how the local instance is brought from MOUNT to OPEN (reference
 * 5.3; manual 6.2). A standby is opened if it can join one other database; a primary if all can
 * join it.
 */
final class DwOpening {
  /** Standbys at MOUNT get so long to be opened, so that their archives can be VALID at once. */
  private static final long GATHER_MS = 5000;

  private DwOpening() {}

  static void add(Table<WatcherState, DwPhase> t) {
    t.stay(
            300,
            EnumSet.of(STARTUP, OPEN),
            Event.Tick.class,
            (s, x, now) -> DwGroup.free(s, now) && s.inst.report().getDwStatus() != 0,
            DwOpening::unmark,
            "a half-done command's mark is taken back")
        .move(
            310,
            STARTUP,
            Event.Tick.class,
            DwOpening::isOpen,
            OPEN,
            DwRows.to(OPEN, null),
            "the instance is open already")
        .stay(
            320,
            STARTUP,
            Event.Tick.class,
            (s, x, now) -> DwGroup.free(s, now) && !s.global() && s.inst.at(Status.MOUNT),
            (s, x, now, out) -> open(s, List.of(), now, out),
            "LOCAL: the instance is opened at once")
        .stay(
            330,
            STARTUP,
            Event.Tick.class,
            DwOpening::standbyJoins,
            (s, x, now, out) -> open(s, List.of(), now, out),
            "a standby that can join another database is opened")
        .stay(
            340,
            STARTUP,
            Event.Tick.class,
            DwOpening::givesWay,
            DwOpening::demote,
            "another one is primary and this one can follow it: it becomes a standby");
    primary(t);
    ends(t);
  }

  private static void primary(Table<WatcherState, DwPhase> t) {
    t.stay(
            350,
            STARTUP,
            Event.Tick.class,
            DwOpening::allThere,
            (s, x, now, out) -> open(s, archives(s), now, out),
            "all members can follow the primary: archives VALID where ALSN is FLSN, then OPEN")
        .stay(
            360,
            STARTUP,
            Event.Tick.class,
            DwOpening::asksAnew,
            DwOpening::ask,
            "AUTO: members are missing, the confirm monitor is asked for the opening")
        .move(
            365,
            STARTUP,
            Event.Tick.class,
            DwOpening::waitedEnough,
            OPEN_FORCE,
            DwRows.to(OPEN_FORCE, DwOpening::openWithout),
            "MANUAL: members are missing for DW_OPEN_FORCE_TIMEOUT and no monitor is there")
        .stay(
            370,
            STARTUP,
            Event.Tick.class,
            (s, x, now) -> !hindrance(s, now).equals(s.hindrance),
            DwOpening::say,
            "what hinders the opening is said once");
  }

  private static void ends(Table<WatcherState, DwPhase> t) {
    t.move(
            380,
            STARTUP,
            DwTrigger.Done.class,
            (s, x, now) -> DwJobs.succeeds(s, x) && brings(s),
            OPEN,
            DwRows.to(OPEN, DwJobs::finish),
            "the instance is open")
        .move(
            382,
            OPEN_FORCE,
            DwTrigger.Done.class,
            (s, x, now) -> DwJobs.succeeds(s, x) && brings(s),
            OPEN,
            DwRows.to(OPEN, DwJobs::finish),
            "the instance is open by force")
        .move(
            384,
            OPEN_FORCE,
            DwTrigger.Done.class,
            (s, x, now) -> DwJobs.ends(s, x) && brings(s),
            STARTUP,
            DwRows.to(STARTUP, DwJobs::finish),
            "the instance cannot be opened by force");
  }

  private static boolean brings(WatcherState s) {
    return s.job.kind() == Kind.OPENING || s.job.kind() == Kind.DEMOTION;
  }

  private static WatcherState unmark(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    int mark = s.inst.report().getDwStatus();
    DwText.warn(out, "DW_STAT_FLAG of %s is %d and no command runs", s.instance, mark);
    Step step = Step.sql(Texts.f("SP_SET_GLOBAL_DW_STATUS(%d, 0)", mark));
    return DwJobs.begin(s, DwJob.of(Kind.UNMARK, List.of(step)), now, out);
  }

  private static boolean isOpen(WatcherState s, Event.Tick t, Now now) {
    return DwGroup.free(s, now)
        && !s.ctl.isSplit()
        && s.inst.at(Status.OPEN, Status.SUSPEND)
        && DwGroup.judged(s).verdict() == Verdict.FINE;
  }

  static WatcherState open(WatcherState s, List<Step> before, Now now, List<Effect> out) {
    List<Step> steps = new ArrayList<>(before);
    steps.add(Step.sql(DwJob.OPEN));
    return DwJobs.begin(s, DwJob.of(Kind.OPENING, steps), now, out);
  }

  // ---- standby ---------------------------------------------------------------------------------

  private static boolean standbyJoins(WatcherState s, Event.Tick t, Now now) {
    return DwGroup.member(s, now)
        && s.inst.is(Mode.STANDBY, Status.MOUNT)
        && DwGroup.judged(s).verdict() == Verdict.FINE
        && s.members.values().stream().anyMatch(m -> joins(s, m));
  }

  private static boolean joins(WatcherState s, DwMember m) {
    boolean known = !m.error() && m.state().hasReport() && !m.split();
    return known && DwHistory.join(s.inst.report(), m.report()) == Join.JOINS;
  }

  // ---- primary ---------------------------------------------------------------------------------

  private static boolean atMount(WatcherState s, Now now) {
    return DwGroup.member(s, now)
        && s.inst.is(Mode.PRIMARY, Status.MOUNT)
        && DwGroup.judged(s).verdict() == Verdict.FINE;
  }

  private static boolean givesWay(WatcherState s, Event.Tick t, Now now) {
    return atMount(s, now)
        && s.members.values().stream()
            .anyMatch(m -> m.activePrimary() && joins(s, m) || wins(s, m));
  }

  /** Another primary at MOUNT that this one has to follow. */
  private static boolean wins(WatcherState s, DwMember m) {
    return m.ok()
        && !m.split()
        && m.is(Mode.PRIMARY, Status.MOUNT)
        && DwHistory.givesWay(s.inst.report(), m.report());
  }

  private static WatcherState demote(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    DwText.info(out, "instance %s can rejoin as STANDBY", s.instance);
    List<Step> steps = List.of(Step.sql(DwJob.STANDBY), Step.sql(DwJob.OPEN));
    return DwJobs.begin(s, DwJob.of(Kind.DEMOTION, steps), now, out);
  }

  private static boolean alone(WatcherState s, Now now) {
    return atMount(s, now) && DwGroup.otherPrimary(s) == null && DwGroup.opposed(s).isEmpty();
  }

  private static boolean allThere(WatcherState s, Event.Tick t, Now now) {
    boolean gathered = now.monoMs() - s.inst.mountMs() >= GATHER_MS || !DwGroup.someComeUp(s);
    return alone(s, now) && DwGroup.missing(s).isEmpty() && gathered;
  }

  /** VALID where the standby has all that the primary has; the instance has the last word on it. */
  static List<Step> archives(WatcherState s) {
    List<Step> steps = new ArrayList<>();
    for (String dest : s.targets) {
      DwMember m = DwGroup.member(s, dest);
      boolean all =
          m.ok()
              && !m.split()
              && m.is(Mode.STANDBY, Status.OPEN)
              && DwHistory.equal(m.report(), s.inst.report())
              && DwHistory.most(m.report()) >= s.inst.report().getFlsn();
      steps.add(Step.to(all ? OrderKind.ORDER_ARCH_VALID : OrderKind.ORDER_ARCH_INVALID, dest));
    }
    return steps;
  }

  private static boolean asksAnew(WatcherState s, Event.Tick t, Now now) {
    return !wanted(s, now).equals(s.asks);
  }

  /** Members whose absence a confirm monitor has to allow; none: nothing is asked. */
  private static List<String> wanted(WatcherState s, Now now) {
    boolean late = now.monoMs() - s.inst.mountMs() >= s.errorMs() || !DwGroup.someStart(s);
    boolean asks = s.auto() && alone(s, now) && late && now.monoMs() - s.sinceMs >= s.errorMs();
    return asks ? DwGroup.missing(s) : List.of();
  }

  private static WatcherState ask(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    List<String> asks = wanted(s, now);
    if (!asks.isEmpty()) {
      String what = "%s is missing, the confirm monitor is asked whether %s may be opened";
      DwText.info(out, what, DwText.list(asks), s.instance);
    }
    return s.with(
            x -> {
              x.asks = asks;
              x.asksOpen = !asks.isEmpty();
              x.change = s.change + 1;
            })
        .tell();
  }

  private static boolean waitedEnough(WatcherState s, Event.Tick t, Now now) {
    long afterMs = 1000L * s.ini.dwOpenForceTimeoutS();
    return !s.auto()
        && afterMs > 0
        && s.monitors.isEmpty()
        && alone(s, now)
        && now.monoMs() - s.sinceMs >= afterMs;
  }

  /** The opening without all members: nobody waits for those. */
  static <T> WatcherState openWithout(WatcherState s, T t, Now now, List<Effect> out) {
    return open(s, archives(s), now, out);
  }

  // ---- what hinders ----------------------------------------------------------------------------

  private static String hindrance(WatcherState s, Now now) {
    if (!s.inst.ok() || !s.global() || !s.inst.at(Status.MOUNT) || s.job != null) {
      return "";
    } else if (s.ctl.isSplit()) {
      return s.instance + " is split and is not opened";
    } else if (DwGroup.judged(s).verdict() != Verdict.FINE) {
      return ""; // that is said when it is sure
    } else if (s.inst.is(Mode.STANDBY)) {
      return s.instance + " has found no database that it can join";
    } else if (!DwGroup.opposed(s).isEmpty()) {
      return DwText.list(DwGroup.opposed(s))
          + " cannot join "
          + s.instance
          + ", a user has to decide";
    } else if (!DwGroup.missing(s).isEmpty()) {
      return DwText.list(DwGroup.missing(s)) + " is missing, " + s.instance + " is not opened yet";
    }
    return "";
  }

  private static WatcherState say(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    String what = hindrance(s, now);
    if (!what.isEmpty()) {
      DwText.info(out, "%s", what);
    }
    return s.with(x -> x.hindrance = what);
  }
}
