package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.AFTER_REDO;
import static halab.systems.dsc.EpPhase.BOOT;
import static halab.systems.dsc.EpPhase.CRASH_RECV;
import static halab.systems.dsc.EpPhase.DOWN;
import static halab.systems.dsc.EpPhase.HALTING;
import static halab.systems.dsc.EpPhase.MOUNT;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.STARTUP;
import static halab.systems.dsc.EpPhase.STOPPING;
import static halab.systems.dsc.EpPhase.SUSPEND;
import static halab.systems.dsc.EpPhase.SUSPENDED;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The rows that dmasmsvr and dmserver share: boot, the seat at the VOTE disk, Kill, and how a life
 * ends. Rows 10 to 199 stand before a role's own rows, 800 to 999 behind them.
 */
final class EpRows {
  /** Phases in which the process beats. */
  static final Set<EpPhase> ALIVE =
      EnumSet.of(
          STARTUP, AFTER_REDO, OPENED, OPEN, MOUNT, SUSPENDED, SUSPEND, CRASH_RECV, STOPPING);

  static final Set<EpPhase> ALL = EnumSet.complementOf(EnumSet.of(DOWN));

  /** How long a process that ends waits for its last status to become durable. */
  static final long LAST_WORD_MS = 1000;

  static final List<Class<?>> TRIGGERS =
      List.of(
          Event.Started.class,
          Event.Tick.class,
          EpTrigger.BootRead.class,
          EpTrigger.DcrRead.class,
          EpTrigger.SlotRead.class,
          EpTrigger.AreaRead.class,
          EpTrigger.Killed.class,
          EpTrigger.Ordered.class,
          EpTrigger.Quiet.class,
          EpTrigger.Unreadable.class,
          EpTrigger.AreaFailed.class,
          EpTrigger.SlotWritten.class,
          EpTrigger.Progress.class,
          EpTrigger.WorkFailed.class,
          EpTrigger.Freeze.class,
          EpTrigger.Frozen.class,
          EpTrigger.Thaw.class,
          EpTrigger.Thawed.class,
          EpTrigger.AsmSays.class,
          EpTrigger.AsmLink.class,
          EpTrigger.PeerLink.class,
          EpTrigger.CssLink.class,
          EpTrigger.SyncTold.class,
          EpTrigger.Alter.class,
          EpTrigger.AlterAsked.class,
          EpTrigger.AlterTold.class,
          EpTrigger.Stranger.class,
          EpTrigger.LinkAsked.class,
          EpTrigger.LinkAnswered.class,
          EpTrigger.IpTested.class,
          EpTrigger.MalIpTested.class,
          EpTrigger.Late.class,
          EpTrigger.OfCommits.class,
          EpTrigger.Commit.class,
          EpTrigger.Ask.class,
          EpTrigger.Granted.class,
          EpTrigger.Packages.class,
          EpTrigger.ShownBy.class,
          EpTrigger.Where.class,
          EpTrigger.OtherEpoch.class,
          EpTrigger.RedoDone.class,
          EpTrigger.RedoFailed.class,
          EpTrigger.RecordWritten.class,
          EpTrigger.RecordFailed.class,
          EpTrigger.RedoDamaged.class,
          EpTrigger.AppliedUpTo.class,
          EpTrigger.CheckpointDone.class,
          EpTrigger.ImageDone.class,
          EpTrigger.ImageFailed.class,
          EpTrigger.RedoFull.class,
          Event.DisksJudged.class,
          Event.Command.class,
          EpTrigger.ConsoleExit.class,
          Event.StopRequested.class);

  private EpRows() {}

  static Table<EpState, EpPhase> table(String role) {
    return new Table<>(
        role,
        EpPhase.class,
        s -> s.phase,
        EpState::withPhase,
        EpState::wakeAtMs,
        EpState::decode,
        s -> role,
        TRIGGERS);
  }

