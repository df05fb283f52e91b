package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The DB group under its control CSS: start (reference 3.11), at rest, and from there into the
 * crash of an EP ({@link DbCrash}), its rejoin ({@link DbRejoin}) and the stop (3.12).
 */
final class DbGroup {
  static final Table<GroupScene, GroupPhase> TABLE = table();

  private DbGroup() {}

  private static Table<GroupScene, GroupPhase> table() {
    Table<GroupScene, GroupPhase> t = GroupRows.table("dmcss.DB");
    GroupRows.start(t, (s, x, now) -> s.c().asm().phase == OPEN);
    start(t);
    open(t);
    GroupLinks.rows(t, DbGroup::due, CRASH_STEP1);
    GroupLinks.inCrash(t, DbGroup::due);
    ExtendNode.groupRows(t, DbGroup::due, CRASH_STEP1);
    DbCrash.rows(t);
    DbRejoin.rows(t);
    return GroupRows.end(t);
  }

  private static void start(Table<GroupScene, GroupPhase> t) {
    t.move(
            150,
            START_NOTIFY,
            Look.class,
            GroupRows::allDone,
            START_LOAD,
            (s, x, now, out) -> GroupActs.issueAll(s, GroupRows.present(s), Cmd.CMD_DCR_LOAD, out),
            "DCR_LOAD to all")
        .move(
            160,
            START_LOAD,
            Look.class,
            GroupRows::allDone,
            START_CONTROL,
            DbGroup::startControl,
            "EP START to the control EP")
        .move(
            170,
            START_CONTROL,
            Look.class,
            GroupRows::allDone,
            START_NORMAL,
            (s, x, now, out) ->
                GroupActs.none(s, s.g().control, out).with(g -> g.waitSinceMs = now.monoMs()),
            "the control EP has started")
        .stay(
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
        .stay(
            235,
            EnumSet.of(START_OPEN, START_REAL_OPEN),
            Look.class,
            GroupRows::someDone,
            (s, x, now, out) -> GroupRows.noneToDone(s, out),
            "NONE to each as it answers")
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
    GroupRows.atRestByHand(t)
        .move(
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
            425,
            OPEN,
            Look.class,
            (s, x, now) -> s.c().asm().phase == OPEN && GroupLinks.broken(s),
            LINK_CHECK,
            GroupLinks::check,
            "an EP reports a broken MAL link to one that lives: LINK_CHECK to all")
        .stay(
            428,
            OPEN,
            Look.class,
            DbGroup::newlyBarred,
            (s, x, now, out) -> sayBarred(s, out),
            "an EP in ERROR asks to be started, but one is in MOUNT: no rejoin")
        .move(
            430,
            OPEN,
            Look.class,
            (s, x, now) -> returning(s) != DscText.NONE,
            REJOIN_SUSPEND,
            DbGroup::recover,
            "an EP in ERROR asks to be started");
    GroupRows.byHand(t, CRASH_STEP1, DbGroup::returning)
        .stay(
            440,
            OPEN,
            Look.class,
            (s, x, now) -> !s.g().crashOver && CrashGate.passes(s),
            (s, x, now, out) -> CrashGate.turn(s, true, out),
            "the last handling is over for good: a failed EP may rejoin")
        .stay(
            445,
            OPEN,
            Look.class,
            (s, x, now) -> !s.g().crashOver && !s.g().barred,
            (s, x, now, out) -> CrashGate.turn(s, false, out),
            "an EP does not hold for good yet what the order held at the crash: no rejoin");
  }

  // ---- start ------------------------------------------------------------------------------------

  private static GroupScene startControl(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.issue(GroupRows.noneToAll(s, out), s.g().control, Cmd.CMD_EP_START, out);
  }

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
    int control = s.g().control;
    return GroupActs.issue(
        GroupRows.noneToAll(s, out),
        control,
        Cmd.CMD_EP_START2,
        out,
        c -> GroupActs.pastLives(s, control, c));
  }

  private static GroupScene redoNormals(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.issueAll(
        GroupRows.noneToAll(s, out), GroupRows.normals(s), Cmd.CMD_EP_START2, out);
  }

