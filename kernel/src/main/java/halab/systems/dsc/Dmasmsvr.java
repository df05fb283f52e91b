package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.CRASH_RECV;
import static halab.systems.dsc.EpPhase.DOWN;
import static halab.systems.dsc.EpPhase.HALTING;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.STARTUP;
import static halab.systems.dsc.EpPhase.SUSPEND;

import halab.dsc.proto.AsmState;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.dm.DmLog;
import halab.systems.dm.config.MalIni;
import halab.systems.dsc.config.DmdcrIni;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * dmasmsvr, the shared file system server of a node. Like dmserver it only beats and obeys; the
 * dmserver of its node lives by its link to it (reference 1.1, 1.2, 3.9, 3.11).
 */
public final class Dmasmsvr {
  private static final Set<EpPhase> RUNNING = EnumSet.of(STARTUP, OPENED, OPEN, SUSPEND);
  private static final Set<EpPhase> SERVING = EnumSet.of(OPEN, SUSPEND);

  public static final Table<EpState, EpPhase> TABLE = table();
  public static final Role<EpState> ROLE =
      new Role<>(
          "dmasmsvr",
          "node-daemon",
          TABLE,
          Dmasmsvr::boot,
          DscViews::ep,
          s -> s.seat.name(),
          new DmLog("dm_", "dmasmsvr"));

  private Dmasmsvr() {}

  private static EpState boot(Site site) {
    DmdcrIni dmdcr = DmdcrIni.read(site.files());
    MalIni mal = MalIni.read(site.files(), MalIni.ASM_FILE);
    EpSeat seat =
        new EpSeat(
            site.self().host(), dmdcr.dmdcrPath(), VoteLayout.seq(GroupType.ASM), dmdcr.seqno());
    return new EpState(site.self(), seat, mal, dmdcr.linkCheckIp())
        .with(s -> s.checkCss = dmdcr.checkCssActive());
  }

