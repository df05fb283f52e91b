package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrEp;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.RelayCmd;
import halab.kernel.Effect;
import halab.kernel.Level;
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
    return settled(s, x, out);
  }

  /** Each owner's address at its own node; nothing that was asked already is asked again. */
  static GroupScene slave(GroupScene s, List<Integer> owners, boolean up, List<Effect> out) {
    if (s.g().vipAsked) {
      return s;
    }
    GroupScene next = s.with(g -> g.vipAsked = true);
    for (int owner : owners) {
      next = configure(next, owner, List.of(owner), up, out);
    }
    return next;
  }

  /**
   * Has the addresses of these EPs brought up or down at one node: by the control CSS itself if it
   * is its own node, else by a CONFIG VIP to that node's CSS, which is not awaited. Where no CSS
   * lives nothing can be configured: one ERROR line, and the steps go on (reference 8).
   */
  static GroupScene configure(
      GroupScene s, int node, List<Integer> owners, boolean up, List<Effect> out) {
    GroupScene next = s.with(g -> g.vipAsked = true);
    boolean own = node == s.c().css();
    if (!own && s.c().cssActive(node)) {
      return commandCss(next, node, owners, up, out);
    }
    for (int owner : owners) {
      DcrEp ep = DscNames.ep(s.c().dcr(), s.g().group, owner);
      if (!ep.getVip().isEmpty() && !own) {
        sayFailed(ep.getVipNic(), ep.getVip(), ep.getVipMask(), up, out);
      } else if (!ep.getVip().isEmpty()) {
        out.add(new Effect.SetAddress(ep.getVipNic(), ep.getVip(), ep.getVipMask(), up));
        next = next.with(g -> g.vipOpen++);
      }
    }
    return next;
  }

  /** One command for all addresses: the target has one slot and does not answer. */
  private static GroupScene commandCss(
      GroupScene s, int node, List<Integer> owners, boolean up, List<Effect> out) {
    long seq = s.g().cssSeq + 1;
    Command command =
        Command.newBuilder()
            .setTerm(s.c().term())
            .setIncarnation(s.c().beat(0, node).getIncarnation())
            .setCmd(Cmd.CMD_CONFIG_VIP)
            .setCmdSeq(seq)
            .addAllEp(owners)
            .setVipOf(owners.get(0))
            .setVipUp(up)
            .build();
    String css = DscNames.ep(s.c().dcr(), 0, node).getName();
    out.add(
        new Effect.WriteBlock(
            GroupActs.request(s.g()), GroupActs.vote(s), VoteLayout.command(0, node), command));
    out.add(
        new Effect.Say(
            Level.INFO,
            s.c().words().setCmd(GroupType.CSS, DscText.cmd(Cmd.CMD_CONFIG_VIP), css, node, seq)));
    RelayCmd told = GroupActs.relayed(Cmd.CMD_CONFIG_VIP, css, node, seq);
    GroupActs.relay(s.c(), out, r -> r.setType(GroupType.CSS).setCmd(told));
    return s.with(g -> g.cssSeq = seq);
  }

  /** One address is settled; a failure is one ERROR line, no retry, and the steps go on. */
  static GroupScene settled(GroupScene s, VipSet t, List<Effect> out) {
    if (t.failure() != null) {
      sayFailed(t.nic(), t.address(), t.mask(), t.up(), out);
    }
    return s.with(g -> g.vipOpen = Math.max(0, g.vipOpen - 1));
  }

  private static void sayFailed(
      String nic, String address, String mask, boolean up, List<Effect> out) {
    out.add(new Effect.Say(Level.ERROR, DscText.vipFailed(nic, address, mask, up)));
  }
}