  /**
   * Rows 10 to 199.
   *
   * @param arrive what the role does once it knows the DCR (dial its peers)
   * @param ready whether it may ask the CSS to be started (STARTUP2)
   */
  static Table<EpState, EpPhase> seat(
      Table<EpState, EpPhase> table,
      Table.Action<EpState, EpTrigger.SlotRead> arrive,
      Function<EpState, Boolean> ready) {
    table
        .stay(10, BOOT, Event.Started.class, null, EpRows::begin, "a life begins: read the DCR")
        .stay(20, BOOT, EpTrigger.DcrRead.class, EpRows::good, EpRows::takeDcr, "the DCR is good")
        .move(30, BOOT, EpTrigger.DcrRead.class, null, DOWN, EpRows::refuse, "the DCR is unusable")
        .move(
            35,
            BOOT,
            EpTrigger.SlotRead.class,
            (s, t, now) -> s.seat.voteProblem(t.blocks()) != null,
            DOWN,
            EpRows::refuseVote,
            "the VOTE disk is unusable")
        .move(
            36,
            BOOT,
            EpTrigger.SlotRead.class,
            (s, t, now) -> s.seat.twinBeats(t.blocks()),
            DOWN,
            EpRows::alreadyStarted,
            "another process with this DMDCR_SEQNO beats")
        .stay(
            38,
            BOOT,
            EpTrigger.SlotRead.class,
            (s, t, now) -> s.seat.twinMayLive(t.blocks()),
            (s, t, now, out) -> s.withSeat(s.seat.watchTwin(t.blocks(), now)),
            "the slot was another host's: see whether it beats")
        .move(
            40,
            BOOT,
            EpTrigger.SlotRead.class,
            null,
            STARTUP,
            (s, t, now, out) ->
                arrive.apply(LinkChecks.selfTest(adopt(s, t, now, out), out), t, now, out),
            "own slot read: its counters go on")
        .stay(50, BOOT, EpTrigger.AreaFailed.class, null, EpRows::missed, "disk failed: try again")
        .stay(60, BOOT, Event.Tick.class, null, EpRows::askBoot, "no answer yet: ask again")
        .move(
            70, BOOT, Event.StopRequested.class, null, DOWN, EpRows::leave, "stopped before start")
        .stay(
            100,
            ALIVE,
            EpTrigger.AreaRead.class,
            (s, t, now) -> s.seat.tooOld(now) && !(t instanceof EpTrigger.Killed),
            (s, t, now, out) -> s.withSeat(s.seat.askArea(now, out)),
            "a look from before a long pause is not acted on")
        .move(110, ALIVE, EpTrigger.Killed.class, null, HALTING, EpRows::obeyKill, "Kill was read")
        .stay(
            120, ALIVE, EpTrigger.Unreadable.class, null, EpRows::unreadable, "Kill is unreadable")
        .stay(130, ALIVE, EpTrigger.AreaFailed.class, null, EpRows::missed, "the area is not read")
        .move(
            140,
            ALIVE,
            Event.Tick.class,
            (s, t, now) -> s.seat.lost(now),
            DOWN,
            EpRows::giveUp,
            "VOTE out of reach for the disk check count")
        .stay(
            143,
            LinkChecks.TESTING,
            Event.Tick.class,
            (s, t, now) -> beatDue(s, t, now) && LinkChecks.testedWithTheBeat(s, now),
            (s, t, now, out) -> look(LinkChecks.give(LinkChecks.beat(s, out)), t, now, out),
            "LINK_CHECK: who has not answered by now does not; the answer goes with the beat")
        .stay(
            145,
            LinkChecks.REPORTING,
            Event.Tick.class,
            (s, t, now) -> beatDue(s, t, now) && !LinkChecks.newlyDown(s).isEmpty(),
            (s, t, now, out) -> look(LinkChecks.beat(s, out), t, now, out),
            "a MAL link gave no answer for MAL_CONN_FAIL_INTERVAL: report it with the beat")
        .stay(
            150,
            ALIVE,
            Event.Tick.class,
            EpRows::beatDue,
            (s, t, now, out) -> look(LinkChecks.beat(s, out), t, now, out),
            "a beat is due")
        .stay(
            155,
            ALIVE,
            EpTrigger.SlotWritten.class,
            (s, t, now) -> t.durable(),
            (s, t, now, out) -> s.withSeat(s.seat.beatWritten()),
            "a heartbeat is durable")
        .stay(
            160,
            ALIVE,
            EpTrigger.Quiet.class,
            null,
            (s, t, now, out) -> quiet(s, t, ready, now, out),
            "nothing new: beat")
        .move(
            170,
            ALIVE,
            EpTrigger.CssLink.class,
            (s, t, now) -> !t.up() && s.cssSeen,
            HALTING,
            EpRows::cssGone,
            "DMDCR_CHECK_CSS_ACTIVE: the dmcss of this node is gone")
        .stay(
            172,
            ALIVE,
            EpTrigger.CssLink.class,
            null,
            (s, t, now, out) -> s.with(x -> x.cssSeen = t.up()),
            "the dmcss of this node is there, or not yet")
        .stay(
            174,
            AlterRows.AT_REST,
            EpTrigger.ConsoleExit.class,
            (s, t, now) -> s.members.contains(s.seat.ep),
            EpRows::exit,
            "exit on its console: all EPs of the group are to stop");
    return MalIpCheck.rows(LinkChecks.rows(table));
  }

