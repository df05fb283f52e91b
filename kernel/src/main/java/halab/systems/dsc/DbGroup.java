package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import halab.systems.dsc.GroupTrigger.MarksDurable;
import halab.systems.dsc.GroupTrigger.VipSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The DB group under its control CSS: start (reference 3.11), crash of an EP (3.6, 3.7), rejoin
 * (3.8), stop (3.12), and what a second fault does (4.3). Dialect A; seed 001 is rows 500 to 599
 * and 600 to 699 from top to bottom.
 */
final class DbGroup {
  /** Crash steps after the first commands went out. */
  private static final Set<GroupPhase> HANDLING =
      EnumSet.range(CRASH_WAIT_STEP1, CRASH_WAIT_EP_VIP);

  static final Table<GroupScene, GroupPhase> TABLE = table();

  private DbGroup() {}

  private static Table<GroupScene, GroupPhase> table() {
    Table<GroupScene, GroupPhase> t = GroupRows.table("dmcss.DB");
    GroupRows.start(t, (s, x, now) -> s.c().asm().phase == OPEN);
    start(t);
    open(t);
    crash(t);
    rejoin(t);
    return GroupRows.end(t);
  }

  private static void start(Table<GroupScene, GroupPhase> t) {
    t.stay(
            200,
            START_NORMAL,
            Look.class,
            (s, x, now) ->
                GroupRows.normalsReady(s) && !GroupRows.normals(s).isEmpty() && !normalsStarted(s),
            GroupRows::startNormals,
            "all OK EPs are there: EP START to each normal EP")
        .move(
            210,
            START_NORMAL,
            Look.class,
            DbGroup::normalsDone,
            START2_CONTROL,
            DbGroup::redoControl,
            "EP START2 to the control EP: redo")
        .move(
            220,
            START2_CONTROL,
            Look.class,
            GroupRows::allDone,
            START2_NORMAL,
            DbGroup::redoNormals,
            "EP START2 to each normal EP")
        .move(
            230,
            START2_NORMAL,
            Look.class,
            DbGroup::doneOrNone,
            START_OPEN,
            (s, x, now, out) ->
                GroupActs.issueAll(GroupRows.noneToAll(s, out), s.g().ok, Cmd.CMD_EP_OPEN, out),
            "EP OPEN to all")
        .move(
            240,
            START_OPEN,
            Look.class,
            GroupRows::allDone,
            START_REAL_OPEN,
            (s, x, now, out) ->
                GroupActs.issueAll(
                    GroupRows.noneToAll(s, out), s.g().ok, Cmd.CMD_EP_REAL_OPEN, out),
            "EP REAL OPEN to all")
        .move(
            250,
            START_REAL_OPEN,
            Look.class,
            GroupRows::allDone,
            OPEN,
            DbGroup::opened,
            "all EPs are open; each node gets its address");
  }

  private static void open(Table<GroupScene, GroupPhase> t) {
    t.move(
            400,
            OPEN,
            Look.class,
            DbGroup::lastStopped,
            CLOSED,
            (s, x, now, out) -> GroupActs.close(s),
            "the last EP was stopped singly")
        .move(
            410,
            OPEN,
            Look.class,
            DbGroup::stoppedSingly,
            STOP_EP,
            DbGroup::stopEp,
            "one EP was stopped in order, others live")
        .move(
            420,
            OPEN,
            Look.class,
            (s, x, now) -> !due(s).isEmpty(),
            CRASH_STEP1,
            (s, x, now, out) -> GroupActs.breakEps(s, due(s), true, out),
            "an EP is lost: Kill and fault mark first")
        .move(
            430,
            OPEN,
            Look.class,
            (s, x, now) -> returning(s) != DscText.NONE,
            REJOIN_SUSPEND,
            DbGroup::recover,
            "an EP in ERROR asks to be started")
        .stay(
            440,
            OPEN,
            Look.class,
            (s, x, now) -> !s.g().crashOver,
            (s, x, now, out) -> s.with(g -> g.crashOver = true),
            "the last handling is over for good");
  }

