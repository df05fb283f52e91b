package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.redo.proto.Opening;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * Carries redo through {@link RedoWay}: online log, local archive, engine; and what follows when
 * the engine shows it.
 */
final class RedoActs {
  /** The one redo thread of a database that is no cluster. */
  static final int THREAD = 0;

  /** Failed writes of the online log in a row before it counts as lost. */
  static final int FAILURES = 3;

  /** After so long a failed write is tried again. */
  static final long AGAIN_MS = 1000;

  private static final int BATCH_MOST = 1000;
  private static final long BATCH_BYTES_MOST = 8L << 20;

  private RedoActs() {}

  /** Takes redo in, LSNs rising. */
  static InstState add(InstState s, List<RlogPkg> ptx, Now now, List<Effect> out) {
    InstState next =
        s.withWay(
            w -> {
              for (RlogPkg pkg : ptx) {
                w.toOnline = w.toOnline.plus(pkg.getLsn(), pkg);
              }
            });
    return writeOnline(next, now, out);
  }

  private static InstState writeOnline(InstState s, Now now, List<Effect> out) {
    if (s.way.online != null || s.way.toOnline.isEmpty()) {
      return s;
    }
    List<RlogPkg> pkgs = batch(s.way.toOnline);
    long request = s.lastRequest + 1;
    out.add(new Effect.WriteRedo(request, s.onlinePath(), THREAD, pkgs));
    return s.with(x -> x.lastRequest = request)
        .withWay(
            w -> {
              w.toOnline = without(w.toOnline, pkgs);
              w.online = new RedoWay.Batch(request, pkgs, now.monoMs(), 0);
            });
  }

  private static List<RlogPkg> batch(TreePMap<Long, RlogPkg> from) {
    List<RlogPkg> pkgs = new ArrayList<>();
    long bytes = 0;
    for (RlogPkg pkg : from.values()) {
      bytes += pkg.getSerializedSize();
      if (!pkgs.isEmpty() && (pkgs.size() == BATCH_MOST || bytes > BATCH_BYTES_MOST)) {
        break;
      }
      pkgs.add(pkg);
    }
    return pkgs;
  }

  private static TreePMap<Long, RlogPkg> without(TreePMap<Long, RlogPkg> all, List<RlogPkg> pkgs) {
    return all.minusAll(pkgs.stream().map(RlogPkg::getLsn).toList());
  }

  /** FILE_LSN rises; what is in the online log goes to the archive. */
  static InstState online(InstState s, InstTrigger.OnlineWritten t, Now now, List<Effect> out) {
    List<RlogPkg> pkgs = s.way.online.pkgs();
    InstState next =
        s.withWay(
            w -> {
              w.flsn = w.online.last().getLsn();
              w.fseq = w.online.last().getSeq();
              w.online = null;
              for (RlogPkg pkg : pkgs) {
                w.toArchive = w.toArchive.plus(pkg.getLsn(), pkg);
              }
            });
    return ShipActs.go(writeArchive(writeOnline(next, now, out), now, out), now, out);
  }

  static InstState writeArchive(InstState s, Now now, List<Effect> out) {
    if (s.way.archive != null || s.way.toArchive.isEmpty()) {
      return s;
    }
    List<RlogPkg> pkgs = batch(s.way.toArchive);
    long request = s.lastRequest + 1;
    out.add(new Effect.WriteRedo(request, s.archivePath(), THREAD, pkgs));
    return s.with(x -> x.lastRequest = request)
        .withWay(
            w -> {
              w.toArchive = without(w.toArchive, pkgs);
              w.archive = new RedoWay.Batch(request, pkgs, now.monoMs(), 0);
            });
  }

  /** In both logs: the engine may have it. */
  static InstState archived(InstState s, InstTrigger.ArchiveWritten t, Now now, List<Effect> out) {
    if (s.way.archiveFails()) {
      out.add(
          new Effect.Say(Level.INFO, "local archive " + s.archivePath() + " can be written again"));
    }
    return archived(s, now, out);
  }

  private static InstState archived(InstState s, Now now, List<Effect> out) {
    List<RlogPkg> pkgs = s.way.archive.pkgs();
    InstState next =
        s.withWay(
            w -> {
              w.archived = w.archive.last().getLsn();
              w.archive = null;
              for (RlogPkg pkg : pkgs) {
                if (pkg.getLsn() > w.handed) { // after a crash the engine was first
                  w.toEngine = w.toEngine.plus(pkg.getLsn(), pkg);
                }
              }
            });
    InstState handed = hand(writeArchive(next, now, out), out);
    return ShipActs.go(handed.with(x -> x.replays = x.replays.handed(x.way.handed, now)), now, out);
  }

  /** ARCH_HANG_FLAG = 0: the local archive does without what it cannot take (reference 2.4). */
  static InstState skipsArchive(InstState s, String reason, Now now, List<Effect> out) {
    String what = "local archive " + s.archivePath() + " lacks LSN %d to %d from now on: %s";
    long first = s.way.archive.pkgs().get(0).getLsn();
    out.add(
        new Effect.Say(Level.ERROR, Texts.f(what, first, s.way.archive.last().getLsn(), reason)));
    return archived(s, now, out);
  }