  /** Rows 800 to 999: the end of a life, and what nobody needs to hear. */
  static Table<EpState, EpPhase> end(Table<EpState, EpPhase> table) {
    return table
        .stay(800, ALIVE, EpTrigger.Ordered.class, EpRows::past, EpRows::done, "already so")
        .stay(
            805,
            STOPPING,
            EpTrigger.Ordered.class,
            null,
            (s, t, now, out) -> s.withSeat(s.seat.beat(s.phase.inst(), now, out)),
            "is stopping: orders come too late")
        .refuse(810, ALIVE, EpTrigger.Ordered.class, null, EpRows::misplaced, "not in this phase")
        .move(900, HALTING, EpTrigger.SlotWritten.class, null, DOWN, EpRows::halt, "status is out")
        .move(910, HALTING, Event.Tick.class, null, DOWN, EpRows::halt, "waited long enough")
        .ignore(921, ALL, Event.Tick.class, "nothing is due")
        .ignore(922, ALL, EpTrigger.BootRead.class, "the DCR and the slot are known")
        .ignore(924, ALL, EpTrigger.AreaRead.class, "a life that ends does nothing more")
        .ignore(925, ALL, EpTrigger.AreaFailed.class, "a life that ends does nothing more")
        .ignore(926, ALL, EpTrigger.SlotWritten.class, "the next beat tries again")
        .ignore(927, ALL, EpTrigger.Progress.class, "nobody waits for it any more")
        .ignore(928, ALL, EpTrigger.LinkAsked.class, "not there yet, or not any more")
        .ignore(929, ALL, EpTrigger.LinkAnswered.class, "not there yet, or not any more")
        .ignore(930, ALL, EpTrigger.Freeze.class, "not a working member")
        .ignore(931, ALL, EpTrigger.Frozen.class, "nobody waits for it any more")
        .ignore(932, ALL, EpTrigger.Thaw.class, "not a working member")
        .ignore(933, ALL, EpTrigger.Thawed.class, "nobody waits for it any more")
        .ignore(934, ALL, EpTrigger.AsmSays.class, "no files needed now")
        .ignore(935, ALL, EpTrigger.AsmLink.class, "no files needed now")
        .ignore(936, ALL, EpTrigger.PeerLink.class, "what is asked is asked again")
        .ignore(937, ALL, EpTrigger.Stranger.class, "a message for somebody else")
        .ignore(938, ALL, EpTrigger.Late.class, "answer to a closed question")
        .ignore(941, ALL, EpTrigger.OfCommits.class, "takes no part in this commit")
        .ignore(942, ALL, EpTrigger.IpTested.class, "nobody asks any more")
        .ignore(943, ALL, EpTrigger.CssLink.class, "a life that ends does nothing more")
        .ignore(944, ALL, EpTrigger.SyncTold.class, "the same, or nothing to compare")
        .ignore(945, ALL, EpTrigger.WorkFailed.class, "asked again by itself, or nobody waits")
        .ignore(946, ALL, EpTrigger.AlterAsked.class, "cannot tell or change its status now")
        .ignore(947, ALL, EpTrigger.AlterTold.class, "nobody waits for it any more")
        .ignore(948, ALL, EpTrigger.MalIpTested.class, "a life that ends does nothing more")
        .ignore(949, ALL, Event.DisksJudged.class, "the CSS shows it")
        .refuse(950, ALL, Event.Command.class, null, EpRows::noConsole, "no console words here")
        .ignore(951, ALL, Event.StopRequested.class, "is ending already")
        .refuse(952, ALL, EpTrigger.Alter.class, null, AlterRows::notNow, "not at rest: repeat it")
        .refuse(
            954, ALL, EpTrigger.ConsoleExit.class, null, EpRows::noExit, "no member, or not OPEN");
  }

