package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.dw.proto.MalRedo;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * A primary's packages on their way to its standbys (reference 3.3, 3.4). One package at a time is
 * being delivered, so that a standby is never more than one ahead of the primary's disk. With a
 * realtime archive it is sent, then written; with a timely one written, then sent.
 */
final class ShipActs {
  static final String SERIALIZATION_FAILURE = "40001";
  static final String ADMIN_SHUTDOWN = "57P01";
  static final String CANNOT_CONNECT_NOW = "57P03";
  static final String READ_ONLY = "25006";

  private static final int PTX_MOST = 1000;
  private static final long BYTES_MOST = 4L << 20;

  private ShipActs() {}

  // ---- commits come in --------------------------------------------------------------------------

  static InstState asked(InstState s, Event.CommitAsked t, Now now, List<Effect> out) {
    return go(waits(s, t), now, out);
  }

  static InstState waits(InstState s, Event.CommitAsked t) {
    Ship.Waiting waiting = new Ship.Waiting(t.tx(), t.pkg());
    return s.withShip(x -> x.queue = x.queue.plus(waiting));
  }

  /** Redo of the system: nobody waits for it. */
  static InstState enqueue(InstState s, RlogPkg pkg) {
    return s.withShip(x -> x.queue = x.queue.plus(new Ship.Waiting(0, pkg)));
  }

  /** Whoever is in no package yet is rolled back. */
  static InstState refuseWaiting(InstState s, String sqlState, String why, List<Effect> out) {
    for (Ship.Waiting w : s.ship.queue) {
      if (w.tx() != 0) {
        out.add(new Effect.Refused(w.tx(), sqlState, why));
      }
    }
    return s.withShip(x -> x.queue = TreePVector.empty());
  }

  // ---- packages go out --------------------------------------------------------------------------

  /** Whatever can go on goes on. Harmless to call whenever something has changed. */
  static InstState go(InstState s, Now now, List<Effect> out) {
    InstState next = sendLogged(s, now, out);
    return mayClose(next) ? close(next, now, out) : next;
  }

  /**
   * The next package is closed when the one before is in the online log (reference 3.3), while the
   * database is open, says in dm.ctl that it is no longer closed in order, and no archive hangs.
   */
  static boolean mayClose(InstState s) {
    boolean writes = s.phase == InstPhase.OPEN || s.phase == InstPhase.SHUTDOWN;
    return writes
        && (s.primary() || s.ctl.mode() == DmMode.NORMAL)
        && s.ship.parcel == null
        && s.ctlSaved()
        && !s.ship.queue.isEmpty()
        && s.way.onlineIdle()
        && !s.way.archiveFails()
        && !suspending(s);
  }

  private static boolean suspending(InstState s) {
    return s.pending != null && s.pending.sql().what() == InstSql.What.SUSPEND;
  }

  private static InstState close(InstState s, Now now, List<Effect> out) {
    List<RlogPkg> ptx = new ArrayList<>();
    InstState next = s;
    long bytes = 0;
    long before = s.ship.clsn;
    while (!next.ship.queue.isEmpty() && ptx.size() < PTX_MOST && bytes < BYTES_MOST) {
      Ship.Waiting first = next.ship.queue.get(0);
      next = next.withShip(x -> x.queue = x.queue.minus(0));
      if (next.ship.certifier.conflicts(first.pkg().getKeyList())) {
        String why = "could not serialize access due to concurrent update";
        out.add(new Effect.Refused(first.tx(), SERIALIZATION_FAILURE, why));
        continue;
      }
      RlogPkg pkg = placed(next, first, now);
      next = next.withShip(x -> place(x, first.tx(), pkg));
      ptx.add(pkg);
      bytes += pkg.getSerializedSize();
    }
    if (ptx.isEmpty()) {
      return next;
    }
    return deliver(next.withShip(x -> x.cseq++), before, ptx, now, out);
  }

  private static RlogPkg placed(InstState s, Ship.Waiting waiting, Now now) {
    return waiting.pkg().toBuilder()
        .setLsn(s.ship.clsn + 1)
        .setSeq(s.ship.cseq + 1)
        .setThread(RedoActs.THREAD)
        .setTx(waiting.tx())
        .setAtMs(now.wallMs())
        .build();
  }

  private static void place(Ship x, long tx, RlogPkg pkg) {
    x.clsn = pkg.getLsn();
    x.certifier = x.certifier.note(pkg.getLsn(), pkg.getKeyList());
    if (tx != 0) {
      x.own = x.own.plus(pkg.getLsn(), tx);
    }
  }

