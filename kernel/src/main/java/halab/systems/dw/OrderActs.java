package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.dw.proto.DwHello;
import halab.dw.proto.DwOrderDone;
import halab.dw.proto.DwRefused;
import halab.dw.proto.InstReport;
import halab.dw.proto.OrderKind;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import java.util.List;

/** The watcher: its link, its orders and what it is told (reference 1.2, 1.3). */
final class OrderActs {
  static final long REPORT_MS = 1000;

  /** The server knows no such user with this password. */
  static final int BAD_LOGIN = -2501;

  private OrderActs() {}

  // ---- the link ---------------------------------------------------------------------------------

  /** Instance and watcher must be of one group (reference 2.1). */
  static boolean sameGroup(InstState s, DwHello hello) {
    return s.ctl.oguid() == hello.getOguid();
  }

  static InstState refuse(InstState s, InstTrigger.WatcherCame t, Now now, List<Effect> out) {
    String why =
        Texts.f(
            "oguid(%d) configured in dmwatcher.ini not equal with local dmserver's oguid(%d),"
                + " cannot build connection!",
            t.message().getOguid(), s.ctl.oguid());
    out.add(new Effect.Send(s.watcherAt(), DwRefused.newBuilder().setWhy(why).build()));
    return s.with(x -> x.watcherLinked = false);
  }

  static InstState link(InstState s, InstTrigger.WatcherCame t, Now now, List<Effect> out) {
    return s.with(
            x -> {
              x.watcherLinked = true;
              x.watcherHeardMs = now.monoMs();
              if (x.watcherPid != t.message().getPid()) { // another life counts anew
                x.order = 0;
                x.orderCmd = null;
                x.orderDone = null;
              }
              x.watcherPid = t.message().getPid();
            })
        .tell();
  }

  static InstState beat(InstState s, InstTrigger.Beat t, Now now, List<Effect> out) {
    return s.with(
        x -> {
          x.watcherHeardMs = now.monoMs();
          x.watcher = t.message();
        });
  }

  static InstState unlink(InstState s, InstTrigger.WatcherDown t, Now now, List<Effect> out) {
    return s.with(x -> x.watcherLinked = false);
  }

  static InstState report(InstState s, Now now, List<Effect> out) {
    InstReport report = Reports.of(s, now);
    out.add(new Effect.Send(s.watcherAt(), report));
    return s.with(x -> x.reportAtMs = now.monoMs() + REPORT_MS);
  }

  // ---- orders -----------------------------------------------------------------------------------

  /** Asked again: an order is carried out once. */
  static boolean again(InstState s, long number) {
    return s.order == number;
  }

  static InstState repeat(InstState s, List<Effect> out) {
    if (s.orderDone != null) {
      out.add(new Effect.Send(s.watcherAt(), s.orderDone));
    }
    return s;
  }

  static InstState take(InstState s, long number, String cmd) {
    return s.with(
        x -> {
          x.order = number;
          x.orderCmd = cmd;
          x.orderDone = null;
        });
  }

  private static InstState take(InstState s, InstTrigger.Order t) {
    return take(s, t.message().getNumber(), t.kind().name().replace("ORDER_", ""));
  }

  /** Tells whoever asked how it ended; a user by SQL, the watcher by message. */
  static InstState answer(
      InstState s, InstTrigger.Asker asker, int code, String text, List<Effect> out) {
    if (!asker.watcher()) {
      return s;
    }
    DwOrderDone done =
        DwOrderDone.newBuilder().setNumber(asker.number()).setCode(code).setText(text).build();
    if (s.order == asker.number()) {
      out.add(new Effect.Send(s.watcherAt(), done));
      return s.with(x -> x.orderDone = done);
    }
    return s;
  }

  static boolean is(InstTrigger.Order t, OrderKind kind) {
    return t.kind() == kind;
  }

  private static InstTrigger.Asker asker(InstTrigger.Order t) {
    return new InstTrigger.Asker(true, t.message().getNumber());
  }

  private static InstState done(InstState s, InstTrigger.Order t, List<Effect> out) {
    return answer(s, asker(t), 0, "", out);
  }

