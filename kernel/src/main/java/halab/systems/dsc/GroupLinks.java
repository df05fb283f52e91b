package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.LinkIp;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A broken network between the EPs of a group, as the control CSS handles it: LINK_CHECK to all,
 * the verdict, Kill for the losers, and then the crash of EPs that have ended (reference 4.4). Rows
 * 450 to 469 of both groups.
 */
final class GroupLinks {
  private static final int ASM = 1;

  private GroupLinks() {}

  /**
   * @param lost members whose loss may be handled now
   * @param crash first step of the group's crash handling
   */
  static Table<GroupScene, GroupPhase> rows(
      Table<GroupScene, GroupPhase> t, Function<GroupScene, List<Integer>> lost, GroupPhase crash) {
    return t.move(
            450,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> s.g().recover != DscText.NONE && rejoinLost(s),
            HALT,
            (s, x, now, out) -> GroupActs.doom(s, out),
            "an EP ends while a rejoin waits for the links: all halt")
        .move(
            452,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> losersOver(s) && !lost.apply(s).isEmpty() && s.g().broken.isEmpty(),
            crash,
            (s, x, now, out) -> ended(s, lost.apply(s), out),
            "who had to go is gone, or an EP is lost: handle it as a crash")
        .stay(
            456,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> decidable(s) && !losers(s).isEmpty(),
            (s, x, now, out) -> halt(s, out),
            "some do not reach each other: Kill for whoever has to go")
        .move(
            457,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> decidable(s) && s.g().adjusted(),
            REJOIN_ADJUST,
            (s, x, now, out) -> over(s, out),
            "all links answer again: ADJUST_MASTER_EP again")
        .move(
            458,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> decidable(s) && s.g().recover != DscText.NONE,
            REJOIN_SUSPEND,
            (s, x, now, out) -> over(s, out),
            "all links answer again: the rejoin begins anew")
        .move(
            460,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> decidable(s) && s.g().broken.isEmpty(),
            OPEN,
            (s, x, now, out) -> over(s, out),
            "all links answer again: nobody has to go")
        .stay(
            464,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> !losersOver(s),
            (s, x, now, out) -> killAgain(s, out),
            "Kill stands until the losers have ended");
  }

  /** Rows 466 and 468: the links broke while a crash of the DB group was being handled. */
  static Table<GroupScene, GroupPhase> inCrash(
      Table<GroupScene, GroupPhase> t, Function<GroupScene, List<Integer>> lost) {
    return t.move(
            466,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> losersOver(s) && !lost.apply(s).isEmpty(),
            CRASH_ROLLBACK,
            (s, x, now, out) -> ended(s, lost.apply(s), out),
            "who had to go is gone, or an EP is lost: handle all the broken together")
        .move(
            468,
            LINK_CHECK,
            Look.class,
            (s, x, now) -> decidable(s),
            CRASH_ROLLBACK,
            (s, x, now, out) -> over(s, out),
            "all links answer again: the handling begins anew");
  }

  // ---- the report -------------------------------------------------------------------------------

  /**
   * A report that has stood for so many looks is acted on: a process that woke from a pause has
   * answered its peers by then, and they have shown it.
   */
  static final int STANDS_LOOKS = 3;

  /** A report that was not seen for so many looks is over; a slow disk shows it now and then. */
  private static final int GONE_LOOKS = 5;

  /** Notes whether this look shows a report. */
  static GroupScene noted(GroupScene s) {
    if (!reported(s)) {
      return s;
    }
    long look = s.c().look();
    boolean goesOn = s.g().reportSince > 0 && look - s.g().reportLook < GONE_LOOKS;
    return s.with(
        g -> {
          g.reportSince = goesOn ? g.reportSince : look;
          g.reportLook = look;
        });
  }

  /**
   * A broken link is reported now and has been for some looks. ASM is tested by a report of DB,
   * too: its verdict comes first.
   */
  static boolean broken(GroupScene s) {
    boolean own =
        s.g().reportLook == s.c().look()
            && s.c().look() - s.g().reportSince >= STANDS_LOOKS
            && reported(s);
    return own || s.g().group == ASM && ofDb(s);
  }

  /** A report of the DB group stands that ASM has not been tested for. */
  private static boolean ofDb(GroupScene s) {
    GroupState db = s.c().db();
    return db.reportSince > s.g().testedFor
        && db.reportLook >= s.c().look() - 1 // ASM's turn in a look is before DB's
        && s.c().look() - db.reportSince >= STANDS_LOOKS;
  }

  /** A member reports that it does not reach another one, and both of them beat. */
  private static boolean reported(GroupScene s) {
    List<Integer> ok = s.g().ok;
    for (int ep : ok) {
      List<Integer> down = beat(s, ep).getMalDownList();
      if (!down.isEmpty() // hardly ever, so that is asked first
          && fresh(s, ep)
          && down.stream().anyMatch(other -> ok.contains(other) && fresh(s, other))) {
        return true;
      }
    }
    return false;
  }