  private static InstState deliver(
      InstState s, long before, List<RlogPkg> ptx, Now now, List<Effect> out) {
    long number = s.lastRequest + 1;
    InstState next = s.with(x -> x.lastRequest = number);
    boolean timely = RedoActs.waitsFor(s, ArchType.ARCH_TIMELY);
    if (!timely && !RedoActs.waitsFor(s, ArchType.ARCH_REALTIME)) {
      return RedoActs.add(next, ptx, now, out);
    }
    Ship.Parcel parcel =
        new Ship.Parcel(number, ptx, before, TreePMap.empty(), TreePSet.empty(), timely);
    next = next.withShip(x -> x.parcel = parcel);
    return timely ? RedoActs.add(next, ptx, now, out) : sendAll(next, now, out);
  }

  /** Timely: it is in the online log, so it is sent now. */
  private static InstState sendLogged(InstState s, Now now, List<Effect> out) {
    Ship.Parcel p = s.ship.parcel;
    boolean due =
        p != null
            && p.logged()
            && p.waiting().isEmpty()
            && p.failing().isEmpty()
            && s.way.flsn >= p.lastLsn();
    return due ? sendAll(s, now, out) : s;
  }

  private static InstState sendAll(InstState s, Now now, List<Effect> out) {
    InstState next = s;
    for (Target target : s.targets.values()) {
      if (target.mutual() && target.valid()) {
        next = send(next, target.dest(), now, out);
      }
    }
    return next.ship.parcel.waiting().isEmpty() ? delivered(next, now, out) : next;
  }

  private static InstState send(InstState s, String dest, Now now, List<Effect> out) {
    boolean again = s.ship.parcel.waiting().containsKey(dest); // a sending lasts from the first
    Ship.Parcel parcel = s.ship.parcel.sent(dest, now.monoMs());
    InstState next =
        s.withShip(x -> x.parcel = parcel)
            .withTarget(dest, t -> again ? t : Sent.begins(t, parcel.ptx(), false, now));
    if (MalActs.broken(s, dest, now)) {
      return fails(next, dest, MalActs.BROKEN, "the MAL link is broken", now, out);
    }
    Target target = s.targets.get(dest);
    MalRedo.Builder redo = redo(s, parcel.number(), parcel.beforeLsn(), parcel.ptx());
    redo.setType(target.type()).setWaitApply(s.arch.waitApply());
    out.add(new Effect.Send(s.peers.get(dest).at(), redo.build()));
    return next;
  }

  static MalRedo.Builder redo(InstState s, long number, long before, List<RlogPkg> ptx) {
    return MalRedo.newBuilder()
        .setNumber(number)
        .setPermanentMagic(s.ctl.permanentMagic())
        .setNOpen(s.ctl.nOpen())
        .setBeforeLsn(before)
        .addAllPtx(ptx)
        .setFlsn(s.way.flsn);
  }

  // ---- answers ----------------------------------------------------------------------------------

  static boolean ofParcel(InstState s, InstTrigger.Ack t) {
    Ship.Parcel p = s.ship.parcel;
    return p != null && p.number() == t.message().getNumber() && p.waiting().containsKey(t.from());
  }

  static InstState acked(InstState s, InstTrigger.Ack t, Now now, List<Effect> out) {
    InstState heard = MalActs.applied(s, t.from(), t.message().getApply(), now);
    if (t.message().getCode() != 0) {
      String why = t.message().getWhy();
      return fails(heard, t.from(), t.message().getCode(), why, now, out);
    }
    return has(heard, t.from(), now, out);
  }

  /** A target has the package. */
  static InstState has(InstState s, String dest, Now now, List<Effect> out) {
    Ship.Parcel parcel = s.ship.parcel.acked(dest);
    InstState next =
        s.withShip(x -> x.parcel = parcel).withTarget(dest, t -> Sent.ends(t, 0, "", now));
    if (s.ship.failing(dest)) {
      next = next.tell();
    }
    return settle(next, now, out);
  }

  /** Nobody has to acknowledge any more, and the database is open: on it goes. */
  static InstState settle(InstState s, Now now, List<Effect> out) {
    return maySettle(s) ? delivered(s, now, out) : s;
  }

  static boolean maySettle(InstState s) {
    Ship.Parcel p = s.ship.parcel;
    boolean sent = p != null && (!p.logged() || s.way.flsn >= p.lastLsn());
    return sent && p.waiting().isEmpty() && s.phase != InstPhase.SUSPEND;
  }

  private static InstState delivered(InstState s, Now now, List<Effect> out) {
    Ship.Parcel p = s.ship.parcel;
    InstState next = s.withShip(x -> x.parcel = null);
    next = p.logged() ? RedoActs.hand(next, out) : RedoActs.add(next, p.ptx(), now, out);
    return go(next, now, out);
  }

