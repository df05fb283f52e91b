package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.AFTER_REDO;
import static halab.systems.dsc.EpPhase.CRASH_RECV;
import static halab.systems.dsc.EpPhase.HALTING;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.STARTUP;
import static halab.systems.dsc.EpPhase.STOPPING;
import static halab.systems.dsc.EpPhase.SUSPENDED;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.List;

/**
 * The command in hand of dmserver ({@link EpJobs}): one answer after the other, until it is done
 * and the CSS is told. Rows 405 to 486.
 */
final class JobRows {
  private JobRows() {}

  static Table<EpState, EpPhase> add(Table<EpState, EpPhase> t) {
    t.move(
            405,
            STARTUP,
            Event.Tick.class,
            (s, x, now) ->
                EpJobs.doneByItself(s, now) && s.job.command().getCmd() == Cmd.CMD_EP_START2,
            AFTER_REDO,
            JobRows::finish,
            "the engine has applied the redo, the record is open")
        .stay(
            407,
            Dmserver.STARTING,
            Event.Tick.class,
            (s, x, now) ->
                EpJobs.doneByItself(s, now) && s.job.command().getCmd() == Cmd.CMD_EP_START2,
            JobRows::finish,
            "EP START2 asked again: the engine has applied the redo")
        .move(
            408,
            CRASH_RECV,
            EpTrigger.Progress.class,
            JobRows::completesCrashSuspended,
            SUSPENDED,
            (s, x, now, out) -> finishCrash(s, SUSPENDED, x, now, out),
            "the dead EP is recovered; ALTER DATABASE SUSPEND is in force")
        .move(
            410,
            CRASH_RECV,
            EpTrigger.Progress.class,
            JobRows::completesCrash,
            OPEN,
            (s, x, now, out) -> finishCrash(s, OPEN, x, now, out),
            "the dead EP is recovered")
        .move(
            412,
            CRASH_RECV,
            EpTrigger.Thawed.class,
            JobRows::completesCrashSuspended,
            SUSPENDED,
            (s, x, now, out) -> finishCrash(s, SUSPENDED, x, now, out),
            "all survivors go on; ALTER DATABASE SUSPEND is in force")
        .move(
            415,
            CRASH_RECV,
            EpTrigger.Thawed.class,
            JobRows::completesCrash,
            OPEN,
            (s, x, now, out) -> finishCrash(s, OPEN, x, now, out),
            "all survivors go on")
        .move(
            420,
            STOPPING,
            EpTrigger.Progress.class,
            completing(Cmd.CMD_EP_STOP),
            HALTING,
            JobRows::stopped,
            "the record is closed");
    CrashPolicy.row(t, 425, EpTrigger.Progress.class, JobRows::finish)
        .stay(
            430,
            Dmserver.RUNNING,
            EpTrigger.Progress.class,
            JobRows::completes,
            JobRows::finish,
            "the command is done");
    CrashPolicy.row(t, 435, EpTrigger.Frozen.class, JobRows::finish)
        .stay(
            440,
            CRASH_RECV,
            EpTrigger.Frozen.class,
            JobRows::completes,
            JobRows::finish,
            "all survivors stand still")
        .stay(
            445,
            OPENED,
            EpTrigger.Thawed.class,
            JobRows::completes,
            JobRows::finish,
            "ADJUST_MASTER_EP: all have handed the control role over")
        .stay(450, EpRows.ALIVE, EpTrigger.Progress.class, null, EpJobs::advance, "one answer more")
        .stay(
            460,
            CRASH_RECV,
            EpTrigger.Frozen.class,
            JobRows::working,
            EpJobs::advance,
            "one survivor stands still")
        .stay(
            470,
            CRASH_RECV,
            EpTrigger.Thawed.class,
            JobRows::working,
            EpJobs::advance,
            "one survivor goes on")
        .stay(
            472,
            OPENED,
            EpTrigger.Thawed.class,
            JobRows::working,
            EpJobs::advance,
            "ADJUST_MASTER_EP: one has handed the control role over")
        .stay(
            475,
            STOPPING,
            Event.Tick.class,
            (s, x, now) -> EpJobs.doneByItself(s, now),
            EpJobs::advance,
            "nothing is on its way any more, or it has waited long enough")
        .stay(
            480,
            EpRows.ALIVE,
            Event.Tick.class,
            (s, x, now) -> EpJobs.stale(s, now),
            (s, x, now, out) -> EpStages.ask(s, now, out),
            "no answer yet: ask again")
        .move(
            484,
            EpRows.ALIVE,
            EpTrigger.WorkFailed.class,
            (s, x, now) -> EpJobs.failsForGood(s),
            HALTING,
            JobRows::noData,
            "the data disk fails the command in hand, again and again")
        .stay(
            486,
            EpRows.ALIVE,
            EpTrigger.WorkFailed.class,
            null,
            (s, x, now, out) -> EpJobs.failed(s),
            "the data disk failed: it is asked again");
    return t;
  }

