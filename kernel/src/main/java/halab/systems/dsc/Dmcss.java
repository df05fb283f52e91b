package halab.systems.dsc;

import static halab.systems.dsc.CssPhase.*;

import halab.dsc.proto.Campaign;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.RelayEp;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.dm.DmLog;
import halab.systems.dsc.CssTrigger.Look;
import halab.systems.dsc.config.DmdcrIni;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * dmcss, the cluster synchronisation service (reference 1, 3.1, 3.4, 3.10, 4.1). One is control
 * node and decides; the others watch it, restart their node's EPs and serve monitors. What the
 * control CSS does to a group is in {@link AsmGroup} and {@link DbGroup}.
 */
public final class Dmcss {
  static final Set<CssPhase> ALIVE = EnumSet.of(ELECTION, CLAIM, NORMAL, CONTROL);
  static final Set<CssPhase> ALL = EnumSet.complementOf(EnumSet.of(DOWN));
  static final Set<CssPhase> WORKING = EnumSet.of(NORMAL, CONTROL);

  private static final List<Class<?>> TRIGGERS =
      List.of(
          Event.Started.class,
          Event.Tick.class,
          CssTrigger.BootRead.class,
          CssTrigger.DcrRead.class,
          CssTrigger.SlotRead.class,
          CssTrigger.Looked.class,
          CssTrigger.Look.class,
          CssTrigger.Killed.class,
          CssTrigger.Unreadable.class,
          CssTrigger.LookFailed.class,
          CssTrigger.SlotWritten.class,
          CssTrigger.OfMarks.class,
          CssTrigger.MarkWritten.class,
          CssTrigger.Marked.class,
          CssTrigger.MarksRead.class,
          CssTrigger.OfExtension.class,
          CssTrigger.DcrAgain.class,
          CssTrigger.DcrUnread.class,
          CssTrigger.Login.class,
          CssTrigger.Asked.class,
          CssTrigger.Heard.class,
          CssTrigger.IpTested.class,
          CssTrigger.ConsoleShow.class,
          CssTrigger.ConsoleExit.class,
          CssTrigger.ConsoleHalt.class,
          CssTrigger.ConsoleMaster.class,
          CssTrigger.Late.class,
          Event.LinkUp.class,
          Event.LinkDown.class,
          Event.Launched.class,
          Event.AddressSet.class,
          Event.DisksJudged.class,
          Event.Command.class,
          Event.StopRequested.class);

  public static final Table<DmcssState, CssPhase> TABLE = table();
  public static final Role<DmcssState> ROLE =
      new Role<>(
          "dmcss",
          "css-monitor",
          TABLE,
          Dmcss::boot,
          DscViews::css,
          s -> s.seat.name(),
          new DmLog("dm_", "dmcss"));

  private Dmcss() {}

  private static DmcssState boot(Site site) {
    DmdcrIni dmdcr = DmdcrIni.read(site.files());
    EpSeat seat =
        new EpSeat(
            site.self().host(), dmdcr.dmdcrPath(), VoteLayout.seq(GroupType.CSS), dmdcr.seqno());
    return new DmcssState(site.self(), dmdcr, seat, Wording.of(site.dialects()))
        .with(s -> s.addresses = site.addresses());
  }

  private static Table<DmcssState, CssPhase> table() {
    Table<DmcssState, CssPhase> t =
        new Table<>(
            "dmcss",
            CssPhase.class,
            s -> s.phase,
            DmcssState::withPhase,
            DmcssState::wakeAtMs,
            DmcssState::decode,
            s -> "dmcss",
            TRIGGERS);
    CssBoot.rows(t);
    seat(t);
    election(t);
    work(t);
    CssMarks.rows(t);
    serve(t);
    return end(t);
  }

