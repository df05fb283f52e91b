package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ASM group under its control CSS: start (reference 3.11), crash and rejoin of a server (3.9),
 * stop (3.12). No log of a real crash of dmasmsvr is known; the order of steps is the manual's, the
 * names of the states are inferred.
 */
final class AsmGroup {
  /** Crash steps after the first commands went out. */
  private static final Set<GroupPhase> HANDLING =
      EnumSet.range(ASM_CRASH_WAIT_SUSPEND, ASM_CRASH_RESUME);

  static final Table<GroupScene, GroupPhase> TABLE = table();

  private AsmGroup() {}

  private static Table<GroupScene, GroupPhase> table() {
    Table<GroupScene, GroupPhase> t = GroupRows.table("dmcss.ASM");
    GroupRows.start(t, (s, x, now) -> true);
    start(t);
    open(t);
    GroupLinks.rows(t, GroupActs::newlyLost, ASM_CRASH_SUSPEND);
    ExtendNode.groupRows(t, GroupActs::newlyLost, ASM_CRASH_SUSPEND);
    crash(t);
    rejoin(t);
    return GroupRows.end(t);
  }

  /** No DCR_LOAD and no START2, and NONE only at the very end (reference 3.11, item 4). */
  private static void start(Table<GroupScene, GroupPhase> t) {
    t.move(
            150,
            START_NOTIFY,
            Look.class,
            GroupRows::allDone,
            START_CONTROL,
            (s, x, now, out) -> GroupActs.issue(s, s.g().control, Cmd.CMD_EP_START, out),
            "EP START to the control EP")
        .move(
            170,
            START_CONTROL,
            Look.class,
            GroupRows::allDone,
            START_NORMAL,
            (s, x, now, out) ->
                s.with(
                    g -> {
                      g.issued = new TreeMap<>();
                      g.waitSinceMs = now.monoMs();
                    }),
            "the control EP has started")
        .stay(
            200,
            START_NORMAL,
            Look.class,
            (s, x, now) -> GroupRows.normalsReady(s) && !started(s),
            GroupRows::startNormals,
            "all OK EPs are there: EP START to each normal EP")
        .move(
            210,
            START_NORMAL,
            Look.class,
            (s, x, now) -> started(s) && (s.g().issued.isEmpty() || GroupActs.allDone(s)),
            START_OPEN,
            (s, x, now, out) -> GroupActs.issueAll(s, s.g().ok, Cmd.CMD_EP_OPEN, out),
            "EP OPEN to all")
        .move(
            240,
            START_OPEN,
            Look.class,
            GroupRows::allDone,
            START_REAL_OPEN,
            (s, x, now, out) -> GroupActs.issueAll(s, s.g().ok, Cmd.CMD_EP_REAL_OPEN, out),
            "EP REAL OPEN to all")
        .move(
            250,
            START_REAL_OPEN,
            Look.class,
            GroupRows::allDone,
            OPEN,
            (s, x, now, out) -> GroupRows.noneToAll(s, out),
            "all servers are open; NONE to each");
  }

  private static void open(Table<GroupScene, GroupPhase> t) {
    GroupRows.atRestByHand(t)
        .move(
            400,
            OPEN,
            Look.class,
            AsmGroup::lastStopped,
            CLOSED,
            (s, x, now, out) -> GroupActs.close(s),
            "the last server was stopped singly")
        .move(
            420,
            OPEN,
            Look.class,
            GroupRows::memberLost,
            ASM_CRASH_SUSPEND,
            AsmGroup::broken,
            "a server is lost: Kill and fault mark first")
        .move(
            425,
            OPEN,
            Look.class,
            (s, x, now) -> GroupLinks.broken(s),
            LINK_CHECK,
            GroupLinks::check,
            "a server reports a broken MAL link to one that lives: LINK_CHECK to all")
        .move(
            430,
            OPEN,
            Look.class,
            (s, x, now) -> returning(s) != DscText.NONE,
            REJOIN_SUSPEND,
            AsmGroup::recover,
            "a server in ERROR asks to be started");
    GroupRows.byHand(t, ASM_CRASH_SUSPEND, AsmGroup::returning)
        .stay(
            440,
            OPEN,
            Look.class,
            (s, x, now) -> !s.g().crashOver,
            (s, x, now, out) -> CrashGate.turn(s, true, out),
            "the last handling is over for good");
  }

  private static void crash(Table<GroupScene, GroupPhase> t) {
    t.stay(
            510,
            ASM_CRASH_SUSPEND,
            Look.class,
            GroupRows::memberLost,
            AsmGroup::broken,
            "one more is lost before anything was ordered")
        .move(
            520,
            ASM_CRASH_SUSPEND,
            Look.class,
            (s, x, now) -> GroupActs.survivors(s).isEmpty() && GroupActs.secured(s),
            CLOSED,
            (s, x, now, out) -> GroupActs.close(s.with(g -> g.ok = List.of())),
            "no server is left; the marks stay")
        .move(
            530,
            ASM_CRASH_SUSPEND,
            Look.class,
            (s, x, now) -> GroupActs.secured(s),
            ASM_CRASH_WAIT_SUSPEND,
            AsmGroup::suspendAll,
            "SUSPEND EP WORKER THREAD to all OK EPs")
        .stay(
            540,
            ASM_CRASH_SUSPEND,
            Look.class,
            null,
            (s, x, now, out) -> GroupActs.secure(s, out),
            "Kill and fault mark are not durable yet")
        .move(
            545,
            HANDLING,
            Look.class,
            GroupRows::memberLost,
            ASM_CRASH_SUSPEND,
            AsmGroup::broken,
            "a second server is lost: handle both together")
        .move(
            550,
            ASM_CRASH_WAIT_SUSPEND,
            Look.class,
            GroupRows::allDone,
            ASM_CRASH_RECV,
            AsmGroup::recv,
            "halt the node's dmserver; EP_CRASH to the control EP, chosen anew if it was the one")
        .move(
            560,
            ASM_CRASH_RECV,
            Look.class,
            GroupRows::allDone,
            ASM_CRASH_RESUME,
            AsmGroup::resumeAll,
            "recovered: RESUME EP WORKER THREAD to all OK EPs")
        .move(
            570,
            ASM_CRASH_RESUME,
            Look.class,
            GroupRows::allDone,
            OPEN,
            AsmGroup::handled,
            "the crash is handled");
  }