  private static void crash(Table<GroupScene, GroupPhase> t) {
    t.move(500, STOP_EP, Look.class, null, CRASH_STEP1, null, "planned handling of the stopped EP")
        .stay(
            510,
            CRASH_STEP1,
            Look.class,
            GroupRows::memberLost,
            (s, x, now, out) -> GroupActs.breakEps(s, GroupActs.newlyLost(s), true, out),
            "one more is lost before anything was ordered")
        .move(
            520,
            EnumSet.of(CRASH_STEP1, CRASH_ROLLBACK),
            Look.class,
            (s, x, now) -> GroupActs.survivors(s).isEmpty() && GroupActs.secured(s),
            CLOSED,
            DbGroup::allLost,
            "no EP is left; the marks stay")
        .move(
            530,
            CRASH_STEP1,
            Look.class,
            (s, x, now) -> GroupActs.secured(s),
            CRASH_WAIT_STEP1,
            DbGroup::step1,
            "EP_CRASH_STEP1 to the control EP, chosen anew if it was the one")
        .stay(
            540,
            EnumSet.of(CRASH_STEP1, CRASH_ROLLBACK),
            Look.class,
            (s, x, now) -> !GroupActs.secured(s),
            (s, x, now, out) -> GroupActs.secure(s, out),
            "Kill and fault mark are not durable yet")
        .move(
            545,
            HANDLING,
            Look.class,
            GroupRows::memberLost,
            CRASH_ROLLBACK,
            (s, x, now, out) -> GroupActs.breakEps(s, GroupActs.newlyLost(s), true, out),
            "a second EP is lost while a crash is handled")
        .move(
            550,
            CRASH_WAIT_STEP1,
            Look.class,
            GroupRows::allDone,
            CRASH_STEP2,
            (s, x, now, out) -> over(s, Cmd.CMD_EP_CRASH_STEP1, out),
            "phase 1 is over")
        .move(
            555,
            CRASH_STEP2,
            Look.class,
            null,
            CRASH_WAIT_STEP2,
            (s, x, now, out) ->
                GroupActs.issue(
                    s, s.g().control, Cmd.CMD_EP_CRASH_STEP2, out, c -> GroupActs.victims(s, c)),
            "EP_CRASH_STEP2 to the control EP")
        .move(
            560,
            CRASH_WAIT_STEP2,
            Look.class,
            GroupRows::allDone,
            CRASH_SLAVE_VIP,
            (s, x, now, out) -> vipStep(over(s, Cmd.CMD_EP_CRASH_STEP2, out)),
            "phases 2 and 3 are over")
        .stay(
            565,
            CRASH_SLAVE_VIP,
            Look.class,
            DbGroup::localSlave,
            (s, x, now, out) -> slaveVip(s, s.g().broken, false, out),
            "take the address down at the broken node, which is this one")
        .move(
            566,
            CRASH_SLAVE_VIP,
            VipSet.class,
            DbGroup::lastVip,
            CRASH_WAIT_SLAVE_VIP,
            DbGroup::vipSet,
            "taken down, or not: go on")
        .move(
            567,
            CRASH_SLAVE_VIP,
            Look.class,
            DbGroup::vipFree,
            CRASH_WAIT_SLAVE_VIP,
            (s, x, now, out) -> slaveVip(s, s.g().broken, false, out),
            "tell the broken node's CSS, if it lives")
        .move(
            570,
            CRASH_WAIT_SLAVE_VIP,
            Look.class,
            null,
            CRASH_MASTER_VIP,
            (s, x, now, out) -> vipStep(s),
            "not waited for")
        .stay(
            575,
            CRASH_MASTER_VIP,
            Look.class,
            DbGroup::localMaster,
            (s, x, now, out) -> GroupActs.configVip(s, s.g().control, s.g().broken, true, out),
            "bring the address up at the control EP's node, which is this one")
        .move(
            576,
            CRASH_MASTER_VIP,
            VipSet.class,
            DbGroup::lastVip,
            CRASH_WAIT_MASTER_VIP,
            DbGroup::vipSet,
            "brought up, or not: go on")
        .move(
            577,
            CRASH_MASTER_VIP,
            Look.class,
            DbGroup::vipFree,
            CRASH_WAIT_MASTER_VIP,
            (s, x, now, out) -> GroupActs.configVip(s, s.g().control, s.g().broken, true, out),
            "tell the CSS of the control EP's node")
        .move(580, CRASH_WAIT_MASTER_VIP, Look.class, null, CRASH_EP_VIP, null, "not waited for")
        .move(
            585,
            CRASH_EP_VIP,
            Look.class,
            null,
            CRASH_WAIT_EP_VIP,
            (s, x, now, out) ->
                GroupActs.issue(
                    s,
                    s.g().control,
                    Cmd.CMD_CONFIG_VIP,
                    out,
                    c -> c.addAllEp(s.g().broken).setVipUp(true)),
            "the control EP listens on the address")
        .move(
            590,
            CRASH_WAIT_EP_VIP,
            Look.class,
            GroupRows::allDone,
            OPEN,
            (s, x, now, out) -> over(s, Cmd.CMD_CONFIG_VIP, out).with(g -> g.broken = List.of()),
            "the crash is handled")
        .move(
            595,
            CRASH_ROLLBACK,
            Look.class,
            null,
            CRASH_WAIT_ROLLBACK,
            DbGroup::rollback,
            "CRASH_ROLLBACK to the survivors")
        .move(
            596,
            CRASH_WAIT_ROLLBACK,
            Look.class,
            GroupRows::memberLost,
            CRASH_ROLLBACK,
            (s, x, now, out) -> GroupActs.breakEps(s, GroupActs.newlyLost(s), true, out),
            "one more is lost")
        .move(
            597,
            CRASH_WAIT_ROLLBACK,
            Look.class,
            GroupRows::allDone,
            CRASH_STEP1,
            (s, x, now, out) -> GroupRows.noneToAll(s, out),
            "handle all the broken together");
  }