  // ---- boot -------------------------------------------------------------------------------------

  private static EpState begin(EpState s, Event.Started t, Now now, List<Effect> out) {
    EpSeat seat =
        s.seat.with(
            x -> {
              x.incarnation = t.incarnation();
              x.pid = t.pid();
            });
    return s.withSeat(seat.askDcr(now, out));
  }

  private static boolean good(EpState s, EpTrigger.DcrRead t, Now now) {
    return dcrProblem(s.seat, t.blocks()) == null;
  }

  /** Why this process cannot work with the DCR as read, with the remedy; null: it can. */
  static String dcrProblem(EpSeat seat, List<Block> blocks) {
    try {
      DcrImage dcr = DcrLayout.read(blocks);
      return seat.ep < dcr.getGroup(seat.group).getNEp()
          ? null
          : "dmdcr.ini: DMDCR_SEQNO = "
              + seat.ep
              + ", but the DCR knows only "
              + dcr.getGroup(seat.group).getNEp()
              + " EPs in "
              + dcr.getGroup(seat.group).getName()
              + "; correct DMDCR_SEQNO";
    } catch (DcrLayout.Unreadable e) {
      return e.getMessage();
    }
  }

  private static EpState takeDcr(EpState s, EpTrigger.DcrRead t, Now now, List<Effect> out) {
    try {
      DcrImage dcr = DcrLayout.read(t.blocks());
      EpSeat.sayDamaged("DCR", DcrLayout.damages(t.blocks(), 0, DcrLayout.USED), out);
      return s.withSeat(s.seat.with(x -> x.dcr = dcr).askSlot(now, out));
    } catch (DcrLayout.Unreadable e) {
      throw new IllegalStateException(e);
    }
  }

  private static EpState refuse(EpState s, EpTrigger.DcrRead t, Now now, List<Effect> out) {
    String problem = dcrProblem(s.seat, t.blocks());
    out.add(new Effect.Say(Level.FATAL, problem));
    out.add(new Effect.Halt(ExitCode.CONFIG, problem));
    return s;
  }

  private static EpState refuseVote(EpState s, EpTrigger.SlotRead t, Now now, List<Effect> out) {
    String problem = s.seat.voteProblem(t.blocks());
    out.add(new Effect.Say(Level.FATAL, problem));
    out.add(new Effect.Halt(ExitCode.CONFIG, problem));
    return s;
  }