  private static void seat(Table<DmcssState, CssPhase> t) {
    t.stay(
            100,
            ALIVE,
            CssTrigger.Looked.class,
            (s, x, now) -> s.seat.tooOld(now) && !(x instanceof CssTrigger.Killed),
            (s, x, now, out) -> s.withSeat(s.seat.askAll(now, out)),
            "a look from before a long pause is not acted on")
        .move(110, ALIVE, CssTrigger.Killed.class, null, HALTING, Dmcss::obeyKill, "Kill was read")
        .stay(
            120,
            ALIVE,
            CssTrigger.Unreadable.class,
            null,
            (s, x, now, out) -> s.withSeat(s.seat.unreadable(x.damage(), now, out)),
            "the Kill area is unreadable")
        .stay(
            130,
            ALIVE,
            CssTrigger.LookFailed.class,
            null,
            Dmcss::missed,
            "the VOTE disk is not read")
        .move(
            140,
            ALIVE,
            Event.Tick.class,
            (s, x, now) -> s.seat.lost(now),
            DOWN,
            Dmcss::giveUp,
            "VOTE out of reach for the disk check count")
        .stay(150, ALIVE, Event.Tick.class, null, Dmcss::look, "a look is due")
        .stay(
            155,
            ALIVE,
            CssTrigger.SlotWritten.class,
            (s, x, now) -> x.durable(),
            (s, x, now, out) -> s.withSeat(s.seat.beatWritten()),
            "a heartbeat is durable")
        .stay(
            160,
            ALIVE,
            CssTrigger.Heard.class,
            null,
            CssNet::heard,
            "the CSS of a node is heard over the network");
    CssLinkIp.answers(t)
        .stay(
            170,
            ALL,
            Event.DisksJudged.class,
            null,
            Dmcss::judged,
            "the state of a DCRV disk has changed");
  }

  private static void election(Table<DmcssState, CssPhase> t) {
    t.move(
            200,
            ELECTION,
            Look.class,
            (s, x, now) -> CssElection.liveClaim(s, x) != DscText.NONE,
            NORMAL,
            Dmcss::follow,
            "a live control CSS is there")
        .stay(
            210,
            ELECTION,
            Look.class,
            CssElection::noTicket,
            (s, x, now, out) -> stand(s, x, CssElection.ticket(s, x), now, out),
            "stand for election")
        .move(
            220,
            ELECTION,
            Look.class,
            CssElection::won,
            CLAIM,
            (s, x, now, out) -> campaign(s, x, CssElection.claim(s, x), now, out),
            "5 s are over and nobody is ahead: claim")
        .stay(
            230,
            ELECTION,
            Look.class,
            null,
            (s, x, now, out) -> campaign(s, x, older(s), now, out),
            "wait for the election to end")
        .move(
            240,
            CLAIM,
            Look.class,
            (s, x, now) -> CssElection.liveClaim(s, x) != DscText.NONE,
            ELECTION,
            (s, x, now, out) -> campaign(s, x, Campaign.getDefaultInstance(), now, out),
            "another claims too: stand again")
        .stay(
            250,
            CLAIM,
            Look.class,
            CssElection::claimSeen,
            Dmcss::askMarks,
            "the claim stands alone: read the fault marks")
        .stay(
            255,
            CLAIM,
            Look.class,
            null,
            (s, x, now, out) -> campaign(s, x, s.seat.campaign, now, out),
            "the claim is not on the disk yet, or a slot cannot be read")
        .move(
            260,
            CLAIM,
            CssTrigger.DcrRead.class,
            CssBoot::goodDcr,
            CONTROL,
            Dmcss::takeOver,
            "control node from here on")
        .stay(
            265,
            CLAIM,
            CssTrigger.DcrRead.class,
            null,
            Dmcss::awaitDcr,
            "the DCR is damaged: read it again");
  }

