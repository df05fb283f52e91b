package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.CLOSED;
import static halab.systems.dsc.GroupPhase.HALT;
import static halab.systems.dsc.GroupPhase.OPEN;
import static halab.systems.dsc.GroupPhase.REJOIN_SUSPEND;
import static halab.systems.dsc.GroupPhase.SHUTDOWN;
import static halab.systems.dsc.GroupPhase.STARTUP;
import static halab.systems.dsc.GroupPhase.START_NORMAL;
import static halab.systems.dsc.GroupPhase.START_NOTIFY;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.DcrGroup;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What the ASM and the DB group have in common: how a start begins, how an orderly stop and a halt
 * of all end, and how the group is told from outside. Rows 100 to 149 and 800 to 999.
 */
final class GroupRows {
  static final Set<GroupPhase> ALL = EnumSet.allOf(GroupPhase.class);
  static final Set<GroupPhase> STARTING = phases(GroupPhase::starting);
  static final Set<GroupPhase> CRASHING = phases(GroupPhase::crashing);
  static final Set<GroupPhase> REJOINING = phases(GroupPhase::rejoining);

  private GroupRows() {}

  private static Set<GroupPhase> phases(java.util.function.Predicate<GroupPhase> which) {
    return ALL.stream()
        .filter(which)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(GroupPhase.class)));
  }

  static Table<GroupScene, GroupPhase> table(String name) {
    return new Table<>(
        name,
        GroupPhase.class,
        s -> s.g().phase,
        GroupScene::withPhase,
        s -> Long.MAX_VALUE,
        (s, event) -> event,
        s -> name,
        GroupTrigger.ALL);
  }

  /**
   * Rows 100 to 149: from nobody to the choice of the control EP (reference 3.2, 3.11).
   *
   * @param may whether the group may start at all (DB: ASM is OPEN)
   */
  static Table<GroupScene, GroupPhase> start(
      Table<GroupScene, GroupPhase> t, Table.Guard<GroupScene, Look> may) {
    return t.stay(
            85,
            EnumSet.of(STARTUP, CLOSED),
            Look.class,
            GroupRows::unwatched,
            null,
            "monitoring is off: nobody is started")
        .stay(
            86,
            STARTING,
            Look.class,
            GroupRows::unwatched,
            null,
            "monitoring is off: a start does not go on")
        .stay(
            90,
            EnumSet.of(STARTUP, CLOSED),
            Look.class,
            (s, x, now) -> !GroupActs.leftovers(s).isEmpty(),
            (s, x, now, out) -> GroupActs.killLeftovers(s, out),
            "an EP of the group that ended works on: Kill it again")
        .move(
            100,
            CLOSED,
            Look.class,
            (s, x, now) -> may.holds(s, x, now) && !GroupActs.candidates(s).isEmpty(),
            STARTUP,
            null,
            "an EP asks to be started")
        .move(
            105,
            STARTUP,
            Look.class,
            GroupRows::memberLost,
            HALT,
            (s, x, now, out) -> GroupActs.doom(s, out),
            "an EP is lost of a start that another control CSS began: all halt")
        .move(
            110,
            STARTUP,
            Look.class,
            (s, x, now) -> may.holds(s, x, now) && ready(s),
            START_NOTIFY,
            GroupRows::chooseControl,
            "choose the control EP among the active ones; START NOTIFY")
        .stay(
            120,
            STARTUP,
            Look.class,
            (s, x, now) -> may.holds(s, x, now) && !GroupActs.candidates(s).isEmpty(),
            GroupRows::noteFirst,
            "first EP is there: read the fault marks")
        .stay(130, EnumSet.of(STARTUP, CLOSED), Look.class, null, null, "nobody to start")
        .move(
            140,
            STARTING,
            Look.class,
            GroupRows::memberLost,
            HALT,
            (s, x, now, out) -> GroupActs.doom(s, out),
            "an EP is lost while the group starts: all halt");
  }

  /**
   * Rows 391 to 399: {@code exit} on a console (reference 3.12), and at rest while monitoring is
   * off (reference 5.3, {@code css stop}). What is begun by hand goes on by the rows of its phases.
   */
  static Table<GroupScene, GroupPhase> atRestByHand(Table<GroupScene, GroupPhase> t) {
    return t.move(
            391,
            OPEN,
            Look.class,
            (s, x, now) -> GroupActs.asksToStop(s),
            SHUTDOWN,
            (s, x, now, out) -> stopAll(s, out),
            "exit on the console of an EP: all stop together, ASM when no DB EP is left")
        .stay(
            393,
            OPEN,
            Look.class,
            (s, x, now) -> unwatched(s, x, now) && !s.g().crashOver && CrashGate.passes(s),
            (s, x, now, out) -> CrashGate.turn(s, true, out),
            "monitoring is off: a handling by hand is over for good")
        .stay(395, OPEN, Look.class, GroupRows::unwatched, null, "monitoring is off: only shown");
  }

  /**
   * Rows 432 to 436: what an operator asks of a group at rest (reference 5.3).
   *
   * @param crash first step of the group's crash handling
   * @param returning the EP that may rejoin now, 255 none
   */
  static Table<GroupScene, GroupPhase> byHand(
      Table<GroupScene, GroupPhase> t, GroupPhase crash, ToIntFunction<GroupScene> returning) {
    return t.move(
            432,
            OPEN,
            GroupTrigger.CrashEp.class,
            (s, x, now) -> GroupActs.member(s, x.ep()),
            crash,
            (s, x, now, out) -> GroupActs.breakEps(s, List.of(x.ep()), true, out),
            "EP CRASH: failed now, whatever the count")
        .move(
            434,
            OPEN,
            GroupTrigger.Break.class,
            (s, x, now) -> !GroupActs.newlyLost(s).isEmpty(),
            crash,
            (s, x, now, out) -> GroupActs.breakEps(s, GroupActs.newlyLost(s), true, out),
            "EP BREAK: handle who is lost")
        .move(
            436,
            OPEN,
            GroupTrigger.Recover.class,
            (s, x, now) -> returning.applyAsInt(s) != DscText.NONE,
            REJOIN_SUSPEND,
            (s, x, now, out) -> RejoinActs.recover(s, returning.applyAsInt(s), out),
            "EP RECOVER: the next one rejoins");
  }

  private static boolean unwatched(GroupScene s, Look x, Now now) {
    return !s.c().auto();
  }

  private static GroupScene noteFirst(GroupScene s, Look x, Now now, List<Effect> out) {
    if (!s.g().marksKnown) {
      GroupActs.askMarks(s, out);
    }
    return s.g().candidateLook > 0 ? s : s.with(g -> g.candidateLook = s.c().look());
  }

  /**
   * The marks as they stand on the disk: somebody may have cleared them. Older ones than this CSS
   * has written and read back come from a disk that lies.
   */
  private static GroupScene knowMarks(
      GroupScene s, GroupTrigger.MarksSeen x, Now now, List<Effect> out) {
    boolean older = x.dcr().getGeneration() < s.g().dcr.getGeneration();
    DcrGroup known =
        older
            ? s.g().dcr
            : s.g().dcr.toBuilder()
                .clearErrEp()
                .addAllErrEp(x.dcr().getErrEpList())
                .setGeneration(x.dcr().getGeneration())
                .build();
    return s.with(
        g -> {
          g.dcr = known;
          g.ok = GroupState.okBy(known);
          g.marksKnown = true;
        });
  }

  /**
   * The marks are known, and at least one look has passed since the first candidate; OK EPs go
   * before ones that are marked ERROR.
   */
  private static boolean ready(GroupScene s) {
    if (!s.g().marksKnown || s.g().candidateLook == 0 || s.c().look() <= s.g().candidateLook) {
      return false;
    }
    return !eligible(s).isEmpty();
  }

  /**
   * Candidates for the control EP: the one of the start that another control CSS began, for it may
   * act as such already; else OK ones, or marked ones where the DCR has no OK EP left.
   */
  private static List<Integer> eligible(GroupScene s) {
    List<Integer> candidates = GroupActs.candidates(s);
    if (s.g().lives.containsKey(s.g().control)) {
      return GroupActs.kept(candidates, List.of(s.g().control));
    }
    List<Integer> okInDcr = GroupState.okBy(s.g().dcr);
    return okInDcr.isEmpty() ? candidates : candidates.stream().filter(okInDcr::contains).toList();
  }

  /** A marked EP that is up when the start begins is taken along as a member (reference 3.11). */
  private static GroupScene chooseControl(GroupScene s, Look x, Now now, List<Effect> out) {
    List<Integer> candidates = GroupActs.candidates(s);
    GroupScene chosen = GroupActs.choose(s, eligible(s), out);
    GroupScene marked =
        GroupActs.mark(chosen, GroupActs.without(s.g().dcr.getErrEpList(), candidates), out);
    GroupScene open =
        marked.with(
            g -> {
              g.ok = GroupState.okBy(g.dcr);
              g.broken = List.of();
              g.recover = DscText.NONE;
              g.issued = new TreeMap<>();
              g.lives = new TreeMap<>();
            });
    GroupScene taken = GroupActs.takeIn(open, List.of(open.g().control));
    return GroupActs.issue(taken, taken.g().control, Cmd.CMD_START_NOTIFY, out);
  }

  /** OK EPs that are there. */
  static List<Integer> present(GroupScene s) {
    return s.g().ok.stream().filter(ep -> GroupActs.candidate(s, ep)).toList();
  }

  /** All OK EPs are there, and none of the normal ones has been told to start yet. */
  static boolean normalsReady(GroupScene s) {
    return s.g().issued.isEmpty() && present(s).containsAll(s.g().ok);
  }

  /** EP START to each normal EP; from here on its life belongs to the group. */
  static GroupScene startNormals(GroupScene s, Look x, Now now, List<Effect> out) {
    List<Integer> normals = normals(s);
    return GroupActs.issueAll(GroupActs.takeIn(s, normals), normals, Cmd.CMD_EP_START, out);
  }

  static List<Integer> normals(GroupScene s) {
    return GroupActs.without(s.g().ok, List.of(s.g().control));
  }

  static GroupScene noneToAll(GroupScene s, List<Effect> out) {
    return GroupActs.noneAll(s, new ArrayList<>(s.g().issued.keySet()), out);
  }

  /** NONE to each EP as it answers, while others are still at it. */
  static GroupScene noneToDone(GroupScene s, List<Effect> out) {
    List<Integer> done =
        s.g().issued.keySet().stream().filter(ep -> GroupActs.done(s, ep)).toList();
    return GroupActs.noneAll(s, done, out);
  }

  /**
   * OPEN FORCE: the missing ones are marked ERROR, the others open (reference 4.7, drill 24). One
   * whose node has fallen silent after it was ordered to start is not waited for either, and must
   * not go on starting.
   */
  private static <T> GroupScene force(GroupScene s, T x, Now now, List<Effect> out) {
    List<Integer> missing = GroupActs.without(s.g().ok, present(s));
    List<Integer> err = new ArrayList<>(s.g().dcr.getErrEpList());
    err.addAll(missing);
    GroupActs.kept(missing, s.g().lives.keySet())
        .forEach(ep -> GroupActs.kill(s, ep, s.g().lives.get(ep), out));
    return GroupActs.mark(s, err, out)
        .with(
            g -> {
              g.ok = GroupActs.without(s.g().ok, missing);
              g.issued = new TreeMap<>(s.g().issued);
              missing.forEach(g.issued::remove);
            });
  }

  /** OK EPs are missing since the first one started, longer than DMDCR_AUTO_OPEN_CHECK allows. */
  private static boolean waitedEnough(GroupScene s, Look x, Now now) {
    long mostMs = 1000L * s.c().ini().autoOpenCheckS();
    return mostMs > 0
        && now.monoMs() - s.g().waitSinceMs >= mostMs
        && !present(s).containsAll(s.g().ok);
  }

  private static GroupScene sayLate(GroupScene s, List<Effect> out) {
    for (int ep : GroupActs.without(s.g().ok, present(s))) {
      String late = DscText.notStarted(s.g().type, GroupActs.name(s, ep), ep);
      out.add(new Effect.Say(Level.WARNING, late));
    }
    return s;
  }

  static boolean allDone(GroupScene s, Look x, Now now) {
    return GroupActs.allDone(s);
  }

  /** Some have answered, others have not. */
  static boolean someDone(GroupScene s, Look x, Now now) {
    return !GroupActs.allDone(s)
        && s.g().issued.keySet().stream().anyMatch(ep -> GroupActs.done(s, ep));
  }

  static boolean memberLost(GroupScene s, Look x, Now now) {
    return !GroupActs.newlyLost(s).isEmpty();
  }

  // ---- stop and halt ----------------------------------------------------------------------------

  /** Rows 800 to 999. */
  static Table<GroupScene, GroupPhase> end(Table<GroupScene, GroupPhase> t) {
    return t.move(
            800,
            SHUTDOWN,
            Look.class,
            (s, x, now) -> stopped(s),
            CLOSED,
            (s, x, now, out) -> GroupActs.close(s),
            "all EPs have stopped")
        .stay(
            810,
            SHUTDOWN,
            Look.class,
            (s, x, now) -> !unordered(s).isEmpty(),
            (s, x, now, out) -> GroupActs.issueAll(s, unordered(s), Cmd.CMD_EP_STOP, out),
            "EP STOP to who has none: the control CSS has changed, it was silent, or lives anew")
        .stay(
            815,
            SHUTDOWN,
            Look.class,
            null,
            (s, x, now, out) -> killSilent(s, out),
            "waits until all have stopped; Kill for the silent")
        .move(
            820,
            HALT,
            Look.class,
            (s, x, now) -> GroupActs.allEnded(s),
            CLOSED,
            (s, x, now, out) -> GroupActs.close(s),
            "all EPs have ended")
        .stay(
            830,
            HALT,
            Look.class,
            null,
            (s, x, now, out) -> {
              s.g().doomed.forEach((ep, life) -> GroupActs.kill(s, ep, life, out));
              return s;
            },
            "Kill stands until all have ended")
        .stay(840, START_NORMAL, GroupTrigger.Force.class, null, GroupRows::force, "OPEN FORCE")
        .stay(
            845,
            START_NORMAL,
            Look.class,
            GroupRows::waitedEnough,
            (s, x, now, out) -> force(sayLate(s, out), x, now, out),
            "DMDCR_AUTO_OPEN_CHECK is over: missing EPs become ERROR, the others open")
        .stay(
            850,
            ALL,
            GroupTrigger.HaltEp.class,
            null,
            (s, x, now, out) -> {
              GroupActs.kill(s, x.ep(), s.c().beat(s.g().group, x.ep()).getIncarnation(), out);
              return s;
            },
            "EP HALT: Kill for this EP")
        .move(
            860,
            OPEN,
            GroupTrigger.Stop.class,
            null,
            SHUTDOWN,
            (s, x, now, out) -> stopAll(s, out),
            "EP STOP: all stop together")
        .stay(
            870,
            ALL,
            GroupTrigger.VipSet.class,
            null,
            (s, x, now, out) -> DbVip.settled(s, x, out),
            "an address is settled")
        .stay(
            880,
            ALL,
            GroupTrigger.MarksDurable.class,
            null,
            (s, x, now, out) -> s.with(g -> g.marking = 0),
            "fault marks are durable")
        .stay(
            885,
            STARTUP,
            GroupTrigger.MarksSeen.class,
            (s, x, now) -> s.g().marking == 0,
            GroupRows::knowMarks,
            "the fault marks as they stand in the DCR before a start")
        .ignore(900, ALL, Look.class, "waits")
        .ignore(910, ALL, GroupTrigger.Stop.class, "can be stopped when OPEN only")
        .ignore(920, ALL, GroupTrigger.Force.class, "nobody is waited for")
        .ignore(921, ALL, GroupTrigger.CrashEp.class, "no member, or not OPEN")
        .ignore(922, ALL, GroupTrigger.Break.class, "nobody is lost, or not OPEN")
        .ignore(923, ALL, GroupTrigger.Recover.class, "nobody may rejoin, or not OPEN")
        .ignore(924, ALL, GroupTrigger.Extend.class, "can be extended when OPEN only")
        .ignore(930, ALL, GroupTrigger.MarksSeen.class, "marks are read before a start only");
  }

  /** Members, and who waits to be let in: else that one would have the group started again. */
  private static GroupScene stopAll(GroupScene s, List<Effect> out) {
    return GroupActs.issueAll(s, s.c().active(s.g().group), Cmd.CMD_EP_STOP, out);
  }

  private static boolean stopped(GroupScene s) {
    return s.g().ok.stream().allMatch(ep -> memberOver(s, ep))
        && s.g().ok.containsAll(s.c().active(s.g().group));
  }

  private static boolean memberOver(GroupScene s, int ep) {
    return GroupActs.over(s, ep, s.g().lives.getOrDefault(ep, 0L));
  }

  /** Works on, and has not been ordered to stop in this life. */
  private static List<Integer> unordered(GroupScene s) {
    return s.c().active(s.g().group).stream()
        .filter(ep -> !GroupActs.issuedToThisLife(s, ep))
        .filter(ep -> !s.g().ok.contains(ep) || !memberOver(s, ep))
        .toList();
  }

  /** A member that fell silent instead of stopping is made sure of. */
  private static GroupScene killSilent(GroupScene s, List<Effect> out) {
    for (int ep : s.g().ok) {
      if (s.c().silent(s.g().group, ep)) {
        GroupActs.kill(s, ep, s.g().lives.getOrDefault(ep, 0L), out);
      }
    }
    return s;
  }
}