  static InstState no(InstState s, InstTrigger.Order t, int code, String why, List<Effect> out) {
    return answer(take(s, t), asker(t), code, why, out);
  }

  /** ORDER_ARCH_VALID: only for whoever has all that the primary has. */
  static InstState archValid(InstState s, InstTrigger.Order t, Now now, List<Effect> out) {
    String dest = t.message().getDest();
    MalPeer peer = s.peers.get(dest);
    if (!s.targets.containsKey(dest)) {
      return no(s, t, SqlActs.NO_SUCH, "there is no archive to " + dest, out);
    } else if (MalActs.broken(s, dest, now) || peer.said() == null) {
      return no(s, t, MalActs.BROKEN, "the MAL link to " + dest + " is broken", out);
    } else if (peer.said().getApply().getSlsn() != s.way.flsn) {
      String what = "%s stands at LSN %d, FILE_LSN is %d";
      long there = peer.said().getApply().getSlsn();
      return no(s, t, KeepActs.LOG_CHECK, Texts.f(what, dest, there, s.way.flsn), out);
    }
    out.add(new Effect.Say(Level.INFO, "archive to " + dest + " is set to VALID"));
    InstState next = take(s, t).withTarget(dest, x -> x.with(true)).tell();
    return done(next, t, out);
  }

  /** ORDER_ARCH_INVALID: of one target, or of all mutual ones. */
  static InstState archInvalid(InstState s, InstTrigger.Order t, Now now, List<Effect> out) {
    InstState next = take(s, t);
    String dest = t.message().getDest();
    for (Target target : s.targets.values()) {
      boolean meant = dest.isEmpty() ? target.mutual() : target.dest().equals(dest);
      if (meant && target.valid()) {
        out.add(new Effect.Say(Level.INFO, "archive to " + target.dest() + " is set to INVALID"));
        next = ShipActs.invalid(next, target.dest(), now, out);
      }
    }
    return done(next, t, out);
  }

  static InstState recover(InstState s, InstTrigger.Order t, Now now, List<Effect> out) {
    String dest = t.message().getDest();
    InstState next = take(s, t);
    if (!s.targets.containsKey(dest)) {
      return no(s, t, SqlActs.NO_SUCH, "there is no archive to " + dest, out);
    }
    boolean tail = t.kind() == OrderKind.ORDER_RECOVER_TAIL;
    History.Kind kind = tail ? History.Kind.TAIL : History.Kind.RECOVER;
    return HistoryActs.begin(next, kind, asker(t), dest, now, out);
  }

  static InstState clearSend(InstState s, InstTrigger.Order t, Now now, List<Effect> out) {
    return done(clearSend(take(s, t), t.message().getDest()), t, out);
  }

  static InstState clearSend(InstState s, String dest) {
    InstState next = s;
    for (Target target : s.targets.values()) {
      if (dest.isEmpty() || target.dest().equals(dest)) {
        next = next.withTarget(target.dest(), Target::cleared);
      }
    }
    return next.tell();
  }

  static InstState clearApply(InstState s, InstTrigger.Order t, Now now, List<Effect> out) {
    InstState next = take(s, t);
    return done(next.with(x -> x.replays = x.replays.cleared()), t, out);
  }

  static InstState login(InstState s, InstTrigger.Order t, Now now, List<Effect> out) {
    boolean right =
        t.message().getText().equalsIgnoreCase("SYSDBA")
            && DmCtl.sha256(t.message().getSecret()).equals(s.ctl.sysdba());
    return right
        ? done(take(s, t), t, out)
        : no(s, t, BAD_LOGIN, "invalid user name or password", out);
  }

  static InstState notNow(InstState s, InstTrigger.Order t, Now now, List<Effect> out) {
    String what = "%s is not possible: the database is %s, mode %s";
    String why = Texts.f(what, t.kind(), s.phase.status(), s.ctl.mode());
    return no(s, t, SqlActs.WRONG_STATE, why, out);
  }

  /** Whether anything realtime or timely is configured (manual: GLOBAL needs one). */
  static boolean mutual(InstState s) {
    return s.targets.values().stream()
        .anyMatch(t -> t.type() == ArchType.ARCH_REALTIME || t.type() == ArchType.ARCH_TIMELY);
  }
}
