package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.dw.proto.MalRedo;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;

/**
 * History for those who lack it, out of the local archive: recovery of a standby and asynchronous
 * archives (reference 3.5, 5.6). Asked for its place, the destination gets part after part, each
 * acknowledged before the next is read.
 */
final class HistoryActs {
  /** The local archive has not what the standby needs (manual, recovery codes). */
  static final int NO_ARCHIVE = -10204;

  /** The redo of the standby is not all applied yet. */
  static final int NOT_APPLIED = -20;

  static final int NOT_PRIMARY = -10211;
  static final int GIVEN_UP = -10216;

  private static final int PART_MOST = 1000;

  /** When nothing moves for so long, the outcome is a failure. */
  private static final long STANDSTILL_MS = 10_000;

  private HistoryActs() {}

  static InstState begin(
      InstState s,
      History.Kind kind,
      InstTrigger.Asker asker,
      String dest,
      Now now,
      List<Effect> out) {
    InstState next =
        s.with(x -> x.histories = x.histories.plus(dest, History.begun(kind, asker, now.monoMs())))
            .withTarget(dest, Sent::history);
    if (MalActs.broken(s, dest, now)) {
      return ends(next, dest, MalActs.BROKEN, "the MAL link to " + dest + " is broken", now, out);
    }
    out.add(new Effect.Send(s.peers.get(dest).at(), MalActs.hello(s, true)));
    return next;
  }

  /** The destination says where it is: read on from there. */
  static InstState located(InstState s, InstTrigger.Told t, Now now, List<Effect> out) {
    History h = s.histories.get(t.from());
    if (h == null || h.located() || t.message().getAsk()) {
      return s;
    }
    var apply = t.message().getApply();
    if (t.message().getMode() != Mode.STANDBY || t.message().getStatus() != Status.OPEN) {
      return ends(s, t.from(), NOT_PRIMARY, t.from() + " is no open standby", now, out);
    }
    if (h.kind() == History.Kind.RECOVER && apply.getRlsn() != apply.getSlsn()) {
      String why = "redo buffer of " + t.from() + " is not all applied";
      return ends(s, t.from(), NOT_APPLIED, why, now, out);
    }
    return read(s, t.from(), apply.getSlsn() + 1, now, out);
  }

  private static InstState read(InstState s, String dest, long fromLsn, Now now, List<Effect> out) {
    History h = s.histories.get(dest);
    long upTo = h.kind() == History.Kind.TAIL ? s.way.flsn : s.way.archived;
    if (fromLsn > upTo) {
      return ends(s, dest, 0, "", now, out);
    }
    long request = s.lastRequest + 1;
    out.add(new Effect.ReadRedo(request, s.archivePath(), RedoActs.THREAD, fromLsn, PART_MOST));
    return s.with(
        x -> {
          x.lastRequest = request;
          x.histories = x.histories.plus(dest, h.reading(fromLsn, request, now.monoMs()));
        });
  }

  /** For whom this was read; null: nobody any more. */
  static String reader(InstState s, long request) {
    for (var entry : s.histories.entrySet()) {
      if (entry.getValue().reading() == request) {
        return entry.getKey();
      }
    }
    return null;
  }

  static InstState read(InstState s, InstTrigger.ArchiveRead t, Now now, List<Effect> out) {
    String dest = reader(s, t.read().request());
    History h = s.histories.get(dest);
    if (t.read().oldestLsn() > h.nextLsn()) {
      String what = "local archive begins at LSN %d, %s needs LSN %d; rebuild it from a backup";
      String why = Texts.f(what, t.read().oldestLsn(), dest, h.nextLsn());
      return ends(s, dest, NO_ARCHIVE, why, now, out);
    }
    List<RlogPkg> part = old(s, dest, h, t.read().pkgs(), now);
    if (part.isEmpty()) {
      return ends(s, dest, 0, "", now, out);
    }
    return send(s, dest, h, part, now, out);
  }

  /** An asynchronous archive may be told to stay behind (ARCH_SEND_DELAY). */
  private static List<RlogPkg> old(
      InstState s, String dest, History h, List<RlogPkg> pkgs, Now now) {
    if (h.kind() != History.Kind.ASYNC) {
      return pkgs;
    }
    long until = now.wallMs() - 60_000L * s.arch.to(dest).sendDelayMin();
    return pkgs.stream().takeWhile(p -> p.getAtMs() <= until).toList();
  }