  private static void rejoin(Table<GroupScene, GroupPhase> t) {
    t.move(
            600,
            GroupRows.REJOINING,
            Look.class,
            DbGroup::lostInRejoin,
            HALT,
            (s, x, now, out) -> GroupActs.doom(s, out),
            "an EP is lost during a rejoin: all halt")
        .move(
            610,
            REJOIN_SUSPEND,
            Look.class,
            null,
            REJOIN_WAIT_SUSPEND,
            null,
            "workers are to stand still")
        .stay(
            620,
            REJOIN_WAIT_SUSPEND,
            Look.class,
            (s, x, now) -> s.g().issued.isEmpty(),
            (s, x, now, out) -> GroupActs.issue(s, s.g().recover, Cmd.CMD_START_NOTIFY, out),
            "START NOTIFY to the one that returns")
        .stay(
            630,
            REJOIN_WAIT_SUSPEND,
            Look.class,
            (s, x, now) ->
                s.g().issued.containsKey(s.g().recover) && GroupActs.done(s, s.g().recover),
            RejoinActs::suspend,
            "SUSPEND EP WORKER THREAD to every OK EP")
        .move(
            635,
            REJOIN_WAIT_SUSPEND,
            Look.class,
            (s, x, now) -> RejoinActs.suspended(s) && !RejoinActs.marked(s),
            REJOIN_DCR_LOAD,
            (s, x, now, out) -> RejoinActs.dcrLoad(RejoinActs.suspendOver(s, x, now, out), out),
            "all stand still, no fault mark is left: DCR_LOAD to all")
        .stay(
            640,
            REJOIN_WAIT_SUSPEND,
            Look.class,
            (s, x, now) -> RejoinActs.suspended(s),
            RejoinActs::suspendOver,
            "all stand still: take the fault mark out of the DCR")
        .move(
            650,
            REJOIN_WAIT_SUSPEND,
            MarksDurable.class,
            null,
            REJOIN_DCR_LOAD,
            (s, x, now, out) -> RejoinActs.dcrLoad(s, out),
            "DCR_LOAD to all")
        .move(
            660,
            REJOIN_DCR_LOAD,
            Look.class,
            GroupRows::allDone,
            REJOIN_ERROR_EP_ADD,
            RejoinActs::errorEpAdd,
            "ERROR EP ADD to all")
        .move(
            670,
            REJOIN_ERROR_EP_ADD,
            Look.class,
            GroupRows::allDone,
            REJOIN_RECOVER,
            RejoinActs::epRecv,
            "EP RECV to the control EP")
        .move(
            675,
            REJOIN_RECOVER,
            Look.class,
            GroupRows::allDone,
            REJOIN_EP_VIP,
            (s, x, now, out) -> say(s, DscText.recoverOver(s.g().type), out),
            "the control EP has recovered it")
        .move(
            680,
            REJOIN_EP_VIP,
            Look.class,
            null,
            REJOIN_WAIT_EP_VIP,
            (s, x, now, out) ->
                GroupActs.issue(
                    s, s.g().control, Cmd.CMD_CONFIG_VIP, out, c -> c.addEp(s.g().recover)),
            "the control EP listens on the address no more")
        .move(
            682,
            REJOIN_WAIT_EP_VIP,
            Look.class,
            GroupRows::allDone,
            REJOIN_MASTER_VIP,
            (s, x, now, out) -> vipStep(GroupActs.none(s, s.g().control, out)),
            "it has stopped listening")
        .stay(
            684,
            REJOIN_MASTER_VIP,
            Look.class,
            DbGroup::localMaster,
            (s, x, now, out) ->
                GroupActs.configVip(s, s.g().control, List.of(s.g().recover), false, out),
            "take the address down at the control EP's node, which is this one")
        .move(
            685,
            REJOIN_MASTER_VIP,
            VipSet.class,
            DbGroup::lastVip,
            REJOIN_WAIT_MASTER_VIP,
            DbGroup::vipSet,
            "taken down, or not: go on")
        .move(
            686,
            REJOIN_MASTER_VIP,
            Look.class,
            DbGroup::vipFree,
            REJOIN_WAIT_MASTER_VIP,
            (s, x, now, out) ->
                GroupActs.configVip(s, s.g().control, List.of(s.g().recover), false, out),
            "tell the CSS of the control EP's node")
        .move(
            688,
            REJOIN_WAIT_MASTER_VIP,
            Look.class,
            null,
            REJOIN_SLAVE_VIP,
            (s, x, now, out) -> vipStep(s),
            "not waited for")
        .stay(
            690,
            REJOIN_SLAVE_VIP,
            Look.class,
            DbGroup::localSlave,
            (s, x, now, out) -> slaveVip(s, List.of(s.g().recover), true, out),
            "bring the address up at its owner's node, which is this one")
        .move(
            691,
            REJOIN_SLAVE_VIP,
            VipSet.class,
            DbGroup::lastVip,
            REJOIN_WAIT_SLAVE_VIP,
            DbGroup::vipSet,
            "brought up, or not: go on")
        .move(
            692,
            REJOIN_SLAVE_VIP,
            Look.class,
            DbGroup::vipFree,
            REJOIN_WAIT_SLAVE_VIP,
            (s, x, now, out) -> slaveVip(s, List.of(s.g().recover), true, out),
            "tell the CSS of the owner's node")
        .move(
            694,
            REJOIN_WAIT_SLAVE_VIP,
            Look.class,
            null,
            REJOIN_START,
            (s, x, now, out) -> GroupActs.issue(s, s.g().recover, Cmd.CMD_EP_START, out),
            "EP START to the one that returns")
        .move(
            695,
            REJOIN_START,
            Look.class,
            GroupRows::allDone,
            REJOIN_REDO,
            (s, x, now, out) -> GroupActs.issue(s, s.g().recover, Cmd.CMD_EP_START2, out),
            "EP START2: redo")
        .move(
            696,
            REJOIN_REDO,
            Look.class,
            GroupRows::allDone,
            REJOIN_OPEN,
            (s, x, now, out) -> GroupActs.issue(s, s.g().recover, Cmd.CMD_EP_OPEN, out),
            "EP OPEN: open inside")
        .move(
            697,
            REJOIN_OPEN,
            Look.class,
            GroupRows::allDone,
            REJOIN_RESUME,
            RejoinActs::resume,
            "RESUME EP WORKER THREAD to every other EP")
        .move(
            698,
            REJOIN_RESUME,
            Look.class,
            GroupRows::allDone,
            REJOIN_REAL_OPEN,
            RejoinActs::realOpen,
            "EP REAL OPEN: open for users")
        .move(
            699,
            REJOIN_REAL_OPEN,
            Look.class,
            GroupRows::allDone,
            OPEN,
            (s, x, now, out) ->
                GroupActs.none(s, s.g().recover, out).with(g -> g.recover = DscText.NONE),
            "it is back, as a normal node");
  }

