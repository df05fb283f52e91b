package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.AFTER_REDO;
import static halab.systems.dsc.EpPhase.CRASH_RECV;
import static halab.systems.dsc.EpPhase.HALTING;
import static halab.systems.dsc.EpPhase.MOUNT;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.STARTUP;
import static halab.systems.dsc.EpPhase.STOPPING;
import static halab.systems.dsc.EpPhase.SUSPEND;
import static halab.systems.dsc.EpPhase.SUSPENDED;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.Role;
import halab.systems.Serving;
import halab.systems.Site;
import halab.systems.dm.DmLog;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Setting;
import halab.systems.dsc.config.DmIni;
import halab.systems.dsc.config.DmdcrIni;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * dmserver, the database instance ("EP"). It decides nothing about the cluster: it beats, does what
 * stands in its command area, and ends when Kill stands there (reference 1, 3.4, 3.6 to 3.8, 4.1).
 */
public final class Dmserver {
  private static final Set<EpPhase> SERVING = EnumSet.of(OPEN, SUSPENDED, SUSPEND, CRASH_RECV);
  static final Set<EpPhase> RUNNING =
      EnumSet.of(STARTUP, AFTER_REDO, OPENED, OPEN, MOUNT, SUSPENDED, SUSPEND, CRASH_RECV);

  /**
   * Was open for users when a crash was over: what is left of the handling it still carries out.
   */
  private static final Set<EpPhase> AFTER_CRASH =
      EnumSet.of(OPEN, MOUNT, SUSPENDED, SUSPEND, CRASH_RECV);

  /** Starts, no users being let in yet. */
  static final Set<EpPhase> STARTING = EnumSet.of(STARTUP, AFTER_REDO, OPENED);

  public static final Table<EpState, EpPhase> TABLE = table();
  public static final Role<EpState> ROLE =
      new Role<>(
          "dmserver",
          "node-daemon",
          TABLE,
          Dmserver::boot,
          DscViews::ep,
          s -> s.seat.name(),
          new DmLog("dm_", "database"),
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
          case OPEN, SUSPENDED -> Serving.Mode.OPEN; // in SUSPENDED the role has commits wait
          case MOUNT -> Serving.Mode.MOUNTED;
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
            AlterRows.AT_REST,
            EpTrigger.Ordered.class,
            (s, x, now) -> EpRows.is(x, Cmd.CMD_SUSPEND_WORKER) && s.commits.drained(),
            SUSPEND,
            Dmserver::answerSuspend,
            "SUSPEND EP WORKER THREAD: nothing is on its way")
        .move(
            272,
            AlterRows.AT_REST,
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
            276,
            SUSPEND,
            EpTrigger.Ordered.class,
            returnsTo(MOUNT, Cmd.CMD_RESUME_WORKER),
            MOUNT,
            (s, x, now, out) -> resume(s, MOUNT, x, now, out),
            "RESUME EP WORKER THREAD: back to MOUNT")
        .move(
            278,
            SUSPEND,
            EpTrigger.Ordered.class,
            returnsTo(SUSPENDED, Cmd.CMD_RESUME_WORKER),
            SUSPENDED,
            (s, x, now, out) -> resume(s, SUSPENDED, x, now, out),
            "RESUME EP WORKER THREAD: ALTER DATABASE SUSPEND is in force")
        .move(
            280,
            SUSPEND,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_RESUME_WORKER),
            OPEN,
            (s, x, now, out) -> resume(s, OPEN, x, now, out),
            "RESUME EP WORKER THREAD")
        .stay(
            290,
            EnumSet.of(OPEN, SUSPEND),
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_RECV),
            Dmserver::work,
            "EP RECV: recover for the one that returns")
        .stay(
            292,
            AdjustMaster.GOES_ON,
            EpTrigger.Ordered.class,
            AdjustMaster::over,
            Dmserver::answer,
            "ADJUST_MASTER_EP: the new control EP leads already")
        .stay(
            294,
            AdjustMaster.STANDS_STILL,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_ADJUST_MASTER_EP),
            Dmserver::work,
            "ADJUST_MASTER_EP: the new control EP asks all others, who wait for it")
        // Crash of another EP (reference 3.6, 3.7)
        .move(
            300,
            SERVING,
            EpTrigger.Ordered.class,
            (s, x, now) -> EpRows.is(x, Cmd.CMD_EP_CRASH_STEP1) && !SurvivorRows.notOpen(s),
            CRASH_RECV,
            (s, x, now, out) -> work(Settlement.freeze(s), x, now, out),
            "EP_CRASH_STEP1: phase 1, freeze and fence")
        .move(
            305,
            SurvivorRows.MAYBE_NOT_OPEN,
            EpTrigger.Ordered.class,
            (s, x, now) ->
                SurvivorRows.notOpen(s)
                    && (EpRows.is(x, Cmd.CMD_EP_CRASH_STEP1) || EpRows.is(x, Cmd.CMD_EP_CRASH)),
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
            (s, x, now) -> EpRows.is(x, Cmd.CMD_EP_CRASH) && !SurvivorRows.notOpen(s),
            CRASH_RECV,
            (s, x, now, out) -> work(Settlement.freeze(s), x, now, out),
            "EP_CRASH: all three phases in one")
        .stay(
            317,
            AFTER_CRASH,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_CMD_CLEAR),
            Dmserver::answer,
            "CMD CLEAR: nothing is left to clear")
        .move(
            319,
            CRASH_RECV,
            EpTrigger.Ordered.class,
            returnsTo(SUSPENDED, Cmd.CMD_CRASH_ROLLBACK),
            SUSPENDED,
            (s, x, now, out) -> rollback(s, SUSPENDED, x, now, out),
            "CRASH_ROLLBACK: back under ALTER DATABASE SUSPEND")
        .move(
            320,
            CRASH_RECV,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_CRASH_ROLLBACK),
            OPEN,
            (s, x, now, out) -> rollback(s, OPEN, x, now, out),
            "CRASH_ROLLBACK: as if nothing had begun")
        .stay(
            330,
            AFTER_CRASH,
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
            "this EP stops in order");
    JobRows.add(AlterRows.add(t));
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

  /** With this command it goes on; ALTER DATABASE had it in that phase before. */
  private static Table.Guard<EpState, EpTrigger.Ordered> returnsTo(EpPhase phase, Cmd cmd) {
    return (s, t, now) -> EpRows.is(t, cmd) && s.wanted == phase;
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

  private static EpState answerIn(
      EpState s, EpPhase next, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return s.learn(t.command()).answer(t.command(), 0, next.inst(), now, out);
  }

  private static EpState answerOpenCounted(
      EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return Settlement.count(answerIn(s, OPEN, t, now, out));
  }

  private static EpState suspendLater(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState known = s.learn(t.command());
    return known.withSeat(known.seat.beat(SUSPEND.inst(), now, out));
  }

  private static EpState beat(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return s.withSeat(s.seat.beat(s.phase.inst(), now, out));
  }

  private static EpState resume(
      EpState s, EpPhase next, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return Settlement.resume(answerIn(s, next, t, now, out), now, out);
  }

  private static EpState rollback(
      EpState s, EpPhase next, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return Settlement.unfreeze(answerIn(s, next, t, now, out), now, out);
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
    return answerIn(s, SUSPEND, t, now, out);
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