  private static Table<EpState, EpPhase> table() {
    Table<EpState, EpPhase> t = EpRows.table("dmasmsvr");
    EpRows.seat(t, Dmasmsvr::dialPeers, s -> true);
    // Start of the group, rejoin (reference 3.9, 3.11)
    t.stay(
            200,
            STARTUP,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_START_NOTIFY),
            Dmasmsvr::answer,
            "START NOTIFY")
        .stay(
            210,
            RUNNING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_DCR_LOAD),
            Dmasmsvr::work,
            "DCR_LOAD: read the DCR again")
        .stay(
            220,
            RUNNING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_ERROR_EP_ADD),
            Dmasmsvr::answer,
            "ERROR EP ADD: a member more")
        .stay(
            230,
            STARTUP,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_START),
            Dmasmsvr::epStart,
            "EP START: who is control node")
        .move(
            250,
            STARTUP,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_OPEN),
            OPENED,
            Dmasmsvr::answerOpen,
            "EP OPEN: open inside")
        .move(
            260,
            OPENED,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_REAL_OPEN),
            OPEN,
            Dmasmsvr::realOpen,
            "EP REAL OPEN: files can be used")
        .move(
            270,
            OPEN,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_SUSPEND_WORKER),
            SUSPEND,
            Dmasmsvr::answerSuspend,
            "SUSPEND EP WORKER THREAD")
        .move(
            280,
            SUSPEND,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_RESUME_WORKER),
            OPEN,
            Dmasmsvr::answerOpen,
            "RESUME EP WORKER THREAD")
        .stay(
            290,
            SERVING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_RECV),
            Dmasmsvr::answer,
            "EP RECV: metadata is on the disks already")
        .stay(
            292,
            EnumSet.of(OPENED, OPEN, SUSPEND),
            EpTrigger.Ordered.class,
            is(Cmd.CMD_ADJUST_MASTER_EP),
            Dmasmsvr::adjust,
            "ADJUST_MASTER_EP: who is control node from now on")
        // Crash of another EP (reference 3.9)
        .stay(
            300,
            SERVING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_CRASH),
            Dmasmsvr::work,
            "EP_CRASH: fence the dead server at the data disks")
        .move(
            340,
            RUNNING,
            EpTrigger.Ordered.class,
            is(Cmd.CMD_EP_STOP),
            HALTING,
            Dmasmsvr::stopWithGroup,
            "EP STOP: the group stops in order")
        .move(
            350,
            RUNNING,
            Event.StopRequested.class,
            null,
            HALTING,
            Dmasmsvr::stopAlone,
            "this EP stops in order")
        // Work in hand
        .stay(
            430,
            RUNNING,
            EpTrigger.Progress.class,
            (s, x, now) -> EpJobs.completes(s, x, now),
            Dmasmsvr::finish,
            "the command is done")
        .stay(450, RUNNING, EpTrigger.Progress.class, null, EpJobs::advance, "one answer more")
        .stay(
            480,
            EpRows.ALIVE,
            Event.Tick.class,
            (s, x, now) -> EpJobs.stale(s, now),
            (s, x, now, out) -> EpStages.ask(s, now, out),
            "no answer yet: ask again")
        // The dmserver of this node
        .stay(
            600,
            EnumSet.complementOf(EnumSet.of(HALTING, DOWN)),
            EpTrigger.PeerLink.class,
            (s, x, now) -> isClient(s, x.peer()),
            Dmasmsvr::client,
            "a dmserver of this node came or went");
    return EpRows.end(t);
  }

  private static Table.Guard<EpState, EpTrigger.Ordered> is(Cmd cmd) {
    return (s, t, now) -> EpRows.is(t, cmd);
  }

  private static EpState dialPeers(EpState s, EpTrigger.SlotRead t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "ASM SELF EPNO:" + s.seat.ep));
    out.add(new Effect.Say(Level.INFO, "DMASMSVR V8"));
    out.add(new Effect.Say(Level.INFO, "dmasmsvr task worker thread startup"));
    EpState known = s.withPeers();
    EpRows.dialCss(s, out);
    known.peers.forEach(
        (seqno, peer) -> {
          if (seqno > s.seat.ep) {
            out.add(new Effect.Connect(peer));
          }
        });
    return known;
  }

  // ---- commands ---------------------------------------------------------------------------------

  private static EpState seen(EpState s, EpTrigger.Ordered t, List<Effect> out) {
    out.add(
        new Effect.Say(
            Level.INFO, DscText.checkCmd(t.command().getCmd(), t.command().getCmdSeq())));
    return s.learn(t.command());
  }

  private static EpState answer(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return seen(s, t, out).answer(t.command(), 0, s.phase.inst(), now, out);
  }

  private static EpState answerOpen(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return seen(s, t, out).answer(t.command(), 0, OPEN.inst(), now, out);
  }

  private static EpState answerSuspend(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    return seen(s, t, out).answer(t.command(), 0, SUSPEND.inst(), now, out);
  }

  private static EpState work(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState begun = EpJobs.start(seen(s, t, out), t.command(), now, out);
    return begun.withSeat(begun.seat.beat(s.phase.inst(), now, out));
  }

  private static EpState epStart(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState started = s.withSeat(s.seat.with(x -> x.vtd = VtdStatus.VTD_WORKING));
    EpState answered = answer(started, t, now, out);
    out.add(new Effect.Say(Level.INFO, DscText.asmControl(answered.control)));
    return answered;
  }

  private static EpState adjust(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState answered = answer(s, t, now, out);
    out.add(new Effect.Say(Level.INFO, DscText.asmControl(answered.control)));
    return answered;
  }

  private static EpState realOpen(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState open = answerOpen(s, t, now, out);
    out.add(new Effect.Say(Level.INFO, "the ASM server is Ready."));
    for (Endpoint client : s.clients) {
      out.add(new Effect.Send(client, AsmState.newBuilder().setOpen(true).build()));
    }
    return open;
  }

  private static EpState finish(EpState s, EpTrigger.Progress t, Now now, List<Effect> out) {
    EpState last = EpJobs.advance(s, t, now, out);
    boolean load = last.job.command().getCmd() == Cmd.CMD_DCR_LOAD;
    return (load ? EpJobs.takeDcr(last, t, out) : last).answerJob(s.phase.inst(), now, out);
  }

  private static EpState stopWithGroup(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState told = seen(s, t, out);
    EpState answered = told.withSeat(told.seat.answered(t.command().getCmdSeq(), 0));
    return EpRows.lastWord(shutDown(answered), VtdStatus.VTD_SHUTDOWN, ExitCode.OK, now, out);
  }

  private static EpState stopAlone(EpState s, Event.StopRequested t, Now now, List<Effect> out) {
    boolean last = s.members.stream().allMatch(m -> m == s.seat.ep);
    VtdStatus vtd = last ? VtdStatus.VTD_SHUTDOWN : VtdStatus.VTD_STOP;
    return EpRows.lastWord(shutDown(s), vtd, ExitCode.OK, now, out);
  }

  private static EpState shutDown(EpState s) {
    return s.with(x -> x.shown = EpPhase.STOPPING);
  }

  // ---- the dmserver of this node
  // ------------------------------------------------------------------

  private static boolean isClient(EpState s, Endpoint peer) {
    return peer.host().equals(s.self.host()) && !peer.role().equals(s.self.role());
  }

  private static EpState client(EpState s, EpTrigger.PeerLink t, Now now, List<Effect> out) {
    List<Endpoint> clients = new ArrayList<>(s.clients);
    clients.remove(t.peer());
    if (t.up()) {
      clients.add(t.peer());
      boolean open = s.phase == OPEN || s.phase == SUSPEND || s.phase == CRASH_RECV;
      out.add(new Effect.Send(t.peer(), AsmState.newBuilder().setOpen(open).build()));
    }
    return s.with(x -> x.clients = List.copyOf(clients));
  }
}