  private static void work(Table<DmcssState, CssPhase> t) {
    t.move(
            295,
            NORMAL,
            Look.class,
            CssConsole::takesOver,
            ELECTION,
            (s, x, now, out) -> stand(s, x, s.seat.campaign, now, out),
            "the control CSS has handed over, as was asked for: stand before all others")
        .move(
            300,
            NORMAL,
            Look.class,
            CssElection::controlGone,
            ELECTION,
            Dmcss::standAnew,
            "the control CSS is gone")
        .stay(310, NORMAL, Look.class, null, CssTick::normal, "watch, restart, serve")
        .move(
            400,
            CONTROL,
            Look.class,
            Dmcss::superseded,
            HALTING,
            Dmcss::standDown,
            "another CSS holds a higher term")
        .move(
            402,
            CONTROL,
            Look.class,
            CssLinkIp::hasToGo,
            HALTING,
            Dmcss::halted,
            "this CSS has lost the link check IP, another reaches it: it goes, its node with it")
        .move(
            405,
            CONTROL,
            Look.class,
            Dmcss::marksOverdue,
            HALTING,
            Dmcss::giveUpDcr,
            "fault marks cannot be stored for the disk check count: as if VOTE were lost")
        .move(
            406,
            CONTROL,
            Look.class,
            CssConsole::handsOver,
            ELECTION,
            Dmcss::standAnew,
            "set master force at another CSS: stand behind it")
        .stay(
            408,
            CONTROL,
            Look.class,
            CssLinkIp::othersHaveToGo,
            CssLinkIp::halt,
            "another CSS has lost the link check IP that this one or a third reaches: halt it")
        .stay(410, CONTROL, Look.class, null, CssTick::control, "judge, command, restart, serve");
  }

  private static void serve(Table<DmcssState, CssPhase> t) {
    t.stay(
            428,
            CONTROL,
            Event.AddressSet.class,
            (s, x, now) -> s.seat.stale(now),
            CssTick::vipNoted,
            "after a long pause it looks first; the address is settled")
        .stay(430, CONTROL, Event.AddressSet.class, null, CssTick::vipSet, "an address is settled")
        .stay(
            440,
            WORKING,
            Event.AddressSet.class,
            null,
            CssTick::vipDone,
            "an address is settled, as the control CSS wished")
        .stay(
            450,
            WORKING,
            Event.Launched.class,
            null,
            CssRestart::launched,
            "a restart came about, or not");
    ExtendNode.cssRows(CssServiceRows.add(t))
        .move(
            600, ALIVE, Event.StopRequested.class, null, HALTING, Dmcss::stop, "stopped in order");
  }

  private static Table<DmcssState, CssPhase> end(Table<DmcssState, CssPhase> t) {
    return t.move(
            900, HALTING, CssTrigger.SlotWritten.class, null, DOWN, Dmcss::halt, "status is out")
        .move(910, HALTING, Event.Tick.class, null, DOWN, Dmcss::halt, "waited long enough")
        .ignore(918, ALL, CssTrigger.OfExtension.class, "a life that ends does nothing more")
        .ignore(922, ALL, CssTrigger.BootRead.class, "the DCR and the slot are known")
        .ignore(924, ALL, CssTrigger.Looked.class, "a life that ends does nothing more")
        .ignore(925, ALL, CssTrigger.LookFailed.class, "a life that ends does nothing more")
        .ignore(926, ALL, CssTrigger.SlotWritten.class, "the next beat tries again")
        .ignore(929, ALL, CssTrigger.Late.class, "answer to a closed question, or a stray message")
        .ignore(930, ALL, Event.LinkUp.class, "a monitor logs in by itself")
        .ignore(931, ALL, Event.Launched.class, "nobody waits for it any more")
        .ignore(932, ALL, Event.AddressSet.class, "nobody waits for it any more")
        .ignore(934, ALL, CssTrigger.Heard.class, "judges nobody now")
        .ignore(935, ALL, CssTrigger.OfMarks.class, "no control node any more")
        .ignore(936, ALL, CssTrigger.IpTested.class, "a life that ends has no use for it")
        .refuse(
            940, ALL, Event.Command.class, null, CssConsole::unknown, "not a word of its console")
        .ignore(950, ALL, Event.StopRequested.class, "is ending already");
  }

  /** DCRV_STATUS of `show`; which words the vendor logs is not known. */
  private static DmcssState judged(DmcssState s, Event.DisksJudged t, Now now, List<Effect> out) {
    t.disks()
        .forEach(
            (disk, state) -> {
              String before = s.dcrv.getOrDefault(disk, "UNKNOWN");
              boolean failed = state.equals("FAILED");
              if (!state.equals(before) && (failed || before.equals("FAILED"))) {
                Level level = failed ? Level.WARNING : Level.INFO;
                out.add(
                    new Effect.Say(level, "DCRV disk " + disk + ": " + before + " -> " + state));
              }
            });
    return s.with(x -> x.dcrv = t.disks());
  }