  private static EpState alreadyStarted(
      EpState s, EpTrigger.SlotRead t, Now now, List<Effect> out) {
    String problem = DscText.alreadyStarted(s.seat.name(), s.seat.twinHost(t.blocks()));
    out.add(new Effect.Say(Level.FATAL, problem));
    out.add(new Effect.Halt(ExitCode.CONFIG, problem));
    return s;
  }

  private static EpState adopt(EpState s, EpTrigger.SlotRead t, Now now, List<Effect> out) {
    EpSeat.sayDamaged("VOTE", DcrLayout.damages(t.blocks(), 0, 2), out);
    return s.withSeat(s.seat.adopt(t.blocks(), now));
  }

  /** With DMDCR_CHECK_CSS_ACTIVE it lives by its link to the dmcss of its node. */
  static void dialCss(EpState s, List<Effect> out) {
    if (s.checkCss) {
      out.add(new Effect.Connect(s.css()));
    }
  }

  private static EpState askBoot(EpState s, Event.Tick t, Now now, List<Effect> out) {
    return s.withSeat(s.seat.dcr == null ? s.seat.askDcr(now, out) : s.seat.askSlot(now, out));
  }

  // ---- the seat ---------------------------------------------------------------------------------

  private static EpState missed(EpState s, EpTrigger.AreaFailed t, Now now, List<Effect> out) {
    return s.withSeat(s.seat.missed(now, out));
  }

  private static EpState unreadable(EpState s, EpTrigger.Unreadable t, Now now, List<Effect> out) {
    return s.withSeat(s.seat.unreadable(t.damage(), now, out));
  }

  private static boolean beatDue(EpState s, Event.Tick t, Now now) {
    return now.monoMs() >= s.seat.nextTickMs;
  }

  private static EpState look(EpState s, Event.Tick t, Now now, List<Effect> out) {
    EpState checked = MalIpCheck.beat(s, now, out);
    EpSeat seat = checked.seat.asking ? checked.seat.missed(now, out) : checked.seat;
    return checked.withSeat(seat.askArea(now, out));
  }

  private static EpState quiet(
      EpState s, EpTrigger.Quiet t, Function<EpState, Boolean> ready, Now now, List<Effect> out) {
    EpSeat seat = t.command() == null ? s.seat : s.seat.heard(t.command());
    boolean asks = s.phase == STARTUP && ready.apply(s);
    VtdStatus vtd = seat.vtd == VtdStatus.VTD_STARTUP && asks ? VtdStatus.VTD_STARTUP2 : seat.vtd;
    EpSeat next =
        seat.with(
            x -> {
              x.vtd = vtd;
              x.firstModifiedLsn = CheckpointActs.firstModified(s);
              x.crashLsn = CheckpointActs.crashLsn(s);
            });
    return s.withSeat(next.beat(s.phase.inst(), now, out));
  }

  // ---- commands ---------------------------------------------------------------------------------

  /** A command whose outcome is already there: asked again by a new control CSS. */
  private static boolean past(EpState s, EpTrigger.Ordered t, Now now) {
    return switch (t.command().getCmd()) {
      case CMD_START_NOTIFY, CMD_EP_START, CMD_EP_START2 -> s.phase != STOPPING;
      case CMD_EP_OPEN -> s.phase == OPENED || s.phase == OPEN;
      case CMD_EP_REAL_OPEN, CMD_RESUME_WORKER, CMD_CRASH_ROLLBACK ->
          AlterRows.AT_REST.contains(s.phase);
      case CMD_SUSPEND_WORKER -> s.phase == SUSPEND; // dmserver: and drained (row 274)
      default -> false;
    };
  }

  private static EpState done(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return s.learn(t.command()).answer(t.command(), 0, s.phase.inst(), now, out);
  }

  private static EpState misplaced(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    out.add(
        new Effect.Say(
            Level.WARNING,
            DscText.misplaced(t.command().getCmd(), t.command().getCmdSeq(), s.phase.inst())));
    return s.learn(t.command()).answer(t.command(), 1, s.phase.inst(), now, out);
  }

