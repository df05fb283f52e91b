package halab.systems.dw;

import static halab.systems.dw.Dmwatcher.ALIVE;
import static halab.systems.dw.DwPhase.CHANGE_ARCH;
import static halab.systems.dw.DwPhase.CONFIRM;
import static halab.systems.dw.DwPhase.FAILOVER;
import static halab.systems.dw.DwPhase.OPEN;
import static halab.systems.dw.DwPhase.OPEN_FORCE;
import static halab.systems.dw.DwPhase.RECOVERY;
import static halab.systems.dw.DwPhase.SHUTDOWN;
import static halab.systems.dw.DwPhase.STARTUP;
import static halab.systems.dw.DwPhase.SWITCHOVER;
import static halab.systems.dw.DwPhase.TAKEOVER;

import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.MonOp;
import halab.dw.proto.OrderKind;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.DwJob.Kind;
import halab.systems.dw.DwJob.Step;
import halab.systems.dw.WatcherState.Held;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Rows 820 to 868 of dmwatcher: one monitor's command at a time (MID), the confirm monitor's
 * answer, the change of state and the statements of a command (reference 1.3, 5.4, 6.1).
 */
final class DwOrders {
  /** States that a monitor's command has led to and leads out of. */
  static final Set<DwPhase> COMMANDED = EnumSet.of(SWITCHOVER, TAKEOVER, OPEN_FORCE, CHANGE_ARCH);

  static final int MID_TAKEN = -8;
  static final int OTHER_MID = -8136;
  static final int INST_ERROR = -8042;
  static final int NOT_STARTUP = -8371;
  static final int PRIMARY_IS_OPEN = -8394;
  static final int SPLIT = -8389;
  static final int NOT_STANDBY = -8459;
  static final int MID_CLEARED = -10256;
  static final int NO_SQL_NOW = -10263;
  static final int BUSY = -10265;
  static final int WRONG_STATUS = -10269;

  private static final int MOST_PUT_OFF = 16;

  private DwOrders() {}

  /** An order of this kind. */
  static boolean is(DwTrigger.Asked t, MonOp op) {
    return t.op() == op;
  }

  /** It stays no longer in the queue, and its monitor is alive. */
  static WatcherState taken(WatcherState s, DwTrigger.Asked t, Now now) {
    WatcherState next = !t.put() ? s : s.with(x -> x.putOff = s.putOff.subList(1, s.putOff.size()));
    boolean holds = !s.held.free() && s.held.mid() == t.message().getMid();
    return (holds ? next.withHeld(s.held.heard(now.monoMs())) : next).with(x -> x.look = true);
  }

  /** What a row does with an order that it takes. */
  static Table.Action<WatcherState, DwTrigger.Asked> act(
      Table.Action<WatcherState, DwTrigger.Asked> then) {
    return (s, t, now, out) -> then.apply(taken(s, t, now), t, now, out);
  }

  /** Enters a state and says so to the monitor. */
  static Table.Action<WatcherState, DwTrigger.Asked> enter(DwPhase phase) {
    return DwRows.to(phase, act(DwOrders::done));
  }

  static WatcherState done(WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    DwJobs.answer(t, 0, "", out);
    return s;
  }

  static Table.Action<WatcherState, DwTrigger.Asked> no(int code, String why) {
    return act(
        (s, t, now, out) -> {
          DwJobs.answer(t, code, Texts.f("%s: %s", s.instance, why), out);
          return s;
        });
  }

  static void add(Table<WatcherState, DwPhase> t) {
    mid(t);
    confirm(t);
    status(t);
    sql(t);
  }

  // ---- MID -------------------------------------------------------------------------------------

