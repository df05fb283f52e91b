package halab.systems.dw;

import static halab.systems.dw.InstPhase.AFTER_REDO;
import static halab.systems.dw.InstPhase.MOUNT;
import static halab.systems.dw.InstPhase.OPEN;
import static halab.systems.dw.InstPhase.SHUTDOWN;
import static halab.systems.dw.InstPhase.STARTUP;
import static halab.systems.dw.InstPhase.SUSPEND;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Rows 300 to 390 of dmserver: commits of a primary and the packages that carry them. */
final class ShipRows {
  private static final Set<InstPhase> SHIPPING = EnumSet.of(OPEN, SUSPEND, SHUTDOWN);

  private ShipRows() {}

  static void add(Table<InstState, InstPhase> t) {
    commits(t);
    t.stay(
            320,
            SHIPPING,
            InstTrigger.Ack.class,
            (s, x, now) -> ShipActs.ofParcel(s, x),
            ShipActs::acked,
            "a target has the package, or refuses it")
        .stay(
            322,
            SHIPPING,
            InstTrigger.Ack.class,
            (s, x, now) -> HistoryActs.ofHistory(s, x),
            HistoryActs::acked,
            "a part of the history is there: read on")
        .stay(
            330,
            EnumSet.of(OPEN, SUSPEND),
            Event.Tick.class,
            (s, x, now) -> ShipActs.lost(s, now) != null,
            ShipRows::lost,
            "a target of the package is silent or gone")
        .stay(
            331,
            SHIPPING,
            Event.Tick.class,
            (s, x, now) -> ShipActs.unanswered(s, now) != null,
            (s, x, now, out) -> ShipActs.sendAgain(s, now, out),
            "no answer for a while: the package is sent once more")
        .move(
            332,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> s.ship.failing(),
            SUSPEND,
            (s, x, now, out) -> suspends(s, now, out),
            "redo cannot be delivered to a VALID target: SUSPEND, commits hang")
        .stay(
            340,
            SUSPEND,
            Event.Tick.class,
            (s, x, now) -> ShipActs.freesSessions(s, now),
            ShipRows::freeSessions,
            "SESS_FREE_IN_SUSPEND is over: users shall look for the new primary");
  }

  private static void commits(Table<InstState, InstPhase> t) {
    t.refuse(
            300,
            EnumSet.of(OPEN, SUSPEND),
            Event.CommitAsked.class,
            (s, x, now) -> s.standby(),
            (s, x, now, out) -> refused(s, x, ShipActs.READ_ONLY, "the database is a STANDBY", out),
            "a standby is read-only")
        .refuse(
            302,
            EnumSet.of(OPEN),
            Event.CommitAsked.class,
            (s, x, now) -> SqlActs.pends(s, InstSql.What.MOUNT),
            (s, x, now, out) ->
                refused(s, x, ShipActs.CANNOT_CONNECT_NOW, "the database goes to MOUNT", out),
            "ALTER DATABASE MOUNT rolls back what is active")
        .stay(
            310,
            OPEN,
            Event.CommitAsked.class,
            null,
            ShipActs::asked,
            "commit: into the next package")
        .stay(
            312,
            SUSPEND,
            Event.CommitAsked.class,
            null,
            (s, x, now, out) -> ShipActs.waits(s, x),
            "SUSPEND: the commit hangs")
        .refuse(
            314,
            EnumSet.of(STARTUP, AFTER_REDO, MOUNT),
            Event.CommitAsked.class,
            null,
            (s, x, now, out) ->
                refused(
                    s, x, ShipActs.CANNOT_CONNECT_NOW, "the database is " + s.phase.status(), out),
            "not open: no commits")
        .refuse(
            316,
            EnumSet.of(SHUTDOWN),
            Event.CommitAsked.class,
            null,
            (s, x, now, out) ->
                refused(s, x, ShipActs.ADMIN_SHUTDOWN, "the database is shutting down", out),
            "shutting down: no commits");
  }

  private static InstState refused(
      InstState s, Event.CommitAsked t, String state, String why, List<Effect> out) {
    out.add(new Effect.Refused(t.tx(), state, why));
    return s;
  }

  private static InstState lost(InstState s, Event.Tick t, Now now, List<Effect> out) {
    String dest = ShipActs.lost(s, now);
    return ShipActs.fails(s, dest, MalActs.BROKEN, "the MAL link is broken", now, out);
  }

  private static InstState suspends(InstState s, Now now, List<Effect> out) {
    String what = "archive to %s failed, database is SUSPEND";
    out.add(
        new Effect.Say(Level.WARNING, Texts.f(what, String.join(", ", s.ship.parcel.failing()))));
    String why = "the database is SUSPEND, redo cannot be delivered";
    return SqlActs.pendingFails(s, why, out).with(x -> x.suspendedMs = now.monoMs()).tell();
  }

  private static InstState freeSessions(InstState s, Event.Tick t, Now now, List<Effect> out) {
    String why = "the database is SUSPEND, connections are closed (SESS_FREE_IN_SUSPEND)";
    InstState next = ShipActs.refuseWaiting(s, ShipActs.ADMIN_SHUTDOWN, why, out);
    out.add(new Effect.Say(Level.WARNING, why));
    out.add(new Effect.DropSessions(ShipActs.ADMIN_SHUTDOWN, why));
    return next.with(x -> x.sessionsFreed = true);
  }

  static InstState lacks(InstState s, InstTrigger.Told t, Now now, List<Effect> out) {
    String what = "%s has redo up to LSN %d, less than it acknowledged; its archive is INVALID";
    long there = t.message().getApply().getKlsn();
    out.add(new Effect.Say(Level.WARNING, Texts.f(what, t.from(), there)));
    return ShipActs.invalid(MalActs.told(s, t, now, out), t.from(), now, out);
  }

  static InstState backAgain(InstState s, InstTrigger.Told t, Now now, List<Effect> out) {
    InstState told = MalActs.told(s, t, now, out);
    return ShipActs.retry(told, t.from(), t.message().getApply().getKlsn(), now, out);
  }
}