  /** The package cannot be delivered there: a tick will find it and suspend the primary. */
  static InstState fails(
      InstState s, String dest, int code, String why, Now now, List<Effect> out) {
    if (s.ship.failing(dest)) {
      return s;
    }
    long first = s.ship.parcel.firstLsn();
    long last = s.ship.parcel.lastLsn();
    String what =
        "[mal recv for arch] mal receive from site(%s) failed, begin lsn:%d, end lsn:%d, code:%d";
    out.add(new Effect.Say(Level.ERROR, Texts.f(what, dest, first, last, code)));
    Ship.Parcel parcel = s.ship.parcel.failed(dest);
    return s.withShip(x -> x.parcel = parcel)
        .withTarget(dest, t -> Sent.ends(t, code, why, now))
        .tell();
  }

  /** Only while a failed send is why it stands still (reference 2.2). */
  static boolean freesSessions(InstState s, Now now) {
    return freesAtMs(s) <= now.monoMs();
  }

  static long freesAtMs(InstState s) {
    boolean counts =
        s.phase == InstPhase.SUSPEND
            && s.ship.failing()
            && !s.sessionsFreed
            && s.ini.sessFreeInSuspendS() > 0;
    return counts ? s.suspendedMs + 1000L * s.ini.sessFreeInSuspendS() : Long.MAX_VALUE;
  }

  /** A target that has not answered for a while: the package, or its answer, may have been lost. */
  static String unanswered(InstState s, Now now) {
    Ship.Parcel p = s.ship.parcel;
    if (p == null) {
      return null;
    }
    for (var sent : p.waiting().entrySet()) {
      boolean late = now.monoMs() - sent.getValue() >= RedoActs.AGAIN_MS;
      if (late && !p.failing().contains(sent.getKey())) {
        return sent.getKey();
      }
    }
    return null;
  }

  static InstState sendAgain(InstState s, Now now, List<Effect> out) {
    return send(s, unanswered(s, now), now, out);
  }

  /** When something that was sent is sent again. */
  static long againAtMs(InstState s) {
    Ship.Parcel p = s.ship.parcel;
    long at = Long.MAX_VALUE;
    if (p != null) {
      for (var sent : p.waiting().entrySet()) {
        boolean waits = !p.failing().contains(sent.getKey());
        at = waits ? Math.min(at, sent.getValue() + RedoActs.AGAIN_MS) : at;
      }
    }
    return at;
  }

  /** A target of the package in hand that is silent or gone; null: none is. */
  static String lost(InstState s, Now now) {
    Ship.Parcel p = s.ship.parcel;
    if (p == null) {
      return null;
    }
    for (String dest : p.waiting().keySet()) {
      if (!p.failing().contains(dest) && MalActs.broken(s, dest, now)) {
        return dest;
      }
    }
    return null;
  }

  /** A failing target is there again: it has the package, or gets it once more. */
  static InstState retry(InstState s, String dest, long klsn, Now now, List<Effect> out) {
    if (!s.ship.failing(dest)) {
      return s;
    }
    Ship.Parcel p = s.ship.parcel;
    if (klsn >= p.lastLsn()) {
      return has(s, dest, now, out);
    }
    return klsn == p.beforeLsn() ? send(s, dest, now, out).tell() : s;
  }

  /** A failing target is linked again and goes on as a standby of this primary. */
  static boolean isBack(InstState s, InstTrigger.Told t) {
    return s.ship.failing(t.from())
        && t.message().getMode() == Mode.STANDBY
        && t.message().getStatus() == Status.OPEN
        && t.message().getNOpen() <= s.ctl.nOpen();
  }

  /**
   * Whatever a target acknowledged it has; it keeps the last package in memory alone. One that has
   * not read its online log yet (STARTUP) does not know what it has.
   */
  static boolean lacks(InstState s, InstTrigger.Told t) {
    Target target = s.targets.get(t.from());
    return s.primary()
        && s.ship.parcel == null
        && target != null
        && target.mutual()
        && target.valid()
        && t.message().getMode() == Mode.STANDBY
        && t.message().getStatus() != Status.STARTUP
        && t.message().getApply().getKlsn() < s.way.flsn;
  }

  // ---- archive status ---------------------------------------------------------------------------

  /** Nobody waits for this target any more. What is held goes on when the database is open. */
  static InstState invalid(InstState s, String dest, Now now, List<Effect> out) {
    InstState next = s.withTarget(dest, t -> t.with(false)).tell();
    if (next.ship.parcel != null && next.ship.parcel.waiting().containsKey(dest)) {
      Ship.Parcel parcel = next.ship.parcel.acked(dest);
      next = next.withShip(x -> x.parcel = parcel);
    }
    return settle(next, now, out);
  }

  // ---- the engine shows it ----------------------------------------------------------------------

  static InstState answer(InstState s, long lsn, List<Effect> out) {
    var shown = s.ship.own.headMap(lsn, true);
    if (shown.isEmpty()) {
      return s;
    }
    shown.forEach((at, tx) -> out.add(new Effect.Committed(tx, at)));
    return s.withShip(x -> x.own = x.own.minusAll(List.copyOf(shown.keySet())));
  }
}