  private static <T> Table.Guard<EpState, T> completing(Cmd cmd) {
    return (s, t, now) ->
        s.job != null && s.job.command().getCmd() == cmd && EpJobs.completes(s, t, now);
  }

  /** The last stage of a crash handling ends with this answer. */
  private static <T> boolean completesCrash(EpState s, T t, Now now) {
    return s.job != null && EpStages.handlesCrash(s.job) && EpJobs.completes(s, t, now);
  }

  private static <T> boolean completesCrashSuspended(EpState s, T t, Now now) {
    return s.wanted == SUSPENDED && completesCrash(s, t, now);
  }

  private static <T> boolean completes(EpState s, T t, Now now) {
    return EpJobs.completes(s, t, now);
  }

  private static <T> boolean working(EpState s, T t, Now now) {
    return s.job != null;
  }

  private static <T> EpState finish(EpState s, T t, Now now, List<Effect> out) {
    EpState last = EpJobs.advance(s, t, now, out);
    Command command = last.job.command();
    EpState done =
        switch (command.getCmd()) {
          case CMD_DCR_LOAD -> EpJobs.takeDcr(last, t, out);
          case CMD_EP_START2 -> Settlement.started(last, now, out);
          case CMD_ADJUST_MASTER_EP -> last.commit(c -> c.adjusted = c.epoch);
          default -> last;
        };
    return done.answerJob(statusAfter(s, command), now, out);
  }

  private static InstStatus statusAfter(EpState s, Command command) {
    boolean redone = command.getCmd() == Cmd.CMD_EP_START2 && s.phase == STARTUP;
    return redone ? AFTER_REDO.inst() : s.phase.inst();
  }

  private static <T> EpState finishCrash(EpState s, EpPhase next, T t, Now now, List<Effect> out) {
    EpState last = EpJobs.advance(s, t, now, out);
    return CommitActs.askWaiting(last.answerJob(next.inst(), now, out), now, out);
  }

  /** An EP that stops while others live shows STOP; the whole group and the last one SHUTDOWN. */
  private static EpState stopped(EpState s, EpTrigger.Progress t, Now now, List<Effect> out) {
    boolean withGroup = s.job.command().getCmdSeq() > 0;
    boolean last = s.members.stream().allMatch(m -> m == s.seat.ep);
    out.add(new Effect.Say(Level.INFO, "nsvr_shutdown->utl_stub_sys_close 100."));
    out.add(new Effect.Say(Level.INFO, "[for dem]SYSTEM SHUTDOWN SUCCESS."));
    out.add(new Effect.Say(Level.INFO, "DM Database Server shutdown successfully."));
    out.add(new Effect.Say(Level.INFO, "nsvr_notify_exit wakeup main thread to exit"));
    EpState answered = withGroup ? s.withSeat(s.seat.answered(s.job.command().getCmdSeq(), 0)) : s;
    VtdStatus vtd = withGroup || last ? VtdStatus.VTD_SHUTDOWN : VtdStatus.VTD_STOP;
    return EpRows.lastWord(answered.with(x -> x.shown = STOPPING), vtd, ExitCode.OK, now, out);
  }

  private static EpState noData(EpState s, EpTrigger.WorkFailed t, Now now, List<Effect> out) {
    String times = " (" + CommitActs.FAILURES + " times): ";
    out.add(new Effect.Say(Level.FATAL, s.dataDisk() + " fails" + times + t.reason()));
    return EpRows.endsItself(s, now, out);
  }
}