  static boolean is(EpTrigger.Ordered t, Cmd cmd) {
    return t.command().getCmd() == cmd;
  }

  private static EpState exit(EpState s, EpTrigger.ConsoleExit t, Now now, List<Effect> out) {
    String when = s.seat.group == 1 ? ", as soon as no DB EP is left" : "";
    out.add(new Effect.Reply(t.request(), ExitCode.OK, "all EPs of the group stop" + when, true));
    EpSeat seat = s.seat.with(x -> x.stopGroup = true);
    return s.withSeat(seat.writeSlot(s.phase.inst(), now, out));
  }

  private static EpState noExit(EpState s, EpTrigger.ConsoleExit t, Now now, List<Effect> out) {
    String why = s.self + " is no open member of its group; use stop or kill of halab";
    out.add(new Effect.Reply(t.request(), ExitCode.NO, why, true));
    return s;
  }

  private static EpState noConsole(EpState s, Event.Command t, Now now, List<Effect> out) {
    out.add(
        new Effect.Reply(
            t.requestId(),
            ExitCode.NO,
            s.self + " knows one console word only: exit; use dmcssm, or stop and kill of halab",
            true));
    return s;
  }

  // ---- the end ----------------------------------------------------------------------------------

  private static EpState obeyKill(EpState s, EpTrigger.Killed t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, "VTD_CMD_SYS_HALT"));
    if (s.seat.group == VoteLayout.seq(halab.dsc.proto.GroupType.DB)) {
      out.add(new Effect.Say(Level.FATAL, "[for dem]SYSTEM SHUTDOWN ABORT."));
    }
    return lastWord(s, VtdStatus.VTD_SYSHALT, ExitCode.KILLED_BY_PEER, now, out);
  }

  private static EpState cssGone(EpState s, EpTrigger.CssLink t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, s.css() + " is not active (DMDCR_CHECK_CSS_ACTIVE = 1)"));
    return endsItself(s, now, out);
  }

  /** Ends by its own decision, as a halt. */
  static EpState endsItself(EpState s, Now now, List<Effect> out) {
    if (s.seat.group == VoteLayout.seq(halab.dsc.proto.GroupType.DB)) {
      out.add(new Effect.Say(Level.FATAL, "[for dem]SYSTEM SHUTDOWN ABORT."));
    }
    return lastWord(s, VtdStatus.VTD_SYSHALT, ExitCode.SELF_FENCED, now, out);
  }

  /** Shows a last vtd_status in the slot, then ends. inst_status stays what it was. */
  static EpState lastWord(EpState s, VtdStatus vtd, int exitCode, Now now, List<Effect> out) {
    EpSeat seat = s.seat.with(x -> x.vtd = vtd).writeSlot(s.shown.inst(), now, out);
    return s.with(
        x -> {
          x.seat = seat;
          x.job = null;
          x.exitCode = exitCode;
          x.haltByMs = now.monoMs() + LAST_WORD_MS;
        });
  }

  private static EpState giveUp(EpState s, Event.Tick t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, DscText.noVotingDisk(s.seat.name())));
    out.add(new Effect.Say(Level.FATAL, DscText.heartbeatHalt(s.phase.inst(), s.seat.vtd)));
    out.add(
        new Effect.Halt(
            ExitCode.SELF_FENCED, "VOTE out of reach for " + s.seat.diskCheckMs() + " ms"));
    return s;
  }

  private static <T> EpState halt(EpState s, T t, Now now, List<Effect> out) {
    out.add(new Effect.Halt(s.exitCode, DscText.vtd(s.seat.vtd)));
    return s;
  }

  private static EpState leave(EpState s, Event.StopRequested t, Now now, List<Effect> out) {
    out.add(new Effect.Halt(ExitCode.OK, "stopped before it was started"));
    return s;
  }
}