  /**
   * A member whose heartbeat came with this very look and that is not under a Kill. Of one that has
   * just died its peers' links say nothing new, so that case is left to the disk check (4.5).
   */
  private static boolean fresh(GroupScene s, int ep) {
    long life = s.g().lives.getOrDefault(ep, 0L);
    Heartbeat beat = beat(s, ep);
    return beat.getIncarnation() == life
        && beat.getVtdStatus() == VtdStatus.VTD_WORKING
        && s.c().beats().silent(Scene.seat(s.g().group, ep)) == 0
        && s.c().picture().kill(s.g().group, ep).getIncarnation() < life;
  }

  private static Heartbeat beat(GroupScene s, int ep) {
    return s.c().beat(s.g().group, ep);
  }

  /** LINK_CHECK to every OK EP. */
  static GroupScene check(GroupScene s, Look x, Now now, List<Effect> out) {
    long tested = s.g().group == ASM ? s.c().db().reportSince : 0;
    GroupScene free =
        s.with(
            g -> {
              g.issued = new TreeMap<>();
              g.testedFor = Math.max(g.testedFor, tested);
            });
    return GroupActs.issueAll(free, s.g().ok, Cmd.CMD_LINK_CHECK, out);
  }

  /** One that asks to be started reaches every OK EP; else the group would stand still for it. */
  static boolean reachesAll(GroupScene s, int ep) {
    return beat(s, ep).getMalDownList().stream().noneMatch(s.g().ok::contains);
  }

  // ---- the verdict ------------------------------------------------------------------------------

  private static boolean decidable(GroupScene s) {
    return GroupActs.allDone(s)
        && GroupActs.newlyLost(s).isEmpty()
        && (s.g().group == ASM || asmDecided(s));
  }

  /**
   * ASM has its verdict on what the DB group reports, or nothing is reported any more. DB decides
   * afterwards, for two verdicts could leave nodes of which one has no ASM and one no DB.
   */
  private static boolean asmDecided(GroupScene s) {
    GroupState asm = s.c().asm();
    boolean tested = asm.testedFor >= s.g().reportSince;
    boolean decided = asm.phase != LINK_CHECK || !asm.doomed.isEmpty();
    return tested && decided || s.c().look() - s.g().reportLook >= GONE_LOOKS;
  }

  /** A link is broken when either end says so. */
  private static boolean linked(GroupScene s, int one, int other) {
    return !beat(s, one).getMalDownList().contains(other)
        && !beat(s, other).getMalDownList().contains(one);
  }

  /** Those of the nodes that ASM has to do without, and whom the verdict on the others names. */
  private static List<Integer> losers(GroupScene s) {
    List<Integer> without =
        s.g().group == ASM ? List.of() : GroupActs.kept(s.g().ok, s.c().asm().doomed.keySet());
    List<Integer> halted =
        LinkVerdict.halted(
            GroupActs.without(s.g().ok, without),
            (one, other) -> linked(s, one, other),
            ep -> beat(s, ep).getLinkIp() == LinkIp.LINK_IP_REACHED);
    return GroupActs.with(without, halted);
  }

  private static GroupScene halt(GroupScene s, List<Effect> out) {
    for (int ep : s.g().ok) {
      if (s.g().ok.stream().anyMatch(other -> other != ep && !linked(s, ep, other))) {
        String line = DscText.subnetError(GroupActs.name(s, ep), ep);
        out.add(new Effect.Say(Level.WARNING, line));
        GroupActs.relay(s.c(), out, r -> r.setType(s.g().type).setInfo(line));
      }
    }
    TreeMap<Integer, Long> doomed = new TreeMap<>();
    losers(s).forEach(ep -> doomed.put(ep, s.g().lives.getOrDefault(ep, 0L)));
    return killAgain(over(s, out).with(g -> g.doomed = doomed), out);
  }

  private static GroupScene killAgain(GroupScene s, List<Effect> out) {
    s.g().doomed.forEach((ep, life) -> GroupActs.kill(s, ep, life, out));
    return s;
  }

  private static GroupScene over(GroupScene s, List<Effect> out) {
    return GroupActs.over(GroupRows.noneToAll(s, out), Cmd.CMD_LINK_CHECK, out);
  }

  // ---- the end of the losers --------------------------------------------------------------------

  /**
   * They serve as long as they have not read their Kill, so nobody goes on without them before
   * (reference 4.4, item 4).
   */
  private static boolean losersOver(GroupScene s) {
    return GroupActs.allEnded(s);
  }

  private static boolean rejoinLost(GroupScene s) {
    return GroupActs.lost(s, s.g().recover) || !GroupActs.newlyLost(s).isEmpty();
  }

  private static GroupScene ended(GroupScene s, List<Integer> lost, List<Effect> out) {
    return GroupActs.breakEps(s.with(g -> g.doomed = new TreeMap<>()), lost, true, out);
  }
}
