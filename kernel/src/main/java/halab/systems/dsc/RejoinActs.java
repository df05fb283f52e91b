package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.systems.dsc.GroupTrigger.Look;
import java.util.List;
import java.util.TreeMap;

/** The steps of a rejoin that ASM and DB go through alike (reference 3.8, 3.9; seed 001). */
final class RejoinActs {
  private RejoinActs() {}

  /** The EP to rejoin is known: name it and take its life in. */
  static GroupScene recover(GroupScene s, int ep, List<Effect> out) {
    say(s, DscText.setRecover(s.g().type, GroupActs.name(s, ep), ep), out);
    return GroupActs.takeIn(s, List.of(ep)).with(g -> g.recover = ep);
  }

  private static List<Integer> others(GroupScene s) {
    return GroupActs.without(s.g().ok, List.of(s.g().recover));
  }

  static GroupScene suspend(GroupScene s, Look x, Now now, List<Effect> out) {
    GroupScene free = s.with(g -> g.issued = new TreeMap<>());
    return GroupActs.issueAll(free, others(s), Cmd.CMD_SUSPEND_WORKER, out);
  }

  static boolean suspended(GroupScene s) {
    return s.g().marking == 0 && GroupActs.allDone(s) && !s.g().issued.containsKey(s.g().recover);
  }

  static boolean marked(GroupScene s) {
    return s.g().dcr.getErrEpList().contains(s.g().recover);
  }

  static GroupScene suspendOver(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, DscText.suspendOver(s.g().type), out);
    return GroupActs.mark(
        s, GroupActs.without(s.g().dcr.getErrEpList(), List.of(s.g().recover)), out);
  }

  static GroupScene dcrLoad(GroupScene s, List<Effect> out) {
    GroupScene added =
        s.with(
            g -> {
              g.marking = 0;
              g.ok = GroupActs.with(g.ok, List.of(g.recover));
              g.issued = new TreeMap<>();
            });
    return GroupActs.issueAll(added, added.g().ok, Cmd.CMD_DCR_LOAD, out);
  }

  static GroupScene errorEpAdd(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, DscText.errorEpAddOver(s.g().type), out);
    return GroupActs.issueAll(s, s.g().ok, Cmd.CMD_ERROR_EP_ADD, out);
  }

  static GroupScene epRecv(GroupScene s, Look x, Now now, List<Effect> out) {
    say(s, DscText.errorEpAddOver(s.g().type), out);
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
    say(s, DscText.resumeOver(s.g().type), out);
    return GroupActs.issue(GroupRows.noneToAll(s, out), s.g().recover, Cmd.CMD_EP_REAL_OPEN, out);
  }

  private static void say(GroupScene s, String text, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, text));
  }
}
