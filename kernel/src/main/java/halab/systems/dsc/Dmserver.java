package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.AFTER_REDO;
import static halab.systems.dsc.EpPhase.CRASH_RECV;
import static halab.systems.dsc.EpPhase.HALTING;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.STARTUP;
import static halab.systems.dsc.EpPhase.STOPPING;
import static halab.systems.dsc.EpPhase.SUSPEND;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.Role;
import halab.systems.Serving;
import halab.systems.Site;
import halab.systems.dsc.config.DmIni;
import halab.systems.dsc.config.DmdcrIni;
import halab.systems.dsc.config.MalIni;
import halab.systems.dsc.config.Setting;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * dmserver, the database instance ("EP"). It decides nothing about the cluster: it beats, does what
 * stands in its command area, and ends when Kill stands there (reference 1, 3.4, 3.6 to 3.8, 4.1).
 */
public final class Dmserver {
  private static final Set<EpPhase> SERVING = EnumSet.of(OPEN, SUSPEND, CRASH_RECV);
  private static final Set<EpPhase> RUNNING =
      EnumSet.of(STARTUP, AFTER_REDO, OPENED, OPEN, SUSPEND, CRASH_RECV);

  /** Starts, no users being let in yet. */
  private static final Set<EpPhase> STARTING = EnumSet.of(STARTUP, AFTER_REDO, OPENED);

  public static final Table<EpState, EpPhase> TABLE = table();
  public static final Role<EpState> ROLE =
      new Role<>(
          "dmserver",
          "node-daemon",
          TABLE,
          Dmserver::boot,
          DscViews::ep,
          s -> s.seat.name(),
          new DscLog("database"),
          new Role.Data<>(Dmserver::serving, DscSqlViews.ALL));

  private Dmserver() {}

  private static EpState boot(Site site) {
    DmdcrIni dmdcr = DmdcrIni.read(site.files());
    MalIni mal = MalIni.read(site.files(), MalIni.DB_FILE);
    EpSeat seat =
        new EpSeat(
            site.self().host(), dmdcr.dmdcrPath(), VoteLayout.seq(GroupType.DB), dmdcr.seqno());
    DmIni dm = DmIni.read(site.files());
    List<Setting> dmIni = DmIni.settings(site.files());
    seat.syncDigest = MustSync.digest(dmIni);
    return new EpState(site.self(), seat, mal, dmdcr.linkCheckIp())
        .with(
            s -> {
              s.checkpointMs = 1000L * dm.ckptIntervalS();
              s.crashRecvPolicy = dm.crashRecvPolicy();
              s.checkCss = dmdcr.checkCssActive();
              s.dmIni = dmIni;
              s.dmdcrIni = DmdcrIni.settings(site.files());
            });
  }

  /** Whether and until when users are answered. */
  static Serving serving(EpState s) {
    Serving.Mode mode =
        switch (s.phase) {
          case BOOT, STARTUP, AFTER_REDO, OPENED -> Serving.Mode.STARTING;
          case OPEN -> Serving.Mode.OPEN;
          case SUSPEND -> Serving.Mode.SUSPENDED;
          case CRASH_RECV -> s.crashServes ? Serving.Mode.OPEN : Serving.Mode.SUSPENDED;
          case STOPPING, HALTING, DOWN -> Serving.Mode.CLOSED;
        };
    return new Serving(mode, s.seat.dcr == null ? 0 : s.seat.trustedUntilMs());
  }

