package halab.systems.dw;

import static halab.systems.dw.InstPhase.OPEN;

import halab.kernel.Effect;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.List;

/** Rows 400 to 440 of dmserver: what a standby does with the redo that it gets. */
final class KeepRows {
  private KeepRows() {}

  static void add(Table<InstState, InstPhase> t) {
    t.refuse(
            400,
            Dmserver.ALIVE,
            InstTrigger.Redo.class,
            (s, x, now) -> KeepActs.code(s, x) != 0,
            KeepActs::refuse,
            "state, permanent magic, history or LSN do not fit: not taken")
        .stay(
            410,
            OPEN,
            InstTrigger.Redo.class,
            (s, x, now) -> KeepActs.has(s, x),
            KeepActs::again,
            "it is here already: answered again")
        .stay(
            420,
            OPEN,
            InstTrigger.Redo.class,
            (s, x, now) -> x.message().getRecovery(),
            KeepActs::replay,
            "history is durable at the primary: replayed, not kept")
        .stay(
            430,
            OPEN,
            InstTrigger.Redo.class,
            (s, x, now) -> x.message().getWaitApply(),
            KeepActs::replay,
            "ARCH_WAIT_APPLY = 1: replayed, then acknowledged")
        .stay(
            432,
            OPEN,
            InstTrigger.Redo.class,
            (s, x, now) -> timely(x),
            KeepActs::replay,
            "timely: it is on the primary's disk, nothing is kept")
        .stay(
            440,
            OPEN,
            InstTrigger.Redo.class,
            null,
            KeepActs::keep,
            "KEEP_PKG: acknowledged on receipt; the one before is replayed");
  }

  private static boolean timely(InstTrigger.Redo t) {
    return t.message().getType() == halab.dw.proto.ArchType.ARCH_TIMELY;
  }

  static boolean certain(InstState s, InstTrigger.Told t, Now now) {
    return KeepActs.certain(s, t);
  }

  static InstState release(InstState s, InstTrigger.Told t, Now now, List<Effect> out) {
    return KeepActs.release(MalActs.told(s, t, now, out), now, out);
  }
}
