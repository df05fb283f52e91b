package halab.systems.dsc;

import static halab.systems.dsc.CssPhase.CONTROL;
import static halab.systems.dsc.CssPhase.NORMAL;
import static halab.systems.dsc.GroupPhase.EXTEND;
import static halab.systems.dsc.GroupPhase.OPEN;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Extend;
import halab.systems.dsc.GroupTrigger.Look;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * {@code extend node}: a cluster takes a node in while it runs (reference 5.3, 4.3, drill 39). The
 * DCR has been extended by dmasmcmd; every CSS reads it again, and the control CSS has all EPs load
 * it. The new EPs are members in ERROR from then on and rejoin like any other. That the command
 * goes to each CSS and that DCR_LOAD is what the EPs get is inferred.
 */
final class ExtendNode {
  /** Disk requests that read the DCR for this carry numbers from here on. */
  static final long REQUESTS = 1L << 37;

  private static final Set<CssPhase> WORKING = EnumSet.of(NORMAL, CONTROL);

  private ExtendNode() {}

  // ---- every CSS --------------------------------------------------------------------------------

  /** Rows 570 to 574 of dmcss. */
  static Table<DmcssState, CssPhase> cssRows(Table<DmcssState, CssPhase> t) {
    return t.stay(
            570,
            WORKING,
            CssTrigger.DcrAgain.class,
            (s, x, now) -> problem(s, x) == null,
            ExtendNode::take,
            "extend node: the DCR has one node more")
        .stay(
            572,
            WORKING,
            CssTrigger.DcrAgain.class,
            null,
            (s, x, now, out) -> failed(s, problem(s, x), out),
            "extend node fails: no such DCR, or a group is at work")
        .stay(
            574,
            WORKING,
            CssTrigger.DcrUnread.class,
            null,
            (s, x, now, out) -> failed(s, "DCR disk: " + x.reason(), out),
            "extend node fails: the DCR cannot be read");
  }

  /** DONE, or why the command is refused before the DCR is read (reference 5.7). */
  static int code(DmcssState s) {
    if (!s.autoCheck) {
      return CssmCode.MONITORING_OFF;
    }
    return s.phase == CONTROL && !atRest(s) ? CssmCode.EXTEND_FAILED : CssmCode.DONE;
  }

  private static boolean atRest(DmcssState s) {
    return rests(s.asm) && rests(s.db);
  }

  private static boolean rests(GroupState g) {
    return g.phase == OPEN && g.marking == 0;
  }

  static DmcssState ask(DmcssState s, CssTrigger.Asked t, List<Effect> out) {
    long request = REQUESTS + s.look;
    out.add(new Effect.ReadBlocks(request, s.seat.dcrPath, 0, DcrLayout.USED));
    return s.with(x -> x.extension = new DmcssState.Extension(request, t));
  }

  private static String problem(DmcssState s, CssTrigger.DcrAgain t) {
    try {
      DcrImage read = DcrLayout.read(t.blocks());
      boolean again = s.extended && sameEps(s.seat.dcr, read);
      String problem = again ? null : DcrGrowth.problem(s.seat.dcr, read);
      boolean late = problem == null && s.phase == CONTROL && !atRest(s);
      return late ? "a group is not at rest any more" : problem;
    } catch (DcrLayout.Unreadable e) {
      return e.getMessage();
    }
  }

  /** Taken already, and the command is given once more for a CSS that failed. */
  private static boolean sameEps(DcrImage own, DcrImage read) {
    return own.getEpList().equals(read.getEpList());
  }

  private static DmcssState take(DmcssState s, CssTrigger.DcrAgain t, Now now, List<Effect> out) {
    DmcssState taken =
        s.with(
            x -> {
              x.extension = null;
              x.extended = true;
            });
    DmcssState known = CssBoot.takeDcr(taken, new CssTrigger.DcrRead(t.blocks()), q -> q);
    CssMonitors.answer(s, s.extension.asked(), CssmCode.DONE, out);
    out.add(new Effect.Say(Level.INFO, "extend node: " + names(s.seat.dcr, known.seat.dcr)));
    CssNet.dial(known, out);
    if (s.phase != CONTROL) {
      return known;
    }
    DmcssState next = known;
    for (int g = 1; g < VoteLayout.GROUPS; g++) {
      next = CssTick.drive(next, g, new Extend(known.seat.dcr.getGroup(g)), now, out);
    }
    return CssTick.writeRecords(next, out);
  }

