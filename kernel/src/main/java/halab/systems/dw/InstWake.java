package halab.systems.dw;

import static halab.systems.dw.InstPhase.OPEN;
import static halab.systems.dw.InstPhase.SHUTDOWN;
import static halab.systems.dw.InstPhase.SUSPEND;

/** When an instance wants its next tick: the earliest thing that is due. */
final class InstWake {
  private InstWake() {}

  static long atMs(InstState s) {
    if (!Dmserver.ALIVE.contains(s.phase)) {
      return Long.MAX_VALUE;
    }
    if (atOnce(s)) {
      return 0;
    }
    long at = Math.min(s.helloAtMs, RedoActs.againAtMs(s));
    if (s.watcherLinked) {
      at = Math.min(at, s.reportAtMs);
    }
    if (Dmserver.UP.contains(s.phase)) {
      at = Math.min(at, s.way.checkpoint == 0 ? s.way.checkpointAtMs : Long.MAX_VALUE);
    }
    if (s.phase == OPEN || s.phase == SUSPEND || s.phase == SHUTDOWN) {
      at = Math.min(at, lostAtMs(s));
      at = Math.min(at, ShipActs.againAtMs(s));
    }
    if (s.phase == OPEN && s.primary()) {
      at = Math.min(at, s.asyncAtMs);
    }
    if (s.phase == OPEN || s.phase == SUSPEND) {
      at = Math.min(at, ShipActs.freesAtMs(s));
      at = Math.min(at, HistoryActs.nextMs(s));
    }
    return at;
  }

  private static boolean atOnce(InstState s) {
    return switch (s.phase) {
      case STARTUP -> BootActs.redone(s);
      case AFTER_REDO -> BootActs.complete(s);
      case MOUNT -> SqlActs.keepApplied(s) || SqlActs.saved(s);
      case OPEN ->
          s.ship.failing() || SqlActs.due(s) || ShipActs.mayClose(s) || ShipActs.maySettle(s);
      case SHUTDOWN ->
          s.ship.failing() || ShipActs.mayClose(s) || StopActs.written(s) || StopActs.marked(s);
      default -> false;
    };
  }

  /** When the first target of the package in hand counts as gone. */
  private static long lostAtMs(InstState s) {
    long at = Long.MAX_VALUE;
    if (s.ship.parcel == null) {
      return at;
    }
    for (String dest : s.ship.parcel.waiting().keySet()) {
      if (!s.ship.failing(dest)) {
        MalPeer peer = s.peers.get(dest);
        boolean watched = s.mal.checkIntervalS() > 0;
        long silentAt = watched ? peer.heardMs() + MalActs.brokenMs(s) : Long.MAX_VALUE;
        at = Math.min(at, peer.up() ? silentAt : 0);
      }
    }
    return at;
  }
}
