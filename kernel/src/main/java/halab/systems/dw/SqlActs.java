package halab.systems.dw;

import halab.bricks.OneEngineCertifier;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;

/**
 * Statements that change mode and state of the database, and the procedures of Data Watch
 * (reference 4, 9.2). A watcher's and a user's are carried out alike; a user's may be forbidden.
 */
final class SqlActs {
  /** The watcher is active, or ALTER_MODE_STATUS forbids it (reference 4). */
  static final int FORBIDDEN = -720;

  /** Not in this state. */
  static final int WRONG_STATE = -9003;

  /** Not in this mode. */
  static final int WRONG_MODE = -9004;

  /** There is no such thing. */
  static final int NO_SUCH = -9005;

  /** Another statement is being carried out. */
  static final int BUSY = -9006;

  /** Something did not come about. */
  static final int FAILED = -9007;

  static final String NOT_NOW = "55000";
  static final String FORBIDDEN_STATE = "42501";

  private SqlActs() {}

  // ---- may it? ----------------------------------------------------------------------------------

  /** A user's ALTER DATABASE and SP_SET_OGUID (reference 2.2, ALTER_MODE_STATUS). */
  static boolean forbidden(InstState s, InstTrigger.Sql t, Now now) {
    boolean guarded =
        switch (t.what()) {
          case SET_ALTER_MODE_STATUS, CLEAR_ARCH_SEND_INFO, CLEAR_RAPPLY_STAT -> false;
          default -> s.ctl.mode() != DmMode.NORMAL || t.what() != InstSql.What.OPEN;
        };
    boolean allowed =
        s.alterModeStatus == 2 || s.alterModeStatus == 1 && !s.watcherActive(now.monoMs());
    return guarded && !t.asker().watcher() && !allowed;
  }

  static InstState forbid(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    String why =
        "Dmwatcher is active, or current configuration(ALTER_MODE_STATUS) not allowed to alter"
            + " database";
    return answer(taken(s, t), t, FORBIDDEN, why, out);
  }

  static boolean again(InstState s, InstTrigger.Sql t, Now now) {
    return t.asker().watcher() && OrderActs.again(s, t.asker().number());
  }

  static InstState repeat(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    return OrderActs.repeat(s, out);
  }

  static boolean is(InstTrigger.Sql t, InstSql.What what) {
    return t.what() == what;
  }

  // ---- answers ----------------------------------------------------------------------------------

  static InstState taken(InstState s, InstTrigger.Sql t) {
    return t.asker().watcher() ? OrderActs.take(s, t.asker().number(), t.sql().text()) : s;
  }

  static InstState answer(InstState s, InstTrigger.Sql t, int code, String why, List<Effect> out) {
    return answer(s, t.asker(), t.sql(), code, why, out);
  }

  static InstState answer(
      InstState s, InstTrigger.Asker asker, InstSql sql, int code, String why, List<Effect> out) {
    if (asker.watcher()) {
      return OrderActs.answer(s, asker, code, why, out);
    }
    String state = code == 0 ? null : code == FORBIDDEN ? FORBIDDEN_STATE : NOT_NOW;
    String text = code == 0 ? done(sql) : "[" + code + "]" + why;
    out.add(new Effect.StatementDone(asker.number(), state, text));
    return s;
  }

  private static String done(InstSql sql) {
    return sql.text().regionMatches(true, 0, "ALTER", 0, 5) ? "ALTER DATABASE" : "CALL";
  }

  static InstState done(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    return answer(logged(taken(s, t), t, out), t, 0, "", out);
  }