  // ---- start ------------------------------------------------------------------------------------

  private static boolean normalsStarted(GroupScene s) {
    return s.g().lives.keySet().containsAll(s.g().ok);
  }

  /** No normal EP to wait for, or all have carried out EP START. */
  private static boolean normalsDone(GroupScene s, Look x, Now now) {
    return normalsStarted(s) && doneOrNone(s, x, now);
  }

  private static boolean doneOrNone(GroupScene s, Look x, Now now) {
    return s.g().issued.isEmpty() || GroupActs.allDone(s);
  }

  private static GroupScene redoControl(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.issue(GroupRows.noneToAll(s, out), s.g().control, Cmd.CMD_EP_START2, out);
  }

  private static GroupScene redoNormals(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.issueAll(
        GroupRows.noneToAll(s, out), GroupRows.normals(s), Cmd.CMD_EP_START2, out);
  }

  private static GroupScene opened(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene next = GroupRows.noneToAll(s, out);
    for (int ep : s.g().ok) {
      next = GroupActs.configVip(next, ep, List.of(ep), true, out);
    }
    return next;
  }

  // ---- at rest ----------------------------------------------------------------------------------

  private static boolean lastStopped(GroupScene s, Look x, Now now) {
    return !s.g().ok.isEmpty()
        && s.g().ok.stream()
            .allMatch(ep -> vtd(s, ep) == VtdStatus.VTD_SHUTDOWN && sameLife(s, ep));
  }

