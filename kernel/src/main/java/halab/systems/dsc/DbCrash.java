package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import halab.systems.dsc.GroupTrigger.VipSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Crash of an EP as the control CSS handles it (reference 3.6, 3.7, 4.3): the first half of seed
 * 001 from top to bottom, and what a second fault does to it. Dialects B and C take the same steps
 * with other commands and names; which ones is in {@link Wording}.
 */
final class DbCrash {
  /** Steps after the first commands went out. */
  private static final Set<GroupPhase> HANDLING =
      EnumSet.range(CRASH_WAIT_STEP1, CRASH_WAIT_EP_VIP);

  /** Who has not beaten at so many looks in a row does not live, if an operator says so. */
  private static final int DEAD_LOOKS = 2;

  private DbCrash() {}

  static void rows(Table<GroupScene, GroupPhase> t) {
    t.move(500, STOP_EP, Look.class, null, CRASH_STEP1, null, "planned handling of the stopped EP")
        .stay(
            510,
            CRASH_STEP1,
            Look.class,
            GroupRows::memberLost,
            (s, x, now, out) -> GroupActs.breakEps(s, GroupActs.newlyLost(s), true, out),
            "one more is lost before anything was ordered")
        .stay(
            515,
            CRASH_STEP1,
            Look.class,
            (s, x, now) -> GroupActs.secured(s) && s.g().broken.stream().anyMatch(n -> beats(s, n)),
            null,
            "EP CRASH of one that lives: it serves until it has read its Kill")
        .move(
            520,
            EnumSet.of(CRASH_STEP1, CRASH_ROLLBACK),
            Look.class,
            (s, x, now) -> GroupActs.survivors(s).isEmpty() && GroupActs.secured(s),
            CLOSED,
            DbCrash::allLost,
            "no EP is left; the marks stay")
        .stay(
            525,
            CRASH_STEP1,
            Look.class,
            (s, x, now) -> GroupActs.secured(s) && !asmDone(s),
            null,
            "ASM is handled before DB: its turn, or its verdict, is still to come")
        .move(
            530,
            CRASH_STEP1,
            Look.class,
            (s, x, now) -> GroupActs.secured(s),
            CRASH_WAIT_STEP1,
            DbCrash::step1,
            "EP_CRASH_STEP1 (B: EP_CRASH) to the control EP, chosen anew if it was the one")
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
            547,
            EnumSet.of(CRASH_WAIT_STEP1, CRASH_WAIT_STEP2),
            Look.class,
            (s, x, now) -> GroupLinks.broken(s),
            LINK_CHECK,
            GroupLinks::check,
            "survivors do not reach each other: LINK_CHECK to them")
        .move(
            550,
            CRASH_WAIT_STEP1,
            Look.class,
            GroupRows::allDone,
            CRASH_STEP2,
            (s, x, now, out) -> over(s, s.c().words().crashFirst(), out),
            "phase 1 is over (B: all three)")
        .move(
            555,
            CRASH_STEP2,
            Look.class,
            null,
            CRASH_WAIT_STEP2,
            (s, x, now, out) ->
                GroupActs.issue(
                    s,
                    s.g().control,
                    s.c().words().crashSecond(),
                    out,
                    c -> GroupActs.victims(s, c)),
            "EP_CRASH_STEP2 (B: CMD CLEAR) to the control EP")
        .move(
            560,
            CRASH_WAIT_STEP2,
            Look.class,
            GroupRows::allDone,
            CRASH_SLAVE_VIP,
            (s, x, now, out) -> DbVip.step(secondOver(s, out)),
            "phases 2 and 3 are over (B: CMD CLEAR is done)")
        .stay(
            565,
            CRASH_SLAVE_VIP,
            Look.class,
            DbVip::localSlave,
            (s, x, now, out) -> DbVip.slave(s, s.g().broken, false, out),
            "take the address down at the broken node, which is this one")
        .move(
            566,
            CRASH_SLAVE_VIP,
            VipSet.class,
            DbVip::lastVip,
            CRASH_WAIT_SLAVE_VIP,
            DbVip::vipSet,
            "taken down, or not: go on")
        .move(
            567,
            CRASH_SLAVE_VIP,
            Look.class,
            DbVip::vipFree,
            CRASH_WAIT_SLAVE_VIP,
            (s, x, now, out) -> DbVip.slave(s, s.g().broken, false, out),
            "tell the broken node's CSS, if it lives")
        .move(
            570,
            CRASH_WAIT_SLAVE_VIP,
            Look.class,
            null,
            CRASH_MASTER_VIP,
            (s, x, now, out) -> DbVip.step(s),
            "not waited for")
        .stay(
            575,
            CRASH_MASTER_VIP,
            Look.class,
            DbVip::localMaster,
            (s, x, now, out) -> DbVip.configure(s, s.g().control, s.g().broken, true, out),
            "bring the address up at the control EP's node, which is this one")
        .move(
            576,
            CRASH_MASTER_VIP,
            VipSet.class,
            DbVip::lastVip,
            CRASH_WAIT_MASTER_VIP,
            DbVip::vipSet,
            "brought up, or not: go on")
        .move(
            577,
            CRASH_MASTER_VIP,
            Look.class,
            DbVip::vipFree,
            CRASH_WAIT_MASTER_VIP,
            (s, x, now, out) -> DbVip.configure(s, s.g().control, s.g().broken, true, out),
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
            DbCrash::rollback,
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

  /** Nothing of ASM is being handled, and no ASM EP of a broken node is about to be. */
  private static boolean asmDone(GroupScene s) {
    return DbGroup.asmRests(s) && s.g().broken.stream().noneMatch(n -> DbGroup.asmFirst(s, n));
  }

  /** A broken EP beats on: only an operator calls one lost that does. */
  private static boolean beats(GroupScene s, int ep) {
    return !GroupActs.over(s, ep, s.g().lives.getOrDefault(ep, 0L))
        && s.c().beats().silent(Scene.seat(s.g().group, ep)) < DEAD_LOOKS;
  }

  private static GroupScene step1(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene rest = withoutBroken(s);
    boolean controlLost = !rest.g().ok.contains(rest.g().control);
    GroupScene led = controlLost ? GroupActs.choose(rest, rest.g().ok, out) : rest;
    return GroupActs.issue(
        led, led.g().control, led.c().words().crashFirst(), out, c -> GroupActs.victims(led, c));
  }

  private static GroupScene withoutBroken(GroupScene s) {
    return s.with(
        g -> {
          g.ok = GroupActs.survivors(s);
          g.issued = new TreeMap<>();
        });
  }

  private static GroupScene allLost(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.close(s.with(g -> g.ok = List.of()));
  }

  private static GroupScene rollback(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene rest = withoutBroken(s);
    return GroupActs.issueAll(rest, rest.g().ok, Cmd.CMD_CRASH_ROLLBACK, out);
  }

  private static GroupScene secondOver(GroupScene s, List<Effect> out) {
    Wording words = s.c().words();
    return words.secondIsOver()
        ? over(s, words.crashSecond(), out)
        : s.with(g -> g.issued = new TreeMap<>());
  }

  private static GroupScene over(GroupScene s, Cmd cmd, List<Effect> out) {
    return GroupActs.over(GroupActs.none(s, s.g().control, out), cmd, out);
  }
}