  static DmcssState missed(DmcssState s, CssTrigger.LookFailed t, Now now, List<Effect> out) {
    return s.withSeat(s.seat.missed(now, out));
  }

  private static DmcssState look(DmcssState s, Event.Tick t, Now now, List<Effect> out) {
    EpSeat seat = s.seat.asking ? s.seat.missed(now, out) : s.seat;
    return CssLinkIp.beat(s.withSeat(seat.askAll(now, out)), out);
  }

  // ---- election ---------------------------------------------------------------------------------

  /** Takes the look in and beats with this part in the election. */
  private static DmcssState campaign(
      DmcssState s, Look t, Campaign campaign, Now now, List<Effect> out) {
    DmcssState seen = CssTick.watch(s, t, now);
    EpSeat seat =
        seen.seat.with(x -> x.campaign = campaign).beat(InstStatus.INST_STARTUP, now, out);
    return seen.with(
        x -> {
          x.seat = seat;
          x.controlCss = DscText.NONE;
        });
  }

  private static DmcssState stand(
      DmcssState s, Look t, Campaign ticket, Now now, List<Effect> out) {
    return campaign(s, t, ticket, now, out).with(x -> x.ticketMs = now.monoMs());
  }

  private static Campaign older(DmcssState s) {
    return s.seat.campaign.toBuilder().setAge(s.seat.campaign.getAge() + 1).build();
  }

  private static DmcssState standAnew(DmcssState s, Look t, Now now, List<Effect> out) {
    LossNote.add(CssTick.watch(s, t, now).scene(), 0, s.controlCss, "normal", out);
    return stand(s, t, CssElection.ticket(s, t), now, out);
  }

  private static DmcssState follow(DmcssState s, Look t, Now now, List<Effect> out) {
    int control = CssElection.liveClaim(s, t);
    DmcssState following =
        CssTick.watch(s, t, now)
            .with(
                x -> {
                  x.controlCss = control;
                  x.seat =
                      x.seat.with(
                          q -> {
                            q.campaign = Campaign.getDefaultInstance();
                            q.vtd = VtdStatus.VTD_WORKING;
                          });
                });
    sayControl(following, out);
    return following.withSeat(following.seat.beat(InstStatus.INST_OPEN, now, out));
  }

  static void sayControl(DmcssState s, List<Effect> out) {
    out.add(
        new Effect.Say(
            Level.INFO,
            s.words.setControl(GroupType.CSS, s.seat.name(s.controlCss), s.controlCss)));
  }

  private static DmcssState askMarks(DmcssState s, Look t, Now now, List<Effect> out) {
    DmcssState seen = campaign(s, t, s.seat.campaign, now, out);
    EpSeat asked = seen.seat.askDcr(now, out);
    return seen.with(
        x -> {
          x.dcrRequest = asked.areaRequest;
          x.seat = asked;
        });
  }

  private static DmcssState takeOver(
      DmcssState s, CssTrigger.DcrRead t, Now now, List<Effect> out) {
    DmcssState known =
        CssBoot.takeDcr(
            s,
            t,
            q ->
                q.with(
                    x -> {
                      x.asking = false;
                      x.vtd = VtdStatus.VTD_WORKING;
                      x.nextTickMs = now.monoMs() + EpSeat.BEAT_MS;
                    }));
    DmcssState control = CssElection.takeOver(known, now, out);
    sayControl(control, out);
    RelayEp self = RelayEp.newBuilder().setEp(s.seat.name()).setSeqno(s.seat.ep).build();
    GroupActs.relay(control.scene(), out, r -> r.setType(GroupType.CSS).setControl(self));
    EpSeat.sayDamaged("DCR", DcrLayout.damages(t.blocks(), 0, DcrLayout.USED), out);
    DcrLayout.repairs(t.blocks())
        .forEach(
            (block, copy) ->
                out.add(new Effect.WriteBlock(GroupActs.REQUESTS, s.seat.dcrPath, block, copy)));
    return control;
  }

