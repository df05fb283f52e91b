package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import halab.systems.dsc.GroupTrigger.MarksDurable;
import java.util.List;
import java.util.TreeMap;

/** The steps of a rejoin that ASM and DB go through alike (reference 3.8, 3.9; seed 001). */
final class RejoinActs {
  private RejoinActs() {}

  /** Rows 600 to 670: from the first word to the control EP's recovery. */
  static Table<GroupScene, GroupPhase> opening(Table<GroupScene, GroupPhase> t) {
    return t.move(
            600,
            GroupRows.REJOINING,
            Look.class,
            (s, x, now) -> GroupActs.lost(s, s.g().recover) || GroupRows.memberLost(s, x, now),
            HALT,
            (s, x, now, out) -> GroupActs.doom(s, out),
            "an EP is lost during a rejoin: all halt")
        .move(
            605,
            GroupRows.REJOINING,
            Look.class,
            (s, x, now) -> GroupLinks.broken(s),
            LINK_CHECK,
            GroupLinks::check,
            "members do not reach each other: LINK_CHECK to all")
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
            (s, x, now) -> suspended(s) && !marked(s),
            REJOIN_DCR_LOAD,
            (s, x, now, out) -> dcrLoad(suspendOver(s, x, now, out), out),
            "all stand still, no fault mark is left: DCR_LOAD to all")
        .stay(
            640,
            REJOIN_WAIT_SUSPEND,
            Look.class,
            (s, x, now) -> suspended(s),
            RejoinActs::suspendOver,
            "all stand still: take the fault mark out of the DCR")
        .move(
            650,
            REJOIN_WAIT_SUSPEND,
            MarksDurable.class,
            null,
            REJOIN_DCR_LOAD,
            (s, x, now, out) -> dcrLoad(s, out),
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
            "EP RECV to the control EP");
  }

  /**
   * Rows 700 to 720: the older rule (reference, dialects). The control EP is chosen as at a start,
   * the lowest seqno; all stand still, so that the role goes over with nothing on its way.
   */
  static Table<GroupScene, GroupPhase> adjusting(Table<GroupScene, GroupPhase> t) {
    return t.move(
            700,
            REJOIN_OPEN,
            Look.class,
            GroupRows::allDone,
            REJOIN_ADJUST,
            (s, x, now, out) -> adjust(GroupActs.choose(s, List.of(s.g().recover), out), out),
            "ADJUST_MASTER_EP to all: a lower seqno than the control EP's takes the role back")
        .stay(
            710,
            REJOIN_ADJUST,
            Look.class,
            (s, x, now) -> s.g().issued.isEmpty(),
            (s, x, now, out) -> adjust(s, out),
            "ADJUST_MASTER_EP again: another control CSS, or the links were tested meanwhile")
        .move(
            720,
            REJOIN_ADJUST,
            Look.class,
            GroupRows::allDone,
            REJOIN_RESUME,
            RejoinActs::resume,
            "it is control node for all: RESUME EP WORKER THREAD to every other EP");
  }

  /** It is open inside, and its turn is not to take the control role back. */
  static boolean staysNormal(GroupScene s, Look x, Now now) {
    boolean takesBack = s.c().words().adjustsMaster() && s.g().recover < s.g().control;
    return GroupActs.allDone(s) && !takesBack;
  }

  private static GroupScene adjust(GroupScene s, List<Effect> out) {
    return GroupActs.issueAll(s, s.g().ok, Cmd.CMD_ADJUST_MASTER_EP, out);
  }

  /** The EP to rejoin is known: name it and take its life in. */
  static GroupScene recover(GroupScene s, int ep, List<Effect> out) {
    say(s, s.c().words().setRecover(s.g().type, GroupActs.name(s, ep), ep), out);
    return GroupActs.takeIn(s, List.of(ep)).with(g -> g.recover = ep);
  }

  private static List<Integer> others(GroupScene s) {
    return GroupActs.without(s.g().ok, List.of(s.g().recover));
  }

  private static GroupScene suspend(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene free = s.with(g -> g.issued = new TreeMap<>());
    return GroupActs.issueAll(free, others(s), Cmd.CMD_SUSPEND_WORKER, out);
  }

  private static boolean suspended(GroupScene s) {
    return s.g().marking == 0 && GroupActs.allDone(s) && !s.g().issued.containsKey(s.g().recover);
  }

  private static boolean marked(GroupScene s) {
    return s.g().dcr.getErrEpList().contains(s.g().recover);
  }

  private static GroupScene suspendOver(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, s.c().words().suspendOver(s.g().type), out);
    return GroupActs.mark(
        s, GroupActs.without(s.g().dcr.getErrEpList(), List.of(s.g().recover)), out);
  }

  private static GroupScene dcrLoad(GroupScene s, List<Effect> out) {
    GroupScene added =
        s.with(
            g -> {
              g.marking = 0;
              g.ok = GroupActs.with(g.ok, List.of(g.recover));
              g.issued = new TreeMap<>();
            });
    return GroupActs.issueAll(added, added.g().ok, Cmd.CMD_DCR_LOAD, out);
  }

  private static GroupScene errorEpAdd(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, s.c().words().errorEpAddOver(s.g().type), out);
    return GroupActs.issueAll(s, s.g().ok, Cmd.CMD_ERROR_EP_ADD, out);
  }

  private static GroupScene epRecv(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, s.c().words().errorEpAddOver(s.g().type), out);
    GroupScene only = s.with(g -> g.issued = new TreeMap<>());
    return GroupActs.issue(
        only,
        s.g().control,
        Cmd.CMD_EP_RECV,
        out,
        c -> GroupActs.pastLives(s, s.g().control, c.addEp(s.g().recover)));
  }

  static GroupScene resume(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.issueAll(
        GroupActs.none(s, s.g().recover, out), others(s), Cmd.CMD_RESUME_WORKER, out);
  }

  static GroupScene realOpen(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, s.c().words().resumeOver(s.g().type), out);
    return GroupActs.issue(GroupRows.noneToAll(s, out), s.g().recover, Cmd.CMD_EP_REAL_OPEN, out);
  }

  private static void say(GroupScene s, String text, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, text));
  }
}
