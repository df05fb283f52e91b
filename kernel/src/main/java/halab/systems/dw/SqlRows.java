package halab.systems.dw;

import static halab.systems.dw.InstPhase.MOUNT;
import static halab.systems.dw.InstPhase.OPEN;
import static halab.systems.dw.InstPhase.SUSPEND;
import static halab.systems.dw.InstSql.What;

import halab.kernel.Event;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;

/**
 * Rows 500 to 590 of dmserver: modes and states (reference 4). MOUNT and OPEN change into each
 * other, SUSPEND and OPEN do, MOUNT and SUSPEND never; the mode changes in MOUNT alone.
 */
final class SqlRows {
  private static final List<What> MODES = List.of(What.NORMAL, What.PRIMARY, What.STANDBY);

  private SqlRows() {}

  static void add(Table<InstState, InstPhase> t) {
    t.stay(
            500,
            Dmserver.ALIVE,
            InstTrigger.Sql.class,
            SqlActs::again,
            SqlActs::repeat,
            "an order that was heard before: the same answer")
        .refuse(
            502,
            Dmserver.ALIVE,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.UNKNOWN),
            SqlActs::unknown,
            "no statement that there is")
        .refuse(
            504,
            Dmserver.UP,
            InstTrigger.Sql.class,
            SqlActs::forbidden,
            SqlActs::forbid,
            "-720: the watcher is active, or ALTER_MODE_STATUS forbids it")
        .refuse(
            506,
            Dmserver.UP,
            InstTrigger.Sql.class,
            (s, x, now) -> s.pending != null,
            SqlActs::busy,
            "another statement is being carried out");
    states(t);
    modes(t);
    t.refuse(
        560,
        Dmserver.ALIVE,
        InstTrigger.Sql.class,
        null,
        SqlActs::wrongState,
        "this transition is not allowed");
    pending(t);
  }

  private static void states(Table<InstState, InstPhase> t) {
    t.stay(
            510,
            OPEN,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.MOUNT),
            SqlActs::mount,
            "OPEN -> MOUNT: active transactions are rolled back, packages under way are settled")
        .move(
            512,
            MOUNT,
            InstTrigger.Sql.class,
            (s, x, now) ->
                SqlActs.is(x, What.OPEN_FORCE)
                    || SqlActs.is(x, What.OPEN) && s.ctl.mode() == DmMode.NORMAL,
            OPEN,
            SqlActs::open,
            "MOUNT -> OPEN: a primary writes the history of openings")
        .stay(
            514,
            OPEN,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.SUSPEND),
            SqlActs::pend,
            "OPEN -> SUSPEND, when the package under way is settled")
        .move(
            516,
            SUSPEND,
            InstTrigger.Sql.class,
            (s, x, now) ->
                (SqlActs.is(x, What.OPEN) || SqlActs.is(x, What.OPEN_FORCE)) && !s.ship.failing(),
            OPEN,
            SqlActs::resume,
            "SUSPEND -> OPEN: what is held goes on")
        .stay(
            518, Dmserver.UP, InstTrigger.Sql.class, SqlRows::isSo, SqlActs::done, "is so already");
  }

  private static boolean isSo(InstState s, InstTrigger.Sql t, halab.kernel.Now now) {
    return switch (t.what()) {
      case MOUNT -> s.phase == MOUNT;
      case OPEN, OPEN_FORCE -> s.phase == OPEN;
      case SUSPEND -> s.phase == SUSPEND;
      case NORMAL, PRIMARY, STANDBY -> s.ctl.mode().name().equals(t.what().name());
      default -> false;
    };
  }

  private static void modes(Table<InstState, InstPhase> t) {
    t.stay(
            530,
            MOUNT,
            InstTrigger.Sql.class,
            (s, x, now) -> MODES.contains(x.what()),
            SqlActs::mode,
            "MOUNT: the mode changes")
        .stay(
            532,
            MOUNT,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.SET_OGUID),
            SqlActs::oguid,
            "MOUNT: SP_SET_OGUID")
        .stay(
            534,
            EnumSet.of(MOUNT, OPEN),
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.APPLY_KEEP_PKG) && s.standby(),
            SqlActs::applyKeep,
            "SP_APPLY_KEEP_PKG: the kept package is replayed")
        .stay(
            536,
            Dmserver.UP,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.SET_GLOBAL_DW_STATUS),
            SqlActs::dwStatus,
            "SP_SET_GLOBAL_DW_STATUS: compare and set")
        .stay(
            538,
            Dmserver.UP,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.SET_ALTER_MODE_STATUS),
            SqlActs::alterModeStatus,
            "SP_SET_PARA_VALUE: ALTER_MODE_STATUS")
        .stay(
            540,
            Dmserver.UP,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.CLEAR_ARCH_SEND_INFO),
            (s, x, now, out) -> SqlActs.done(OrderActs.clearSend(s, ""), x, now, out),
            "SP_CLEAR_ARCH_SEND_INFO")
        .stay(
            542,
            Dmserver.UP,
            InstTrigger.Sql.class,
            (s, x, now) -> SqlActs.is(x, What.CLEAR_RAPPLY_STAT),
            (s, x, now, out) ->
                SqlActs.done(s.with(y -> y.replays = y.replays.cleared()), x, now, out),
            "SP_CLEAR_RAPPLY_STAT");
  }

  /** What takes its time is done when it has come about. */
  private static void pending(Table<InstState, InstPhase> t) {
    t.move(
            570,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> SqlActs.mounted(s),
            MOUNT,
            (s, x, now, out) -> SqlActs.pendingDone(s, now, out),
            "nothing is under way: MOUNT")
        .move(
            572,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> SqlActs.suspended(s),
            SUSPEND,
            (s, x, now, out) ->
                SqlActs.pendingDone(s.with(y -> y.suspendedMs = now.monoMs()), now, out),
            "the package under way is settled: SUSPEND")
        .stay(
            574,
            EnumSet.of(MOUNT, OPEN),
            Event.Tick.class,
            (s, x, now) -> SqlActs.keepApplied(s),
            (s, x, now, out) -> SqlActs.pendingDone(s, now, out),
            "the engine shows what was kept")
        .stay(
            576,
            MOUNT,
            Event.Tick.class,
            (s, x, now) -> SqlActs.saved(s),
            (s, x, now, out) -> SqlActs.pendingDone(s, now, out),
            "dm.ctl says so: done")
        .stay(
            580,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> ShipActs.mayClose(s) || ShipActs.maySettle(s),
            (s, x, now, out) -> ShipActs.go(ShipActs.settle(s, now, out), now, out),
            "open again: what was held and what waits goes on");
  }
}
