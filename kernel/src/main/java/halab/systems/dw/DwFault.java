package halab.systems.dw;

import static halab.systems.dw.DwPhase.CONFIRM;
import static halab.systems.dw.DwPhase.FAILOVER;
import static halab.systems.dw.DwPhase.OPEN;
import static halab.systems.dw.DwPhase.RECOVERY;
import static halab.systems.dw.DwPhase.STARTUP;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.Mode;
import halab.dw.proto.OrderKind;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.DwHistory.Join;
import halab.systems.dw.DwJob.Kind;
import halab.systems.dw.DwJob.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows 400 to 490 of dmwatcher: the primary stands in SUSPEND because a standby cannot be reached
 * (reference 3.8; manual 6.9). MANUAL goes on without it; AUTO does so at once while the standby's
 * watcher says that its instance is dead, else the confirm monitor is asked.
 */
final class DwFault {
  /** DW_FAILOVER_FORCE waits for so many DW_ERROR_TIMEs. */
  private static final int FORCE_TIMES = 3;

  private DwFault() {}

  static void add(Table<WatcherState, DwPhase> t) {
    t.move(
            400,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> fault(s, now) && (!s.auto() || deadByTheirWatchers(s)),
            FAILOVER,
            DwRows.to(FAILOVER, DwFault::failover),
            "SUSPEND, redo cannot be delivered: MANUAL, or the standby's watcher says it is dead")
        .move(
            410,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> fault(s, now),
            CONFIRM,
            DwRows.to(CONFIRM, DwFault::ask),
            "SUSPEND, redo cannot be delivered, AUTO: the confirm monitor is asked")
        .stay(
            415,
            RECOVERY,
            Event.Tick.class,
            (s, x, now) -> interrupts(s),
            (s, x, now, out) -> s.interrupted(DwRecover.INTERRUPTED, "another standby is lost"),
            "another standby is lost: the recovery ends")
        .move(
            420,
            CONFIRM,
            Event.Tick.class,
            (s, x, now) -> DwGroup.free(s, now) && failing(s).isEmpty(),
            OPEN,
            DwRows.to(OPEN, null),
            "the fault is gone")
        .move(
            425,
            CONFIRM,
            Event.Tick.class,
            (s, x, now) -> fault(s, now) && deadByTheirWatchers(s),
            FAILOVER,
            DwRows.to(FAILOVER, DwFault::failover),
            "the standby's watcher says that its instance is dead")
        .move(
            430,
            CONFIRM,
            Event.Tick.class,
            DwFault::forced,
            FAILOVER,
            DwRows.to(FAILOVER, DwFault::failover),
            "DW_FAILOVER_FORCE: nobody can confirm, and the standby's watcher is there")
        .stay(
            435,
            CONFIRM,
            Event.Tick.class,
            (s, x, now) -> fault(s, now) && !failing(s).equals(s.asks),
            DwFault::askAnew,
            "other standbys than those asked about")
        .move(
            440,
            FAILOVER,
            DwTrigger.Done.class,
            null,
            OPEN,
            DwRows.to(OPEN, DwJobs::finish),
            "the primary goes on without the standby, or the next look decides anew")
        .stay(
            450,
            OPEN,
            Event.Tick.class,
            DwFault::stands,
            DwFault::reopen,
            "SUSPEND and nothing fails any more: OPEN")
        .move(
            460,
            OPEN,
            Event.Tick.class,
            DwFault::fellBack,
            STARTUP,
            DwRows.to(STARTUP, null),
            "the instance is not open any more");
  }

  /** Standbys that the present package could not be delivered to. */
  static List<String> failing(WatcherState s) {
    return s.inst.report().getArchList().stream()
        .filter(ArchTarget::getFailing)
        .map(ArchTarget::getDest)
        .toList();
  }

  private static boolean suspended(WatcherState s) {
    return s.inst.is(Mode.PRIMARY, Status.SUSPEND) && !failing(s).isEmpty();
  }

  private static boolean fault(WatcherState s, Now now) {
    return DwGroup.member(s, now) && suspended(s) && DwGroup.otherPrimary(s) == null;
  }

  private static boolean interrupts(WatcherState s) {
    return s.job.droppable() && s.interrupt.isEmpty() && suspended(s);
  }

  /** A standby that is dead by its own watcher cannot be taking over. */
  private static boolean deadByTheirWatchers(WatcherState s) {
    return failing(s).stream()
        .map(dest -> DwGroup.member(s, dest))
        .allMatch(m -> !m.error() && m.state().hasReport() && !m.state().getInstOk());
  }

  private static WatcherState ask(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    DwText.warn(
        out,
        "instance %s is SUSPEND, redo cannot be delivered to %s, the confirm monitor is asked",
        s.instance,
        DwText.list(failing(s)));
    return s.with(x -> x.asks = failing(s));
  }

  private static WatcherState askAnew(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    return ask(s, t, now, out).with(x -> x.change = s.change + 1).tell();
  }

  private static boolean forced(WatcherState s, Event.Tick t, Now now) {
    return fault(s, now)
        && s.ini.dwFailoverForce()
        && !DwGroup.confirmed(s)
        && now.monoMs() - s.sinceMs >= FORCE_TIMES * s.errorMs()
        && failing(s).stream().allMatch(dest -> followed(s, DwGroup.member(s, dest)));
  }

  /** Its watcher is there, it is no primary, and it could follow. */
  private static boolean followed(WatcherState s, DwMember m) {
    if (m.error() || !m.state().hasReport() || !m.is(Mode.STANDBY)) {
      return false;
    }
    Join join = DwHistory.join(m.report(), s.inst.report());
    return join == Join.JOINS || join == Join.AHEAD;
  }

  /** The archives to the lost standbys become INVALID, then the primary goes on. */
  static <T> WatcherState failover(WatcherState s, T t, Now now, List<Effect> out) {
    List<Step> steps = new ArrayList<>();
    for (String dest : failing(s)) {
      steps.add(Step.to(OrderKind.ORDER_ARCH_INVALID, dest));
    }
    steps.add(Step.sql(DwJob.OPEN));
    DwText.warn(out, "instance %s goes on without %s", s.instance, DwText.list(failing(s)));
    return DwJobs.begin(s, DwJob.of(Kind.FAILOVER, steps), now, out);
  }

  private static boolean stands(WatcherState s, Event.Tick t, Now now) {
    return DwGroup.free(s, now)
        && s.inst.is(Mode.PRIMARY, Status.SUSPEND)
        && failing(s).isEmpty()
        && DwGroup.otherPrimary(s) == null;
  }

  private static WatcherState reopen(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    DwJob job = DwJob.of(Kind.REOPENING, List.of(Step.sql(DwJob.OPEN)));
    return DwJobs.begin(s, job, now, out);
  }

  private static boolean fellBack(WatcherState s, Event.Tick t, Now now) {
    return DwGroup.free(s, now) && s.inst.at(Status.STARTUP, Status.AFTER_REDO, Status.MOUNT);
  }
}