  /** Says in the log what was asked for. */
  static InstState logged(InstState s, InstTrigger.Sql t, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "execute sql: " + t.sql().text()));
    return s;
  }

  static InstState wrongState(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    String what = "%s is not possible: the database is %s, mode %s";
    String why = Texts.f(what, t.sql().text(), s.phase.status(), s.ctl.mode());
    return answer(taken(s, t), t, WRONG_STATE, why, out);
  }

  static InstState unknown(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    String why =
        t.sql().text()
            + ": no such statement; ALTER DATABASE takes MOUNT, OPEN [FORCE], SUSPEND, NORMAL,"
            + " PRIMARY or STANDBY";
    return answer(taken(s, t), t, NO_SUCH, why, out);
  }

  static InstState busy(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    String why = s.pending.sql().text() + " is being carried out";
    return answer(taken(s, t), t, BUSY, why, out);
  }

  // ---- what takes its time ----------------------------------------------------------------------

  static InstState pend(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    InstState.Pending pending = new InstState.Pending(t.asker(), t.sql(), now.monoMs(), 0);
    return logged(taken(s, t), t, out).with(x -> x.pending = pending);
  }

  /**
   * ALTER DATABASE MOUNT: who is in no package yet is rolled back; what is under way is settled.
   */
  static InstState mount(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    InstState next = pend(s, t, now, out);
    return ShipActs.refuseWaiting(
        next, ShipActs.CANNOT_CONNECT_NOW, "the database goes to MOUNT", out);
  }

  static boolean pends(InstState s, InstSql.What what) {
    return s.pending != null && s.pending.sql().what() == what;
  }

  /** Nothing is under way any more. */
  static boolean settled(InstState s) {
    return s.ship.parcel == null && s.ship.own.isEmpty() && s.way.idle();
  }

  /** SUSPEND: what is in a package is settled, whatever waits may wait. */
  static boolean suspended(InstState s) {
    return pends(s, InstSql.What.SUSPEND) && s.ship.parcel == null && s.way.onlineIdle();
  }

  static boolean mounted(InstState s) {
    return pends(s, InstSql.What.MOUNT) && settled(s);
  }

  /** SP_APPLY_KEEP_PKG: the engine shows all that there is. */
  static boolean keepApplied(InstState s) {
    return pends(s, InstSql.What.APPLY_KEEP_PKG) && s.way.idle();
  }

  static boolean saved(InstState s) {
    return s.pending != null
        && s.ctlSaved()
        && switch (s.pending.sql().what()) {
          case NORMAL, PRIMARY, STANDBY, SET_OGUID -> true;
          default -> false;
        };
  }

  /** Something that was asked for has come about. */
  static boolean due(InstState s) {
    return mounted(s) || suspended(s) || keepApplied(s) || saved(s);
  }

  static InstState pendingDone(InstState s, Now now, List<Effect> out) {
    InstState.Pending p = s.pending;
    InstState next = s.with(x -> x.pending = null).tell();
    return answer(next, p.asker(), p.sql(), 0, "", out);
  }

  static InstState pendingFails(InstState s, String why, List<Effect> out) {
    InstState.Pending p = s.pending;
    if (p == null) {
      return s;
    }
    return answer(s.with(x -> x.pending = null), p.asker(), p.sql(), FAILED, why, out);
  }

  static InstState applyKeep(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    return KeepActs.release(pend(s, t, now, out), now, out);
  }

  // ---- mode -------------------------------------------------------------------------------------

  /** ALTER DATABASE PRIMARY, STANDBY, NORMAL; done when dm.ctl says so. */
  static InstState mode(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    DmMode mode = DmMode.valueOf(t.what().name());
    InstState next = KeepActs.drop(pend(s, t, now, out), out);
    out.add(
        new Effect.Say(Level.INFO, Texts.f("mode of %s: %s -> %s", s.name(), s.ctl.mode(), mode)));
    return begins(next.saved(next.ctl.with(mode), out)).tell();
  }

  /** Whatever this instance wrote or replayed is where a primary goes on from. */
  static InstState begins(InstState s) {
    return s.withShip(
        x -> {
          x.clsn = s.way.taken();
          x.cseq = s.way.takenSeq();
          x.certifier = OneEngineCertifier.from(s.way.applied, OneEngineCertifier.WINDOW_KEYS);
        });
  }

  static InstState oguid(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    InstState next = pend(s, t, now, out);
    return next.saved(next.ctl.withOguid((int) t.sql().a()), out).tell();
  }

  static InstState alterModeStatus(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    long value = t.sql().b();
    if (value < 0 || value > 2) {
      String why = "ALTER_MODE_STATUS takes 0, 1 or 2";
      return answer(taken(s, t), t, NO_SUCH, why, out);
    }
    return done(s.with(x -> x.alterModeStatus = (int) value), t, now, out);
  }

  /** SP_SET_GLOBAL_DW_STATUS(old, new): compare and set (reference 5.4). */
  static InstState dwStatus(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    if (s.dwStatus != t.sql().a()) {
      String what = "DW_STAT_FLAG of %s is %d, not %d";
      String why = Texts.f(what, s.name(), s.dwStatus, t.sql().a());
      return answer(taken(s, t), t, WRONG_STATE, why, out);
    }
    return done(s.with(x -> x.dwStatus = (int) t.sql().b()).tell(), t, now, out);
  }

  // ---- open -------------------------------------------------------------------------------------

  /**
   * MOUNT to OPEN. A primary rolls back, purges and rebuilds its rollback segments, which is redo;
   * here it is the row of the history of openings, and the upgrade of the system tables.
   */
  static InstState open(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    InstState next = logged(taken(s, t), t, out).saved(s.ctl.withClean(false), out).tell();
    if (s.primary()) {
      OpenRow row =
          new OpenRow(
              s.ctl.nOpen() + 1, now.wallMs(), s.name(), s.ctl.dbMagic(), s.way.fseq, s.way.flsn);
      next = begins(next);
      next = ShipActs.enqueue(next, RlogPkg.newBuilder().setOpening(RedoActs.opening(row)).build());
      next = upgrade(next, out);
    }
    return answer(next, t, 0, "", out);
  }

  /** A newer program rewrites the system tables (reference 8, seed 003). */
  static InstState upgrade(InstState s, List<Effect> out) {
    if (s.ctl.dbVersion() >= s.build) {
      return s;
    }
    String what = "upgrade of system tables from version %d to %d begins";
    out.add(new Effect.Say(Level.INFO, Texts.f(what, s.ctl.dbVersion(), s.build)));
    return ShipActs.enqueue(s, RlogPkg.newBuilder().setVersion(s.build).build());
  }

  /** SUSPEND to OPEN: what is held goes on. */
  static InstState resume(InstState s, InstTrigger.Sql t, Now now, List<Effect> out) {
    return answer(logged(taken(s, t), t, out), t, 0, "", out)
        .with(x -> x.sessionsFreed = false)
        .tell();
  }
}