  private static boolean stoppedSingly(GroupScene s, Look x, Now now) {
    return s.g().ok.stream().anyMatch(ep -> vtd(s, ep) == VtdStatus.VTD_STOP && sameLife(s, ep));
  }

  private static boolean sameLife(GroupScene s, int ep) {
    Long life = s.g().lives.get(ep);
    return life != null && life == s.c().beat(s.g().group, ep).getIncarnation();
  }

  private static VtdStatus vtd(GroupScene s, int ep) {
    return s.c().beat(s.g().group, ep).getVtdStatus();
  }

  private static GroupScene stopEp(GroupScene s, Look x, Now now, List<Effect> out) {
    List<Integer> stopped =
        s.g().ok.stream()
            .filter(ep -> vtd(s, ep) == VtdStatus.VTD_STOP && sameLife(s, ep))
            .toList();
    return GroupActs.breakEps(s, stopped, false, out);
  }

  /**
   * Lost members whose turn has come: ASM is handled before DB (reference 3.9, drills 8 and 12), so
   * an EP waits while the ASM EP of its node is silent too but not yet judged.
   */
  private static List<Integer> due(GroupScene s) {
    if (s.c().asm().phase != OPEN && s.c().asm().phase != CLOSED) {
      return List.of();
    }
    return GroupActs.newlyLost(s).stream().filter(ep -> !asmFirst(s, ep)).toList();
  }

  private static boolean asmFirst(GroupScene s, int ep) {
    boolean member = s.c().asm().ok.contains(ep) && s.c().asm().lives.containsKey(ep);
    int looks = s.c().ended(s.g().group, ep) ? 1 : 2; // without file access it ends at once
    return member && s.c().beats().silent(Scene.seat(1, ep)) >= looks;
  }

