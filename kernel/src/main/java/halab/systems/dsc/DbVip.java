package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.kernel.Effect;
import halab.kernel.Now;
import halab.systems.dsc.GroupTrigger.Look;
import halab.systems.dsc.GroupTrigger.VipSet;
import java.util.List;

/**
 * The VIP steps that crash and rejoin share: MASTER is the node of the control EP, SLAVE the node
 * of the EP that broke or returns (reference 8).
 */
final class DbVip {
  private DbVip() {}

  static GroupScene step(GroupScene s) {
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

  static boolean localSlave(GroupScene s, Look x, Now now) {
    return !s.g().vipAsked && owners(s).contains(s.c().css()) && hasVip(s, s.c().css());
  }

  static boolean localMaster(GroupScene s, Look x, Now now) {
    return !s.g().vipAsked
        && s.g().control == s.c().css()
        && owners(s).stream().anyMatch(ep -> hasVip(s, ep));
  }

  private static boolean hasVip(GroupScene s, int ep) {
    return !DscNames.ep(s.c().dcr(), s.g().group, ep).getVip().isEmpty();
  }

  static boolean vipFree(GroupScene s, Look x, Now now) {
    return s.g().vipOpen == 0;
  }

  static boolean lastVip(GroupScene s, VipSet x, Now now) {
    return s.g().vipOpen <= 1;
  }

  static GroupScene vipSet(GroupScene s, VipSet x, Now now, List<Effect> out) {
    return GroupActs.vipSet(s, x, out);
  }

  /** Each owner's address at its own node; nothing that was asked already is asked again. */
  static GroupScene slave(GroupScene s, List<Integer> owners, boolean up, List<Effect> out) {
    if (s.g().vipAsked) {
      return s;
    }
    GroupScene next = s.with(g -> g.vipAsked = true);
    for (int owner : owners) {
      next = GroupActs.configVip(next, owner, List.of(owner), up, out);
    }
    return next;
  }
}