  private static DmcssState awaitDcr(
      DmcssState s, CssTrigger.DcrRead t, Now now, List<Effect> out) {
    String problem = EpRows.dcrProblem(s.seat, t.blocks());
    if (!problem.equals(s.dcrProblem)) {
      out.add(new Effect.Say(Level.ERROR, problem));
    }
    return s.with(
        x -> {
          x.dcrProblem = problem;
          x.seat =
              s.seat.with(
                  q -> {
                    q.asking = false;
                    q.nextTickMs = now.monoMs() + EpSeat.BEAT_MS;
                  });
        });
  }

  /** A live rival claims a higher term, or somebody, alive or not, has acted under one. */
  private static boolean superseded(DmcssState s, Look t, Now now) {
    if (t.picture().actedTerm() > s.seat.campaign.getTerm()) {
      return true;
    }
    int rival = CssElection.liveClaim(s, t);
    return rival != DscText.NONE
        && t.picture().beat(0, rival).getCampaign().getTerm() > s.seat.campaign.getTerm();
  }

  private static boolean marksOverdue(DmcssState s, Look t, Now now) {
    int most = s.seat.dcr.getGroup(0).getDskchkCnt();
    return overdue(s.asm, s.look, most) || overdue(s.db, s.look, most);
  }

  private static boolean overdue(GroupState g, long look, int most) {
    return g.marking != 0 && look - g.markingLook >= most;
  }

  // ---- the end ----------------------------------------------------------------------------------

  private static DmcssState obeyKill(DmcssState s, CssTrigger.Killed t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, "VTD_CMD_SYS_HALT"));
    return lastWord(s, VtdStatus.VTD_SYSHALT, ExitCode.KILLED_BY_PEER, now, out);
  }

  private static DmcssState standDown(DmcssState s, Look t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, "another dmcss is control node, this one ends"));
    return lastWord(s, VtdStatus.VTD_SYSHALT, ExitCode.SELF_FENCED, now, out);
  }

  private static DmcssState halted(DmcssState s, Look t, Now now, List<Effect> out) {
    CssLinkIp.say(s, s.scene(), s.seat.ep, out);
    return lastWord(s, VtdStatus.VTD_SYSHALT, ExitCode.SELF_FENCED, now, out);
  }

  static <T> DmcssState stop(DmcssState s, T t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "DMCSS shutdown successfully."));
    return lastWord(s, VtdStatus.VTD_SHUTDOWN, ExitCode.OK, now, out);
  }

  static DmcssState lastWord(DmcssState s, VtdStatus vtd, int exitCode, Now now, List<Effect> out) {
    InstStatus inst =
        vtd == VtdStatus.VTD_SHUTDOWN ? InstStatus.INST_SHUTDOWN : InstStatus.INST_OPEN;
    EpSeat seat =
        s.seat
            .with(
                x -> {
                  x.vtd = vtd;
                  x.campaign = Campaign.getDefaultInstance();
                })
            .writeSlot(inst, now, out);
    return s.with(
        x -> {
          x.seat = seat;
          x.exitCode = exitCode;
          x.haltByMs = now.monoMs() + EpRows.LAST_WORD_MS;
        });
  }

  private static DmcssState giveUp(DmcssState s, Event.Tick t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, DscText.noVotingDisk(s.seat.name())));
    out.add(
        new Effect.Halt(
            ExitCode.SELF_FENCED, "VOTE out of reach for " + s.seat.diskCheckMs() + " ms"));
    return s;
  }

  private static DmcssState giveUpDcr(DmcssState s, Look t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, DscText.noDcr(s.seat.name(), s.seat.dcrPath)));
    return lastWord(s, VtdStatus.VTD_SYSHALT, ExitCode.SELF_FENCED, now, out);
  }

  private static <T> DmcssState halt(DmcssState s, T t, Now now, List<Effect> out) {
    out.add(new Effect.Halt(s.exitCode, DscText.vtd(s.seat.vtd)));
    return s;
  }
}