  private static void mid(Table<WatcherState, DwPhase> t) {
    t.refuse(
            820,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> needsMid(x) && s.held.mid() != x.message().getMid() && s.held.free(),
            no(MID_CLEARED, "the MID of this command is cleared"),
            "a step of a command whose MID is cleared")
        .refuse(
            821,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> needsMid(x) && s.held.mid() != x.message().getMid(),
            no(BUSY, "another monitor's command is being carried out"),
            "one monitor's command at a time")
        .refuse(
            822,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) ->
                is(x, MonOp.MON_SET_MID) && !s.held.free() && s.held.mid() != x.message().getMid(),
            no(MID_TAKEN, "another monitor's command is being carried out"),
            "-8: another monitor's command is being carried out")
        .refuse(
            823,
            EnumSet.of(STARTUP),
            DwTrigger.Asked.class,
            (s, x, now) -> is(x, MonOp.MON_SET_MID) && s.job != null,
            no(WRONG_STATUS, "the instance is just being opened"),
            "a command that was decided upon before this opening")
        .stay(
            824,
            RECOVERY,
            DwTrigger.Asked.class,
            (s, x, now) -> is(x, MonOp.MON_SET_MID) && s.job.droppable() && s.interrupt.isEmpty(),
            (s, x, now, out) ->
                later(s, x).interrupted(DwRecover.INTERRUPTED, "a monitor's command"),
            "a monitor's command ends the recovery")
        .refuse(
            825,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> waits(s, x) && s.putOff.size() >= MOST_PUT_OFF,
            no(BUSY, "too many orders wait"),
            "too many orders wait")
        .stay(
            826,
            ALIVE,
            DwTrigger.Asked.class,
            DwOrders::waitsNow,
            (s, x, now, out) -> later(s, x),
            "the instance carries something out: the order waits for its end")
        .stay(
            830,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> is(x, MonOp.MON_SET_MID),
            act(DwOrders::hold),
            "set MID: nothing is done of its own accord until it is cleared")
        .refuse(
            832,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) ->
                is(x, MonOp.MON_CLEAR_MID)
                    && !s.held.free()
                    && s.held.mid() != x.message().getMid(),
            no(OTHER_MID, "another monitor's command is being carried out"),
            "the MID of another monitor")
        .move(
            834,
            COMMANDED,
            DwTrigger.Asked.class,
            (s, x, now) -> is(x, MonOp.MON_CLEAR_MID),
            STARTUP,
            DwRows.to(STARTUP, act(DwOrders::release)),
            "do clear before the command has ended: the state is found anew")
        .stay(
            836,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> is(x, MonOp.MON_CLEAR_MID),
            act(DwOrders::release),
            "do clear");
  }

  private static boolean needsMid(DwTrigger.Asked t) {
    return switch (t.op()) {
      case MON_SET_MID, MON_CLEAR_MID, MON_CONFIRM, MON_LOGIN -> false;
      default -> true;
    };
  }

  /** It cannot be carried out beside the job. Confirming and killing can, stopping may have to. */
  private static boolean waits(WatcherState s, DwTrigger.Asked t) {
    boolean beside =
        switch (t.op()) {
          case MON_CONFIRM, MON_KILL_INSTANCE -> true;
          case MON_STOP_WATCHER -> s.job == null || stoppable(s.job);
          default -> false;
        };
    return !beside && (s.job != null || !t.put() && !s.putOff.isEmpty());
  }

  private static boolean waitsNow(WatcherState s, DwTrigger.Asked t, Now now) {
    return waits(s, t);
  }

  /** Nothing is left half done that the next start would not settle. */
  private static boolean stoppable(DwJob job) {
    return job.asked() == null && (job.kind() != Kind.RECOVERY || job.droppable());
  }

  private static WatcherState later(WatcherState s, DwTrigger.Asked t) {
    return t.put() ? s : s.later(t);
  }

  private static WatcherState hold(WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    done(s, t, now, out);
    return s.withHeld(new Held(t.message().getMid(), t.from(), now.monoMs(), 0));
  }

  private static WatcherState release(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    done(s, t, now, out);
    return s.withHeld(Held.NONE);
  }

  // ---- the confirm monitor's answer ------------------------------------------------------------

  private static void confirm(Table<WatcherState, DwPhase> t) {
    t.move(
            840,
            CONFIRM,
            DwTrigger.Asked.class,
            (s, x, now) -> agreed(s, x) && !DwFault.failing(s).isEmpty() && s.job == null,
            FAILOVER,
            DwRows.to(FAILOVER, act(DwOrders::confirmed)),
            "the confirm monitor agrees: FAILOVER")
        .move(
            842,
            STARTUP,
            DwTrigger.Asked.class,
            (s, x, now) -> agreed(s, x) && s.asksOpen && s.job == null,
            OPEN_FORCE,
            DwRows.to(OPEN_FORCE, act(DwOrders::allowed)),
            "the confirm monitor agrees: the primary is opened without the missing members")
        .stay(
            844,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> is(x, MonOp.MON_CONFIRM),
            act(DwOrders::done),
            "not agreed, or an answer to what is not asked any more");
  }

  /** It answers what is asked now. */
  private static boolean agreed(WatcherState s, DwTrigger.Asked t) {
    WatcherState.Mon monitor = s.monitors.get(t.from());
    return is(t, MonOp.MON_CONFIRM)
        && t.message().getAgree()
        && t.message().getChange() == s.change
        && monitor != null
        && monitor.hello().getConfirm()
        && s.held.free();
  }

  private static WatcherState confirmed(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    DwText.info(out, "confirm monitor %s agrees", t.from());
    return DwFault.failover(done(s, t, now, out), t, now, out);
  }

  private static WatcherState allowed(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    DwText.info(out, "confirm monitor %s agrees", t.from());
    return DwOpening.openWithout(done(s, t, now, out), t, now, out);
  }

  // ---- switch of status ------------------------------------------------------------------------

  private static boolean to(DwTrigger.Asked t, DwPhase phase) {
    return is(t, MonOp.MON_SWITCH_STATUS) && t.message().getStatus() == phase.status();
  }

  private static boolean begins(DwTrigger.Asked t) {
    DwStatus status = t.message().getStatus();
    return is(t, MonOp.MON_SWITCH_STATUS)
        && COMMANDED.stream().anyMatch(phase -> phase.status() == status);
  }

  private static void status(Table<WatcherState, DwPhase> t) {
    t.refuse(
            850,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> begins(x) && s.ctl.isSplit(),
            no(SPLIT, "the database is split; rebuild it, then remove dmwatcher.ctl"),
            "no command for a split database")
        .refuse(
            851,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> begins(x) && !s.inst.ok(),
            no(INST_ERROR, "the instance is in error"),
            "no command for a lost instance")
        .refuse(
            852,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, TAKEOVER) && DwGroup.freshPrimary(s, now),
            no(PRIMARY_IS_OPEN, "another instance is PRIMARY and OPEN"),
            "no takeover while the primary serves by its own watcher")
        .refuse(
            853,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, TAKEOVER) && !s.inst.is(Mode.STANDBY),
            no(NOT_STANDBY, "the instance is no STANDBY"),
            "a standby takes over")
        .move(
            854,
            OPEN,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, SWITCHOVER),
            SWITCHOVER,
            enter(SWITCHOVER),
            "switchover")
        .move(
            855,
            EnumSet.of(OPEN, STARTUP),
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, TAKEOVER),
            TAKEOVER,
            enter(TAKEOVER),
            "takeover")
        .move(
            856,
            STARTUP,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, OPEN_FORCE),
            OPEN_FORCE,
            enter(OPEN_FORCE),
            "open database")
        .refuse(
            857,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, OPEN_FORCE),
            no(NOT_STARTUP, "the dmwatcher is not in STARTUP status"),
            "open database is for one that could not be opened")
        .move(
            858,
            EnumSet.of(OPEN, STARTUP),
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, CHANGE_ARCH),
            CHANGE_ARCH,
            enter(CHANGE_ARCH),
            "archives are to be changed")
        .move(
            859,
            COMMANDED,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, OPEN),
            OPEN,
            enter(OPEN),
            "the command has done its work")
        .move(
            860,
            COMMANDED,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, STARTUP),
            STARTUP,
            enter(STARTUP),
            "the command leaves the state to be found anew")
        .stay(
            861,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> to(x, s.phase),
            act(DwOrders::done),
            "it is in this state already")
        .refuse(
            862,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> is(x, MonOp.MON_SWITCH_STATUS),
            no(WRONG_STATUS, "the dmwatcher's status does not allow the command"),
            "not from this state");
  }

  // ---- statements ------------------------------------------------------------------------------

  private static void sql(Table<WatcherState, DwPhase> t) {
    t.refuse(
            864,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> ofInstance(x) && !s.inst.ok(),
            no(INST_ERROR, "the instance is in error"),
            "the instance is lost")
        .stay(
            866,
            COMMANDED,
            DwTrigger.Asked.class,
            (s, x, now) -> ofInstance(x),
            act(DwOrders::execute),
            "a statement of the command goes to the instance")
        .refuse(
            868,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> ofInstance(x),
            no(NO_SQL_NOW, "statements of a monitor need a command's status"),
            "no command is under way")
        .stay(
            869,
            EnumSet.of(
                STARTUP, OPEN, SHUTDOWN, CONFIRM, OPEN_FORCE, SWITCHOVER, TAKEOVER, CHANGE_ARCH),
            DwTrigger.Done.class,
            null,
            DwJobs::finish,
            "the last order of a job is carried out, the state stays");
  }

  private static boolean ofInstance(DwTrigger.Asked t) {
    return is(t, MonOp.MON_SQL) || is(t, MonOp.MON_ARCH_INVALID);
  }

  private static WatcherState execute(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    Step step =
        is(t, MonOp.MON_SQL)
            ? Step.sql(t.message().getText())
            : Step.to(OrderKind.ORDER_ARCH_INVALID, t.message().getText());
    return order(s, t, step, now, out);
  }

  /** One order of a monitor, which is answered at its end. */
  static WatcherState order(
      WatcherState s, DwTrigger.Asked t, Step step, Now now, List<Effect> out) {
    DwText.info(out, "Instance %s start to execute sql %s", s.instance, step.words());
    List<Step> steps = new ArrayList<>(List.of(step));
    return DwJobs.begin(s, DwJob.of(Kind.ORDER, steps, "", t), now, out);
  }
}