  /** The EPs that are new, as "CSS2, ASM2, DSC2"; that there are none when it is repeated. */
  private static String names(DcrImage old, DcrImage grown) {
    List<String> names =
        IntStream.range(0, VoteLayout.GROUPS)
            .boxed()
            .flatMap(
                g ->
                    IntStream.range(old.getGroup(g).getNEp(), grown.getGroup(g).getNEp())
                        .mapToObj(n -> DscNames.ep(grown, g, n).getName()))
            .toList();
    return names.isEmpty() ? "no EP more than before" : String.join(", ", names);
  }

  private static DmcssState failed(DmcssState s, String why, List<Effect> out) {
    out.add(new Effect.Say(Level.ERROR, "extend node failed: " + why));
    CssMonitors.answer(s, s.extension.asked(), CssmCode.EXTEND_FAILED, out);
    return s.with(x -> x.extension = null);
  }

  // ---- a group under its control CSS ------------------------------------------------------------

  /**
   * Rows 470 to 476 of both groups.
   *
   * @param lost members whose loss may be handled now
   * @param crash first step of the group's crash handling
   */
  static Table<GroupScene, GroupPhase> groupRows(
      Table<GroupScene, GroupPhase> t, Function<GroupScene, List<Integer>> lost, GroupPhase crash) {
    return t.move(
            470,
            OPEN,
            Extend.class,
            (s, x, now) -> s.g().marking == 0,
            EXTEND,
            (s, x, now, out) -> loadAll(grown(s, x.dcr()), out),
            "EXTEND NODE: DCR_LOAD to all, the new EP is in ERROR")
        .move(
            472,
            EXTEND,
            Look.class,
            (s, x, now) -> !lost.apply(s).isEmpty(),
            crash,
            (s, x, now, out) -> interrupted(s, lost.apply(s), out),
            "an EP is lost meanwhile: the extension has failed for it, handle the crash")
        .move(
            474,
            EXTEND,
            Look.class,
            GroupRows::allDone,
            OPEN,
            (s, x, now, out) -> GroupActs.over(GroupRows.noneToAll(s, out), Cmd.CMD_DCR_LOAD, out),
            "all have loaded the DCR")
        .stay(
            476,
            EXTEND,
            Look.class,
            (s, x, now) -> s.g().issued.isEmpty(),
            (s, x, now, out) -> loadAll(s, out),
            "DCR_LOAD again, after a change of the control CSS");
  }

  /** Marks of the EPs that were there stay as this CSS knows them. */
  private static GroupScene grown(GroupScene s, DcrGroup read) {
    DcrGroup known = s.g().dcr;
    List<Integer> fresh = read.getErrEpList().stream().filter(ep -> ep >= known.getNEp()).toList();
    DcrGroup next =
        known.toBuilder()
            .setNEp(read.getNEp())
            .addAllErrEp(fresh)
            .setGeneration(Math.max(known.getGeneration(), read.getGeneration()))
            .build();
    return s.with(g -> g.dcr = next);
  }

  private static GroupScene loadAll(GroupScene s, List<Effect> out) {
    return GroupActs.issueAll(s, s.g().ok, Cmd.CMD_DCR_LOAD, out);
  }

  private static GroupScene interrupted(GroupScene s, List<Integer> lost, List<Effect> out) {
    out.add(
        new Effect.Say(
            Level.ERROR,
            "["
                + s.g().type
                + "]: extend node failed, an EP was lost meanwhile; if its return fails too, stop"
                + " everything and make the DCR anew"));
    return GroupActs.breakEps(s.with(g -> g.issued = new TreeMap<>()), lost, true, out);
  }
}
