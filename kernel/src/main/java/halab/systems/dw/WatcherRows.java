package halab.systems.dw;

import static halab.systems.dw.InstPhase.AFTER_REDO;
import static halab.systems.dw.InstPhase.MOUNT;
import static halab.systems.dw.InstPhase.OPEN;
import static halab.systems.dw.InstPhase.SUSPEND;

import halab.dw.proto.OrderKind;
import halab.kernel.Event;
import halab.kernel.Table;
import java.util.EnumSet;

/** Rows 200 to 290 of dmserver: its watcher and its MAL links. */
final class WatcherRows {
  private WatcherRows() {}

  static void add(Table<InstState, InstPhase> t) {
    t.refuse(
            200,
            Dmserver.ALIVE,
            InstTrigger.WatcherCame.class,
            (s, x, now) -> !OrderActs.sameGroup(s, x.message()),
            OrderActs::refuse,
            "a watcher with another OGUID")
        .stay(
            202,
            Dmserver.ALIVE,
            InstTrigger.WatcherCame.class,
            null,
            OrderActs::link,
            "the watcher of this group: report from now on")
        .stay(
            204,
            Dmserver.ALIVE,
            InstTrigger.Beat.class,
            null,
            OrderActs::beat,
            "the watcher is there")
        .stay(
            206,
            Dmserver.ALIVE,
            InstTrigger.WatcherDown.class,
            null,
            OrderActs::unlink,
            "the link to the watcher is broken: go on without")
        .stay(
            210,
            Dmserver.ALIVE,
            Event.Tick.class,
            (s, x, now) -> s.watcherLinked && s.reportAtMs <= now.monoMs(),
            (s, x, now, out) -> OrderActs.report(s, now, out),
            "report to the watcher");
    orders(t);
    mal(t);
  }

  private static void orders(Table<InstState, InstPhase> t) {
    t.stay(
            220,
            Dmserver.ALIVE,
            InstTrigger.Order.class,
            (s, x, now) -> OrderActs.again(s, x.message().getNumber()),
            (s, x, now, out) -> OrderActs.repeat(s, out),
            "an order that was heard before: the same answer")
        .stay(
            222,
            EnumSet.of(MOUNT, SUSPEND),
            InstTrigger.Order.class,
            (s, x, now) -> OrderActs.is(x, OrderKind.ORDER_ARCH_VALID),
            OrderActs::archValid,
            "archive VALID, if the target has all that the primary has")
        .stay(
            224,
            Dmserver.UP,
            InstTrigger.Order.class,
            (s, x, now) -> OrderActs.is(x, OrderKind.ORDER_ARCH_INVALID),
            OrderActs::archInvalid,
            "archive INVALID: nobody waits for that target any more")
        .stay(
            226,
            OPEN,
            InstTrigger.Order.class,
            (s, x, now) -> s.primary() && OrderActs.is(x, OrderKind.ORDER_RECOVER),
            OrderActs::recover,
            "RECOVERY: history to a standby")
        .stay(
            228,
            SUSPEND,
            InstTrigger.Order.class,
            (s, x, now) -> s.primary() && OrderActs.is(x, OrderKind.ORDER_RECOVER_TAIL),
            OrderActs::recover,
            "RECOVERY: the rest of it, while nothing is added")
        .stay(
            230,
            Dmserver.UP,
            InstTrigger.Order.class,
            (s, x, now) -> OrderActs.is(x, OrderKind.ORDER_LOGIN),
            OrderActs::login,
            "LOGIN CHECK: user and password of a monitor")
        .stay(
            232,
            Dmserver.UP,
            InstTrigger.Order.class,
            (s, x, now) -> OrderActs.is(x, OrderKind.ORDER_CLEAR_SEND),
            OrderActs::clearSend,
            "CLEAR SEND INFO")
        .stay(
            234,
            Dmserver.UP,
            InstTrigger.Order.class,
            (s, x, now) -> OrderActs.is(x, OrderKind.ORDER_CLEAR_APPLY),
            OrderActs::clearApply,
            "CLEAR RAPPLY STAT")
        .refuse(
            238,
            Dmserver.ALIVE,
            InstTrigger.Order.class,
            null,
            OrderActs::notNow,
            "the order does not fit mode and state");
  }

  private static void mal(Table<InstState, InstPhase> t) {
    t.stay(250, Dmserver.ALIVE, InstTrigger.MalUp.class, null, MalActs::up, "a MAL link stands")
        .stay(
            252,
            Dmserver.ALIVE,
            InstTrigger.MalDown.class,
            null,
            (s, x, now, out) -> MalActs.down(s, x.instance()),
            "a MAL link is broken: what is lost by it a tick finds")
        .stay(
            260,
            Dmserver.ALIVE,
            Event.Tick.class,
            (s, x, now) -> s.helloAtMs <= now.monoMs(),
            (s, x, now, out) -> MalActs.hellos(s, now, out),
            "MAL: a sign of life, with the FILE_LSN of a primary")
        .stay(
            270,
            EnumSet.of(OPEN),
            InstTrigger.Told.class,
            KeepRows::certain,
            KeepRows::release,
            "the primary has the kept package on its disk: replay it")
        .stay(
            272,
            EnumSet.of(AFTER_REDO, MOUNT, OPEN, SUSPEND),
            InstTrigger.Told.class,
            (s, x, now) -> s.histories.containsKey(x.from()),
            (s, x, now, out) -> HistoryActs.located(MalActs.told(s, x, now, out), x, now, out),
            "a destination says where it is: read on from there")
        .stay(
            274,
            EnumSet.of(OPEN, SUSPEND),
            InstTrigger.Told.class,
            (s, x, now) -> ShipActs.isBack(s, x),
            ShipRows::backAgain,
            "a failing target is there again: it has the package, or gets it once more")
        .stay(
            275,
            EnumSet.of(OPEN, SUSPEND),
            InstTrigger.Told.class,
            (s, x, now) -> ShipActs.lacks(s, x),
            ShipRows::lacks,
            "a VALID target has less than it acknowledged: it was restarted and lost what it kept")
        .stay(
            276,
            Dmserver.ALIVE,
            InstTrigger.Told.class,
            null,
            MalActs::told,
            "another instance says how it is");
  }
}