  private static GroupScene opened(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene next = GroupRows.noneToAll(s, out);
    for (int ep : s.g().ok) {
      next = DbVip.configure(next, ep, List.of(ep), true, out);
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
    if (!asmRests(s)) {
      return List.of();
    }
    return GroupActs.newlyLost(s).stream().filter(ep -> !asmFirst(s, ep)).toList();
  }

  /** Nothing of ASM is being handled. */
  static boolean asmRests(GroupScene s) {
    return s.c().asm().phase == OPEN || s.c().asm().phase == CLOSED;
  }

  /**
   * The ASM EP of the node is a member still and shows signs of being lost: Kill stands before it,
   * or it missed a look. An EP that ended by itself most likely lost its ASM EP an instant ago, so
   * it is given a look more in which that one can fall silent.
   */
  static boolean asmFirst(GroupScene s, int ep) {
    Long asm = s.c().asm().ok.contains(ep) ? s.c().asm().lives.get(ep) : null;
    if (asm == null) {
      return false;
    }
    boolean ended = s.c().ended(s.g().group, ep);
    boolean byItself = ended && !killed(s, s.g().group, ep, s.g().lives.getOrDefault(ep, 0L));
    boolean justNow = byItself && s.c().beats().silent(Scene.seat(s.g().group, ep)) < 2;
    int looks = ended ? 1 : 2;
    return justNow || killed(s, 1, ep, asm) || s.c().beats().silent(Scene.seat(1, ep)) >= looks;
  }

  private static boolean killed(GroupScene s, int group, int ep, long life) {
    return s.c().picture().kill(group, ep).getIncarnation() >= life;
  }

  /** The EP to rejoin now, lowest seqno first; 255: none that may (reference 3.8). */
  static int returning(GroupScene s) {
    return mounted(s).isEmpty() ? asking(s) : DscText.NONE;
  }

  /** OK EPs that live in MOUNT: nobody rejoins (reference 3.8, drill 44). */
  private static List<Integer> mounted(GroupScene s) {
    return s.g().ok.stream()
        .filter(ep -> s.c().active(s.g().group, ep))
        .filter(ep -> s.c().beat(s.g().group, ep).getInstStatus() == InstStatus.INST_MOUNT)
        .toList();
  }

  private static boolean newlyBarred(GroupScene s, Look x, Now now) {
    int ep = asking(s);
    if (ep == DscText.NONE || mounted(s).isEmpty()) {
      return false;
    }
    return s.g().barredEp != ep || s.g().barredLife != life(s, ep);
  }

  private static long life(GroupScene s, int ep) {
    return s.c().beat(s.g().group, ep).getIncarnation();
  }

  private static GroupScene sayBarred(GroupScene s, List<Effect> out) {
    int ep = asking(s);
    String mounted =
        mounted(s).stream().map(n -> GroupActs.name(s, n)).collect(Collectors.joining(", "));
    String text = DscText.rejoinBarred(s.g().type, GroupActs.name(s, ep), ep, mounted);
    out.add(new Effect.Say(Level.WARNING, text));
    CrashGate.say(s, false, out);
    return s.with(
        g -> {
          g.barredEp = ep;
          g.barredLife = life(s, ep);
        });
  }

  /** The EP that would rejoin now, were nobody in MOUNT. */
  private static int asking(GroupScene s) {
    if (!s.g().crashOver || s.c().asm().phase != OPEN) {
      return DscText.NONE;
    }
    for (int ep = 0; ep < s.g().dcr.getNEp(); ep++) {
      boolean asks =
          vtd(s, ep) == VtdStatus.VTD_STARTUP2
              && GroupActs.candidate(s, ep)
              && GroupLinks.reachesAll(s, ep);
      if (asks && !s.g().ok.contains(ep) && s.c().asm().ok.contains(ep)) {
        return ep;
      }
    }
    return DscText.NONE;
  }

  private static GroupScene recover(GroupScene s, Look x, Now now, List<Effect> out) {
    return RejoinActs.recover(s, returning(s), out);
  }
}