  private static Table<EpState, EpPhase> table() {
    Table<EpState, EpPhase> t = EpRows.table("dmserver");
    EpRows.seat(t, Dmserver::dialPeers, s -> s.asmOpen);
    // Start of the group, rejoin (reference 3.8, 3.11)
    t.stay(
            200,
            STARTUP,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_START_NOTIFY),
            Dmserver::answer,
            "START NOTIFY")
        .stay(
            210,
            RUNNING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_DCR_LOAD),
            Dmserver::work,
            "DCR_LOAD: read the DCR again")
        .stay(
            220,
            RUNNING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_ERROR_EP_ADD),
            Dmserver::answer,
            "ERROR EP ADD: a member more")
        .stay(
            230,
            STARTUP,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_START),
            Dmserver::epStart,
            "EP START: look at the data disk")
        .stay(
            240,
            STARTING,
            EpTrigger.Ordered.class,
            (s, x, now) -> startsWith(x.command()) && !staleStart(s, x, now),
            Dmserver::work,
            "EP START2: redo; asked again, the order may have another end and control EP")
        .move(
            245,
            RUNNING,
            EpTrigger.Ordered.class,
            Dmserver::staleStart,
            HALTING,
            Dmserver::givesUpStart,
            "EP START2 does not go on from what this life began: begin anew")
        .move(
            250,
            AFTER_REDO,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_OPEN),
            OPENED,
            Dmserver::answerOpenCounted,
            "EP OPEN: open inside")
        .move(
            260,
            OPENED,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_REAL_OPEN),
            OPEN,
            Dmserver::answerOpenCounted,
            "EP REAL OPEN: open for users")
        .move(
            270,
            OPEN,
            EpTrigger.Ordered.class,
            (s, x, now) -> EpRows.is(x, Cmd.CMD_SUSPEND_WORKER) && s.commits.drained(),
            SUSPEND,
            Dmserver::answerSuspend,
            "SUSPEND EP WORKER THREAD: nothing is on its way")
        .move(
            272,
            OPEN,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_SUSPEND_WORKER),
            SUSPEND,
            Dmserver::suspendLater,
            "SUSPEND EP WORKER THREAD: commits are on their way")
        .stay(
            274,
            SUSPEND,
            EpTrigger.Ordered.class,
            (s, x, now) -> EpRows.is(x, Cmd.CMD_SUSPEND_WORKER) && !s.commits.drained(),
            Dmserver::beat,
            "commits are still on their way: no answer yet")
        .move(
            280,
            SUSPEND,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_RESUME_WORKER),
            OPEN,
            Dmserver::resume,
            "RESUME EP WORKER THREAD")
        .stay(
            290,
            EnumSet.of(OPEN, SUSPEND),
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_RECV),
            Dmserver::work,
            "EP RECV: recover for the one that returns")
        // Crash of another EP (reference 3.6, 3.7)
        .move(
            300,
            SERVING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_CRASH_STEP1),
            CRASH_RECV,
            (s, x, now, out) -> work(Settlement.freeze(s), x, now, out),
            "EP_CRASH_STEP1: phase 1, freeze and fence")
        .move(
            305,
            SurvivorRows.NOT_OPEN,
            EpTrigger.Ordered.class,
            (s, x, now) -> EpRows.is(x, Cmd.CMD_EP_CRASH_STEP1) || EpRows.is(x, Cmd.CMD_EP_CRASH),
            HALTING,
            SurvivorRows::cannotGoOn,
            "is not open: the handling cannot go on with it")
        .stay(
            310,
            CRASH_RECV,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_CRASH_STEP2),
            Dmserver::work,
            "EP_CRASH_STEP2: phases 2 and 3")
        .move(
            315,
            SERVING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_CRASH),
            CRASH_RECV,
            (s, x, now, out) -> work(Settlement.freeze(s), x, now, out),
            "EP_CRASH: all three phases in one")
        .stay(
            317,
            SERVING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_CMD_CLEAR),
            Dmserver::answer,
            "CMD CLEAR: nothing is left to clear")
        .move(
            320,
            CRASH_RECV,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_CRASH_ROLLBACK),
            OPEN,
            (s, x, now, out) -> Settlement.unfreeze(answerOpen(s, x, now, out), now, out),
            "CRASH_ROLLBACK: as if nothing had begun")
        .stay(
            330,
            SERVING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_CONFIG_VIP),
            Dmserver::configVip,
            "CONFIG VIP: listen, or listen no more")
        .move(
            340,
            RUNNING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_STOP),
            STOPPING,
            Dmserver::stopWithGroup,
            "EP STOP: the group stops in order")
        .move(
            345,
            CRASH_RECV,
            Event.StopRequested.class,
            null,
            HALTING,
            Dmserver::stoppedTooSoon,
            "stopped before the handling of another EP's end is over: dies as a halt")
        .move(
            350,
            RUNNING,
            Event.StopRequested.class,
            null,
            STOPPING,
            Dmserver::stopAlone,
            "this EP stops in order")
        // Work in hand
        .move(
            405,
            STARTUP,
            Event.Tick.class,
            (s, x, now) ->
                EpJobs.doneByItself(s, now) && s.job.command().getCmd() == Cmd.CMD_EP_START2,
            AFTER_REDO,
            Dmserver::finish,
            "the engine has applied the redo, the record is open")
        .stay(
            407,
            STARTING,
            Event.Tick.class,
            (s, x, now) ->
                EpJobs.doneByItself(s, now) && s.job.command().getCmd() == Cmd.CMD_EP_START2,
            Dmserver::finish,
            "EP START2 asked again: the engine has applied the redo")
        .move(
            410,
            CRASH_RECV,
            EpTrigger.Progress.class,
            Dmserver::completesCrash,
            OPEN,
            Dmserver::finishOpen,
            "the dead EP is recovered")
        .move(
            415,
            CRASH_RECV,
            EpTrigger.Thawed.class,
            Dmserver::completesCrash,
            OPEN,
            Dmserver::finishOpen,
            "all survivors go on")
        .move(
            420,
            STOPPING,
            EpTrigger.Progress.class,
            completing(Cmd.CMD_EP_STOP),
            HALTING,
            Dmserver::stopped,
            "the record is closed");
    CrashPolicy.row(t, 425, EpTrigger.Progress.class, Dmserver::finish)
        .stay(
            430,
            RUNNING,
            EpTrigger.Progress.class,
            Dmserver::completes,
            Dmserver::finish,
            "the command is done");
    CrashPolicy.row(t, 435, EpTrigger.Frozen.class, Dmserver::finish)
        .stay(
            440,
            CRASH_RECV,
            EpTrigger.Frozen.class,
            Dmserver::completes,
            Dmserver::finish,
            "all survivors stand still")
        .stay(450, EpRows.ALIVE, EpTrigger.Progress.class, null, EpJobs::advance, "one answer more")
        .stay(
            460,
            CRASH_RECV,
            EpTrigger.Frozen.class,
            Dmserver::working,
            EpJobs::advance,
            "one survivor stands still")
        .stay(
            470,
            CRASH_RECV,
            EpTrigger.Thawed.class,
            Dmserver::working,
            EpJobs::advance,
            "one survivor goes on")
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
            Dmserver::noData,
            "the data disk fails the command in hand, again and again")
        .stay(
            486,
            EpRows.ALIVE,
            EpTrigger.WorkFailed.class,
            null,
            (s, x, now, out) -> EpJobs.failed(s),
            "the data disk failed: it is asked again");
    SurvivorRows.add(t)
        // Files come from the dmasmsvr of the node
        .stay(
            600,
            EpRows.ALIVE,
            EpTrigger.AsmSays.class,
            null,
            (s, x, now, out) -> s.with(n -> n.asmOpen = x.open()),
            "dmasmsvr says whether files can be used")
        .move(
            610,
            EpRows.ALIVE,
            EpTrigger.AsmLink.class,
            Dmserver::asmGone,
            HALTING,
            Dmserver::noFiles,
            "dmasmsvr is gone: no file access")
        .stay(
            620,
            EpRows.ALIVE,
            EpTrigger.AsmLink.class,
            null,
            (s, x, now, out) -> s,
            "dmasmsvr came, or never was there");
    return EpRows.end(CommitRows.add(MustSync.rows(t)));
  }

  private static Table.Guard<EpState, EpTrigger.Ordered> is(Cmd cmd) {
    return (s, t, now) -> EpRows.is(t, cmd);
  }

  private static <T> Table.Guard<EpState, T> completing(Cmd cmd) {
    return (s, t, now) ->
        s.job != null && s.job.command().getCmd() == cmd && EpJobs.completes(s, t, now);
  }

  /** The last stage of a crash handling ends with this answer. */
  private static <T> boolean completesCrash(EpState s, T t, Now now) {
    return s.job != null && EpStages.handlesCrash(s.job) && EpJobs.completes(s, t, now);
  }

  private static <T> boolean completes(EpState s, T t, Now now) {
    return EpJobs.completes(s, t, now);
  }

  private static <T> boolean working(EpState s, T t, Now now) {
    return s.job != null;
  }

  /** The EP with the lower seqno dials, so that a pair has one stream. */
  private static EpState dialPeers(EpState s, EpTrigger.SlotRead t, Now now, List<Effect> out) {
    out.add(new Effect.Connect(s.asm()));
    EpRows.dialCss(s, out);
    EpState known = s.withPeers();
    known.peers.forEach(
        (seqno, peer) -> {
          MustSync.tell(known, peer, out); // whose link stood before
          if (seqno > s.seat.ep) {
            out.add(new Effect.Connect(peer));
          }
        });
    return known;
  }

  // ---- commands ---------------------------------------------------------------------------------

  private static EpState answer(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return s.learn(t.command()).answer(t.command(), 0, s.phase.inst(), now, out);
  }

  private static EpState answerOpen(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return s.learn(t.command()).answer(t.command(), 0, OPEN.inst(), now, out);
  }

  private static EpState answerOpenCounted(
      EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return Settlement.count(answerOpen(s, t, now, out));
  }

  private static EpState suspendLater(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState known = s.learn(t.command());
    return known.withSeat(known.seat.beat(SUSPEND.inst(), now, out));
  }

  private static EpState beat(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return s.withSeat(s.seat.beat(s.phase.inst(), now, out));
  }

  private static EpState resume(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return Settlement.resume(answerOpen(s, t, now, out), now, out);
  }

  /**
   * The start begins anew under another control EP, or although users were let in already: what was
   * granted since and to whom, a new start cannot know.
   */
  private static boolean staleStart(EpState s, EpTrigger.Ordered t, Now now) {
    if (!startsWith(t.command())) {
      return false;
    }
    int control = t.command().getControl();
    return switch (s.phase) {
      case STARTUP -> s.job != null && startsWith(s.job.command()) && control != s.control;
      case AFTER_REDO, OPENED ->
          control != s.commits.control || s.commits.position() < s.commits.known;
      default -> true;
    };
  }

  private static boolean startsWith(Command command) {
    return command.getCmd() == Cmd.CMD_EP_START2;
  }

  private static EpState givesUpStart(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, DscText.staleStart(s.control, t.command())));
    return EpRows.endsItself(s, now, out);
  }

  private static EpState answerSuspend(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return s.learn(t.command()).answer(t.command(), 0, SUSPEND.inst(), now, out);
  }

  /** Begins a command that takes more than the moment, and beats. */
  private static EpState work(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState begun = EpJobs.start(s.learn(t.command()), t.command(), now, out);
    return begun.withSeat(begun.seat.beat(s.phase.inst(), now, out));
  }

  private static EpState epStart(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return work(s.withSeat(s.seat.with(x -> x.vtd = VtdStatus.VTD_WORKING)), t, now, out);
  }

  private static EpState configVip(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    List<Integer> vips = new ArrayList<>(s.vips);
    vips.removeAll(t.command().getEpList());
    if (t.command().getVipUp()) {
      vips.addAll(t.command().getEpList());
    }
    return answer(s.with(x -> x.vips = List.copyOf(vips)), t, now, out);
  }

  private static EpState stopWithGroup(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState only = CommitActs.refuseWaiting(s, out);
    return work(only.withSeat(s.seat.with(x -> x.vtd = VtdStatus.VTD_TO_SHUTDOWN)), t, now, out);
  }

  /** As the vendor's services do when two stops overlap (reference 3.12, drill 32). */
  private static EpState stoppedTooSoon(
      EpState s, Event.StopRequested t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "sigterm_handler receive sigal 15"));
    return EpRows.endsItself(s, now, out);
  }

  private static EpState stopAlone(EpState s, Event.StopRequested t, Now now, List<Effect> out) {
    Command stop = Command.newBuilder().setCmd(Cmd.CMD_EP_STOP).build();
    EpState only = CommitActs.refuseWaiting(s, out);
    EpState stopping = only.withSeat(s.seat.with(x -> x.vtd = VtdStatus.VTD_TO_SHUTDOWN));
    return EpJobs.start(stopping, stop, now, out);
  }

  // ---- work in hand -----------------------------------------------------------------------------

  private static <T> EpState finish(EpState s, T t, Now now, List<Effect> out) {
    EpState last = EpJobs.advance(s, t, now, out);
    Command command = last.job.command();
    EpState done =
        switch (command.getCmd()) {
          case CMD_DCR_LOAD -> EpJobs.takeDcr(last, t, out);
          case CMD_EP_START2 -> Settlement.started(last, now, out);
          default -> last;
        };
    return done.answerJob(statusAfter(s, command), now, out);
  }

  private static InstStatus statusAfter(EpState s, Command command) {
    boolean redone = command.getCmd() == Cmd.CMD_EP_START2 && s.phase == STARTUP;
    return redone ? AFTER_REDO.inst() : s.phase.inst();
  }

  private static <T> EpState finishOpen(EpState s, T t, Now now, List<Effect> out) {
    EpState last = EpJobs.advance(s, t, now, out);
    return CommitActs.askWaiting(last.answerJob(OPEN.inst(), now, out), now, out);
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

  // ---- files ------------------------------------------------------------------------------------

  private static boolean asmGone(EpState s, EpTrigger.AsmLink t, Now now) {
    return !t.up() && s.asmOpen;
  }

  private static EpState noFiles(EpState s, EpTrigger.AsmLink t, Now now, List<Effect> out) {
    Endpoint asm = s.asm();
    out.add(new Effect.Say(Level.FATAL, "[code: -11041] ASM connection broken (" + asm + ")"));
    return EpRows.endsItself(s, now, out);
  }
}