  /** The EP to rejoin now, lowest seqno first; 255: none that may (reference 3.8). */
  private static int returning(GroupScene s) {
    if (!s.g().crashOver || s.c().asm().phase != OPEN) {
      return DscText.NONE;
    }
    for (int ep = 0; ep < s.g().dcr.getNEp(); ep++) {
      boolean asks = vtd(s, ep) == VtdStatus.VTD_STARTUP2 && GroupActs.candidate(s, ep);
      if (asks && !s.g().ok.contains(ep) && s.c().asm().ok.contains(ep)) {
        return ep;
      }
    }
    return DscText.NONE;
  }

  private static GroupScene recover(GroupScene s, Look x, Now now, List<Effect> out) {
    return RejoinActs.recover(s, returning(s), out);
  }

  // ---- crash ------------------------------------------------------------------------------------

  private static GroupScene step1(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene rest = withoutBroken(s);
    boolean controlLost = !rest.g().ok.contains(rest.g().control);
    GroupScene led = controlLost ? GroupActs.choose(rest, rest.g().ok, out) : rest;
    return GroupActs.issue(
        led, led.g().control, Cmd.CMD_EP_CRASH_STEP1, out, c -> GroupActs.victims(led, c));
  }

  private static GroupScene withoutBroken(GroupScene s) {
    return s.with(
        g -> {
          g.ok = GroupActs.survivors(s);
          g.issued = new java.util.TreeMap<>();
        });
  }

  private static GroupScene allLost(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.close(s.with(g -> g.ok = List.of()));
  }

  private static GroupScene rollback(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene rest = withoutBroken(s);
    return GroupActs.issueAll(rest, rest.g().ok, Cmd.CMD_CRASH_ROLLBACK, out);
  }

  private static GroupScene over(GroupScene s, Cmd cmd, List<Effect> out) {
    return GroupActs.over(GroupActs.none(s, s.g().control, out), cmd, out);
  }

  // ---- virtual addresses ------------------------------------------------------------------------

  private static GroupScene vipStep(GroupScene s) {
    return s.with(
        g -> {
          g.vipAsked = false;
          g.vipOpen = 0;
        });
  }

  /** EPs whose address moves: the broken ones, or the one that returns. */
  private static List<Integer> owners(GroupScene s) {
    return s.g().phase.rejoining() ? List.of(s.g().recover) : s.g().broken;
  }

  private static boolean localSlave(GroupScene s, Look x, Now now) {
    return !s.g().vipAsked && owners(s).contains(s.c().css()) && hasVip(s, s.c().css());
  }

  private static boolean localMaster(GroupScene s, Look x, Now now) {
    return !s.g().vipAsked
        && s.g().control == s.c().css()
        && owners(s).stream().anyMatch(ep -> hasVip(s, ep));
  }

  private static boolean hasVip(GroupScene s, int ep) {
    return !DscNames.ep(s.c().dcr(), s.g().group, ep).getVip().isEmpty();
  }

  private static boolean vipFree(GroupScene s, Look x, Now now) {
    return s.g().vipOpen == 0;
  }

  private static boolean lastVip(GroupScene s, VipSet x, Now now) {
    return s.g().vipOpen <= 1;
  }

  private static GroupScene vipSet(GroupScene s, VipSet x, Now now, List<Effect> out) {
    return GroupActs.vipSet(s, x, out);
  }

  /** Each owner's address at its own node; nothing that was asked already is asked again. */
  private static GroupScene slaveVip(
      GroupScene s, List<Integer> owners, boolean up, List<Effect> out) {
    if (s.g().vipAsked) {
      return s;
    }
    GroupScene next = s.with(g -> g.vipAsked = true);
    for (int owner : owners) {
      next = GroupActs.configVip(next, owner, List.of(owner), up, out);
    }
    return next;
  }

  // ---- rejoin -----------------------------------------------------------------------------------

  private static boolean lostInRejoin(GroupScene s, Look x, Now now) {
    return GroupActs.lost(s, s.g().recover) || !GroupActs.newlyLost(s).isEmpty();
  }

  private static GroupScene say(GroupScene s, String text, List<Effect> out) {
    out.add(new Effect.Say(halab.kernel.Level.INFO, text));
    return s;
  }
}
