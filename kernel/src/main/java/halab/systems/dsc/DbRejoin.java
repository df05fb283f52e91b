package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.kernel.Effect;
import halab.kernel.Table;
import halab.systems.dsc.GroupTrigger.Look;
import halab.systems.dsc.GroupTrigger.VipSet;
import java.util.List;

/**
 * Rejoin of an EP as the control CSS leads it (reference 3.8): the second half of seed 001 from top
 * to bottom.
 */
final class DbRejoin {
  private DbRejoin() {}

  static void rows(Table<GroupScene, GroupPhase> t) {
    RejoinActs.opening(t)
        .move(
            675,
            REJOIN_RECOVER,
            Look.class,
            GroupRows::allDone,
            REJOIN_EP_VIP,
            (s, x, now, out) -> say(s, s.c().words().recoverOver(s.g().type), out),
            "the control EP has recovered it")
        .move(
            680,
            REJOIN_EP_VIP,
            Look.class,
            null,
            REJOIN_WAIT_EP_VIP,
            (s, x, now, out) ->
                GroupActs.issue(
                    s, s.g().control, Cmd.CMD_CONFIG_VIP, out, c -> c.addEp(s.g().recover)),
            "the control EP listens on the address no more")
        .move(
            682,
            REJOIN_WAIT_EP_VIP,
            Look.class,
            GroupRows::allDone,
            REJOIN_MASTER_VIP,
            (s, x, now, out) -> DbVip.step(GroupActs.none(s, s.g().control, out)),
            "it has stopped listening")
        .stay(
            684,
            REJOIN_MASTER_VIP,
            Look.class,
            DbVip::localMaster,
            (s, x, now, out) ->
                DbVip.configure(s, s.g().control, List.of(s.g().recover), false, out),
            "take the address down at the control EP's node, which is this one")
        .move(
            685,
            REJOIN_MASTER_VIP,
            VipSet.class,
            DbVip::lastVip,
            REJOIN_WAIT_MASTER_VIP,
            DbVip::vipSet,
            "taken down, or not: go on")
        .move(
            686,
            REJOIN_MASTER_VIP,
            Look.class,
            DbVip::vipFree,
            REJOIN_WAIT_MASTER_VIP,
            (s, x, now, out) ->
                DbVip.configure(s, s.g().control, List.of(s.g().recover), false, out),
            "tell the CSS of the control EP's node")
        .move(
            688,
            REJOIN_WAIT_MASTER_VIP,
            Look.class,
            null,
            REJOIN_SLAVE_VIP,
            (s, x, now, out) -> DbVip.step(s),
            "not waited for")
        .stay(
            690,
            REJOIN_SLAVE_VIP,
            Look.class,
            DbVip::localSlave,
            (s, x, now, out) -> DbVip.slave(s, List.of(s.g().recover), true, out),
            "bring the address up at its owner's node, which is this one")
        .move(
            691,
            REJOIN_SLAVE_VIP,
            VipSet.class,
            DbVip::lastVip,
            REJOIN_WAIT_SLAVE_VIP,
            DbVip::vipSet,
            "brought up, or not: go on")
        .move(
            692,
            REJOIN_SLAVE_VIP,
            Look.class,
            DbVip::vipFree,
            REJOIN_WAIT_SLAVE_VIP,
            (s, x, now, out) -> DbVip.slave(s, List.of(s.g().recover), true, out),
            "tell the CSS of the owner's node")
        .move(
            694,
            REJOIN_WAIT_SLAVE_VIP,
            Look.class,
            null,
            REJOIN_START,
            (s, x, now, out) -> GroupActs.issue(s, s.g().recover, Cmd.CMD_EP_START, out),
            "EP START to the one that returns")
        .move(
            695,
            REJOIN_START,
            Look.class,
            GroupRows::allDone,
            REJOIN_REDO,
            (s, x, now, out) -> GroupActs.issue(s, s.g().recover, Cmd.CMD_EP_START2, out),
            "EP START2: redo")
        .move(
            696,
            REJOIN_REDO,
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
            "EP REAL OPEN: open for users")
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

  private static GroupScene say(GroupScene s, String text, List<Effect> out) {
    out.add(new Effect.Say(halab.kernel.Level.INFO, text));
    return s;
  }
}