  /** Gives the engine what it may have: not what a timely standby has not acknowledged. */
  static InstState hand(InstState s, List<Effect> out) {
    Ship.Parcel parcel = s.ship.parcel;
    long upTo =
        parcel != null && parcel.logged() && !parcel.waiting().isEmpty()
            ? parcel.beforeLsn()
            : Long.MAX_VALUE;
    List<RlogPkg> pkgs = List.copyOf(s.way.toEngine.headMap(upTo, true).values());
    if (pkgs.isEmpty()) {
      return s;
    }
    for (RlogPkg pkg : pkgs) {
      out.add(new Effect.Apply(pkg.getLsn(), pkg, s.ship.own.getOrDefault(pkg.getLsn(), 0L)));
    }
    return s.withWay(
        w -> {
          w.toEngine = without(w.toEngine, pkgs);
          for (RlogPkg pkg : pkgs) {
            w.inEngine = w.inEngine.plus(pkg.getLsn(), pkg.toBuilder().clearPayload().build());
          }
          w.handed = pkgs.get(pkgs.size() - 1).getLsn();
        });
  }

  // ---- failures ---------------------------------------------------------------------------------

  static InstState onlineFailed(
      InstState s, InstTrigger.OnlineFailed t, Now now, List<Effect> out) {
    if (s.way.online.failures() == 0) {
      out.add(new Effect.Say(Level.ERROR, "online log cannot be written: " + t.reason()));
    }
    return s.withWay(w -> w.online = w.online.failed(now.monoMs()));
  }

  /** Not enough space, or worse: everything behind it hangs until it can be written. */
  static InstState archiveFailed(
      InstState s, InstTrigger.ArchiveFailed t, Now now, List<Effect> out) {
    if (s.way.archive.failures() == 0) {
      String what = "local archive " + s.archivePath() + " cannot be written: " + t.reason();
      out.add(new Effect.Say(Level.ERROR, what + "; free some space, commits wait for it"));
    }
    return s.withWay(w -> w.archive = w.archive.failed(now.monoMs())).tell();
  }

  static boolean againDue(InstState s, Now now) {
    return againAtMs(s) <= now.monoMs();
  }

  static long againAtMs(InstState s) {
    return Math.min(againAtMs(s.way.online), againAtMs(s.way.archive));
  }

  private static long againAtMs(RedoWay.Batch batch) {
    return batch == null || batch.failures() == 0 ? Long.MAX_VALUE : batch.askedMs() + AGAIN_MS;
  }

  /** The same request once more: what of it is there stays. */
  static InstState again(InstState s, Now now, List<Effect> out) {
    RedoWay w = s.way;
    boolean online = againAtMs(w.online) <= now.monoMs();
    RedoWay.Batch batch = online ? w.online : w.archive;
    String path = online ? s.onlinePath() : s.archivePath();
    out.add(new Effect.WriteRedo(batch.request(), path, THREAD, batch.pkgs()));
    RedoWay.Batch asked =
        new RedoWay.Batch(batch.request(), batch.pkgs(), now.monoMs(), batch.failures());
    return s.withWay(
        x -> {
          if (online) {
            x.online = asked;
          } else {
            x.archive = asked;
          }
        });
  }

  // ---- shown ------------------------------------------------------------------------------------

  /** The engine shows more: whoever waited is answered, and the history of openings grows. */
  static InstState applied(InstState s, Event.Applied t, Now now, List<Effect> out) {
    List<RlogPkg> shown = List.copyOf(s.way.inEngine.headMap(t.lsn(), true).values());
    InstState next =
        s.withWay(
            w -> {
              w.applied = Math.max(w.applied, t.lsn());
              w.inEngine = without(w.inEngine, shown);
              if (!shown.isEmpty()) {
                w.appliedSeq = shown.get(shown.size() - 1).getSeq();
              }
            });
    next = ShipActs.answer(next, t.lsn(), out);
    for (RlogPkg pkg : shown) {
      next = marks(next, pkg, out);
    }
    return KeepActs.shown(next, t.lsn(), shown, now, out);
  }

  /** Redo of the system: an opening, a release. */
  static InstState marks(InstState s, RlogPkg pkg, List<Effect> out) {
    InstState next = s;
    if (pkg.hasOpening()) {
      next = next.saved(next.ctl.opened(row(pkg.getOpening())), out).tell();
    }
    if (pkg.getVersion() > next.ctl.dbVersion()) {
      out.add(
          new Effect.Say(Level.INFO, "system tables were upgraded to version " + pkg.getVersion()));
      next = next.saved(next.ctl.withVersion(pkg.getVersion()), out).tell();
    }
    return next;
  }

  static OpenRow row(Opening o) {
    return new OpenRow(
        o.getNumber(), o.getAtMs(), o.getPrimary(), o.getMagic(), o.getSeq(), o.getLsn());
  }

  static Opening opening(OpenRow row) {
    return Opening.newBuilder()
        .setNumber(row.number())
        .setAtMs(row.atMs())
        .setPrimary(row.primary())
        .setMagic(row.magic())
        .setSeq(row.seq())
        .setLsn(row.lsn())
        .build();
  }

  /** Whether any target of this type has to acknowledge. */
  static boolean waitsFor(InstState s, ArchType type) {
    return s.targets.values().stream().anyMatch(t -> t.valid() && t.type() == type);
  }
}