  private static void rejoin(Table<GroupScene, GroupPhase> t) {
    RejoinActs.opening(t)
        .move(
            675,
            REJOIN_RECOVER,
            Look.class,
            GroupRows::allDone,
            REJOIN_START,
            AsmGroup::startIt,
            "EP START to the one that returns")
        .move(
            695,
            REJOIN_START,
            Look.class,
            GroupRows::allDone,
            REJOIN_OPEN,
            (s, x, now, out) -> GroupActs.issue(s, s.g().recover, Cmd.CMD_EP_OPEN, out),
            "EP OPEN: open inside")
        .move(
            697,
            REJOIN_OPEN,
            Look.class,
            RejoinActs::staysNormal,
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
            "EP REAL OPEN: files can be used")
        .move(
            699,
            REJOIN_REAL_OPEN,
            Look.class,
            GroupRows::allDone,
            OPEN,
            (s, x, now, out) ->
                GroupActs.none(s, s.g().recover, out).with(g -> g.recover = DscText.NONE),
            "it is back");
    RejoinActs.adjusting(t);
  }

  private static boolean started(GroupScene s) {
    return s.g().lives.keySet().containsAll(s.g().ok);
  }

  private static boolean lastStopped(GroupScene s, Look x, Now now) {
    return !s.g().ok.isEmpty()
        && s.g().ok.stream()
            .allMatch(
                ep ->
                    s.c().beat(s.g().group, ep).getVtdStatus() == VtdStatus.VTD_SHUTDOWN
                        && s.g().lives.getOrDefault(ep, -1L)
                            == s.c().beat(s.g().group, ep).getIncarnation());
  }

  // ---- crash ------------------------------------------------------------------------------------

  private static GroupScene broken(GroupScene s, Look x, Now now, List<Effect> out) {
    return GroupActs.breakEps(s, GroupActs.newlyLost(s), true, out);
  }

  private static GroupScene suspendAll(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene rest =
        s.with(
            g -> {
              g.ok = GroupActs.survivors(s);
              g.issued = new TreeMap<>();
            });
    return GroupActs.issueAll(rest, rest.g().ok, Cmd.CMD_SUSPEND_WORKER, out);
  }

  /** Files are gone at the broken node, so its dmserver has to end too, in any life. */
  private static GroupScene recv(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, s.c().words().suspendOver(s.g().type), out);
    for (int ep : s.g().broken) {
      GroupActs.kill(s.c(), 2, ep, s.c().beat(2, ep).getIncarnation(), out);
    }
    GroupScene free = s.with(g -> g.issued = new TreeMap<>());
    boolean controlLost = !free.g().ok.contains(free.g().control);
    GroupScene led = controlLost ? GroupActs.choose(free, free.g().ok, out) : free;
    return GroupActs.issue(
        led, led.g().control, Cmd.CMD_EP_CRASH, out, c -> GroupActs.victims(led, c));
  }

  private static GroupScene resumeAll(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene over = GroupActs.over(GroupActs.none(s, s.g().control, out), Cmd.CMD_EP_CRASH, out);
    return GroupActs.issueAll(over, over.g().ok, Cmd.CMD_RESUME_WORKER, out);
  }

  private static GroupScene handled(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, s.c().words().resumeOver(s.g().type), out);
    return GroupRows.noneToAll(s, out).with(g -> g.broken = List.of());
  }

  // ---- rejoin -----------------------------------------------------------------------------------

  /** The server to rejoin now, lowest seqno first; 255: none that may. */
  static int returning(GroupScene s) {
    for (int ep = 0; s.g().crashOver && ep < s.g().dcr.getNEp(); ep++) {
      boolean asks =
          s.c().beat(s.g().group, ep).getVtdStatus() == VtdStatus.VTD_STARTUP2
              && GroupActs.candidate(s, ep)
              && GroupLinks.reachesAll(s, ep);
      if (asks && !s.g().ok.contains(ep)) {
        return ep;
      }
    }
    return DscText.NONE;
  }

  private static GroupScene recover(GroupScene s, Look x, Now now, List<Effect> out) {
    return RejoinActs.recover(s, returning(s), out);
  }

  private static GroupScene startIt(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, s.c().words().recoverOver(s.g().type), out);
    GroupScene only = s.with(g -> g.issued = new TreeMap<>());
    return GroupActs.issue(only, s.g().recover, Cmd.CMD_EP_START, out);
  }

  private static void say(GroupScene s, String text, List<Effect> out) {
    out.add(new Effect.Say(halab.kernel.Level.INFO, text));
  }
}
