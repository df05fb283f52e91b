package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.AFTER_REDO;
import static halab.systems.dsc.EpPhase.CRASH_RECV;
import static halab.systems.dsc.EpPhase.HALTING;
import static halab.systems.dsc.EpPhase.MOUNT;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.SUSPEND;
import static halab.systems.dsc.EpPhase.SUSPENDED;

import halab.dsc.proto.MalFrozen;
import halab.dsc.proto.MalThawed;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A survivor of a crash that the control EP leads over MAL (reference 3.7, 4.3): it stands still
 * and goes on when it is told. Rows 500 to 540 of dmserver.
 */
final class SurvivorRows {
  /** In MOUNT, and on the way to OPEN. */
  static final Set<EpPhase> NOT_OPEN = EnumSet.of(AFTER_REDO, OPENED, MOUNT);

  /** One of them may be in the middle of a rejoin. */
  static final Set<EpPhase> MAYBE_NOT_OPEN = EnumSet.of(AFTER_REDO, OPENED, MOUNT, SUSPEND);

  private static final Set<EpPhase> SERVING = EnumSet.of(OPEN, SUSPENDED, SUSPEND, CRASH_RECV);

  private SurvivorRows() {}

  static Table<EpState, EpPhase> add(Table<EpState, EpPhase> t) {
    return t.stay(
            500,
            SERVING,
            EpTrigger.Freeze.class,
            SurvivorRows::thawedBefore,
            null,
            "an old freeze, come late")
        .move(
            505,
            MAYBE_NOT_OPEN,
            EpTrigger.Freeze.class,
            (s, x, now) -> notOpen(s) && s.members.contains(s.seat.ep) && !thawedBefore(s, x, now),
            HALTING,
            SurvivorRows::cannotGoOn,
            "is not open: the handling cannot go on with it")
        .move(
            510,
            EnumSet.of(OPEN, SUSPENDED, SUSPEND),
            EpTrigger.Freeze.class,
            null,
            CRASH_RECV,
            SurvivorRows::frozen,
            "stand still, led by the control EP")
        .stay(
            520,
            CRASH_RECV,
            EpTrigger.Freeze.class,
            null,
            SurvivorRows::frozen,
            "stands still already")
        .move(
            525,
            CRASH_RECV,
            EpTrigger.Thaw.class,
            (s, x, now) -> led(s, x, now) && s.wanted == SUSPENDED,
            SUSPENDED,
            (s, x, now, out) -> Settlement.adopt(thawed(s, x, now, out), x.message(), now, out),
            "go on, led by the control EP; ALTER DATABASE SUSPEND is in force")
        .move(
            530,
            CRASH_RECV,
            EpTrigger.Thaw.class,
            SurvivorRows::led,
            OPEN,
            (s, x, now, out) -> Settlement.adopt(thawed(s, x, now, out), x.message(), now, out),
            "go on, led by the control EP")
        .stay(
            535,
            SUSPEND,
            EpTrigger.Thaw.class,
            AdjustMaster::awaited,
            (s, x, now, out) ->
                AdjustMaster.handOver(thawed(s, x, now, out), x.message(), now, out),
            "the control role goes to the EP that returns; workers stand still")
        .stay(
            540,
            EnumSet.of(OPEN, MOUNT, SUSPENDED, SUSPEND),
            EpTrigger.Thaw.class,
            null,
            SurvivorRows::thawed,
            "goes on already");
  }

  /** Not open for users, nor was it before somebody's rejoin. */
  static boolean notOpen(EpState s) {
    return NOT_OPEN.contains(s.phase) || s.wanted == MOUNT;
  }

  /** From an earlier handling: this EP was thawed, or has been given commands, since. */
  private static boolean thawedBefore(EpState s, EpTrigger.Freeze t, Now now) {
    return t.cmdSeq() <= s.thawedSeq || t.cmdSeq() < s.seat.doneSeq;
  }

  /** Who leads goes on by its own last step. One EP_CRASH freezes and thaws by one number. */
  private static boolean led(EpState s, EpTrigger.Thaw t, Now now) {
    return s.job == null && t.cmdSeq() > s.seat.doneSeq && t.cmdSeq() >= s.frozenSeq;
  }

  private static EpState frozen(EpState s, EpTrigger.Freeze t, Now now, List<Effect> out) {
    out.add(new Effect.Send(t.from(), MalFrozen.newBuilder().setCmdSeq(t.cmdSeq()).build()));
    return Settlement.freeze(s.with(x -> x.frozenSeq = Math.max(s.frozenSeq, t.cmdSeq())));
  }

  private static EpState thawed(EpState s, EpTrigger.Thaw t, Now now, List<Effect> out) {
    out.add(new Effect.Send(t.from(), MalThawed.newBuilder().setCmdSeq(t.cmdSeq()).build()));
    return s.with(x -> x.thawedSeq = Math.max(s.thawedSeq, t.cmdSeq()));
  }

  /** A survivor that has not come to OPEN cannot take part (reference 4.3). */
  static <T> EpState cannotGoOn(EpState s, T t, Now now, List<Effect> out) {
    EpPhase stands = s.wanted == MOUNT ? MOUNT : s.phase;
    String status = DscText.inst(stands.inst());
    out.add(new Effect.Say(Level.FATAL, "crash handling cannot go on with this EP in " + status));
    return EpRows.endsItself(s, now, out);
  }
}