  private static InstState send(
      InstState s, String dest, History h, List<RlogPkg> part, Now now, List<Effect> out) {
    long number = s.lastRequest + 1;
    History sending = h.sending(number, part, now.monoMs());
    out.add(new Effect.Send(s.peers.get(dest).at(), part(s, dest, sending)));
    return s.with(
            x -> {
              x.lastRequest = number;
              x.histories = x.histories.plus(dest, sending);
            })
        .withTarget(dest, t -> Sent.begins(t, part, h.kind() != History.Kind.ASYNC, now));
  }

  static boolean ofHistory(InstState s, InstTrigger.Ack t) {
    History h = s.histories.get(t.from());
    return h != null && h.sending() != 0 && h.sending() == t.message().getNumber();
  }

  static InstState acked(InstState s, InstTrigger.Ack t, Now now, List<Effect> out) {
    int code = t.message().getCode();
    String why = t.message().getWhy();
    History h = s.histories.get(t.from());
    InstState heard =
        MalActs.applied(s, t.from(), t.message().getApply(), now)
            .withTarget(t.from(), x -> Sent.historyEnds(x, h.part(), code, why, now));
    if (code != 0) {
      return ends(heard, t.from(), code, why, now, out);
    }
    boolean near = h.kind() == History.Kind.RECOVER && h.part().size() < PART_MOST;
    return near
        ? ends(heard, t.from(), 0, "", now, out)
        : read(heard, t.from(), h.lastLsn() + 1, now, out);
  }

  private static InstState ends(
      InstState s, String dest, int code, String why, Now now, List<Effect> out) {
    History h = s.histories.get(dest);
    InstState next = s.with(x -> x.histories = x.histories.minus(dest)).tell();
    if (h.kind() == History.Kind.ASYNC) {
      return next;
    }
    return OrderActs.answer(next, h.asker(), code, why, out);
  }

  /** The question where it is, or a part, may have been lost: once more. */
  static String unanswered(InstState s, Now now) {
    for (var entry : s.histories.entrySet()) {
      if (askAgainAtMs(entry.getValue()) <= now.monoMs()) {
        return entry.getKey();
      }
    }
    return null;
  }

  private static long askAgainAtMs(History h) {
    boolean waits = !h.located() || h.sending() != 0;
    return waits ? h.askedMs() + RedoActs.AGAIN_MS : Long.MAX_VALUE;
  }

  static InstState askAgain(InstState s, Now now, List<Effect> out) {
    String dest = unanswered(s, now);
    History h = s.histories.get(dest);
    if (h.sending() == 0) {
      out.add(new Effect.Send(s.peers.get(dest).at(), MalActs.hello(s, true)));
    } else {
      out.add(new Effect.Send(s.peers.get(dest).at(), part(s, dest, h)));
    }
    return s.with(x -> x.histories = x.histories.plus(dest, h.asked(now.monoMs())));
  }

  private static MalRedo part(InstState s, String dest, History h) {
    return ShipActs.redo(s, h.sending(), h.nextLsn() - 1, h.part())
        .setType(s.targets.get(dest).type())
        .setRecovery(true)
        .build();
  }

  /** A destination that is gone or does not answer. */
  static String stuck(InstState s, Now now) {
    for (var entry : s.histories.entrySet()) {
      boolean silent = now.monoMs() - entry.getValue().sinceMs() >= STANDSTILL_MS;
      if (silent || MalActs.broken(s, entry.getKey(), now)) {
        return entry.getKey();
      }
    }
    return null;
  }

  static InstState giveUp(InstState s, Now now, List<Effect> out) {
    String dest = stuck(s, now);
    String why = "no answer from " + dest + " while it is sent history";
    return ends(s, dest, GIVEN_UP, why, now, out);
  }

  static long nextMs(InstState s) {
    return s.histories.values().stream()
        .mapToLong(h -> Math.min(h.sinceMs() + STANDSTILL_MS, askAgainAtMs(h)))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  // ---- asynchronous archives --------------------------------------------------------------------

  /** The timer of asynchronous archives: every destination that is linked gets what it lacks. */
  static InstState timer(InstState s, Now now, List<Effect> out) {
    InstState next = s.with(x -> x.asyncAtMs = Timers.nextMs(x, now));
    for (Target target : s.targets.values()) {
      boolean idle = !s.histories.containsKey(target.dest());
      if (target.type() == ArchType.ARCH_ASYNC && idle && !MalActs.broken(s, target.dest(), now)) {
        next = begin(next, History.Kind.ASYNC, InstTrigger.Asker.NOBODY, target.dest(), now, out);
      }
    }
    return next;
  }
}
