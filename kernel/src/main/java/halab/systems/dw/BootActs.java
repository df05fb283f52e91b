package halab.systems.dw;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;

/** From birth to MOUNT: the release, the engine, the own redo (reference 4, 8). */
final class BootActs {
  /** The vendor's words, to the letter (seed 003). */
  static final String UPGRADE_REFUSED =
      "Upgrade is not allowed,please startup with origin dmserver and shutdown again";

  private BootActs() {}

  /**
   * A new program cannot redo the log of an older one: the database must have been closed in order
   * by the program that wrote it.
   */
  static boolean upgradeOfUnclean(InstState s) {
    return s.build > s.ctl.dbVersion() && !s.ctl.clean();
  }

  static boolean older(InstState s) {
    return s.build < s.ctl.dbVersion();
  }

  static InstState refuseUpgrade(InstState s, Event.Started t, Now now, List<Effect> out) {
    return refuses(s, UPGRADE_REFUSED, out);
  }

  static InstState refuseOlder(InstState s, Event.Started t, Now now, List<Effect> out) {
    String what = "database is of version %d, dmserver of version %d; install a dmserver as new";
    return refuses(s, Texts.f(what, s.ctl.dbVersion(), s.build), out);
  }

  private static InstState refuses(InstState s, String why, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, why));
    out.add(new Effect.Halt(ExitCode.CONFIG, why));
    return s;
  }

  static InstState starts(InstState s, Event.Started t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "version info: " + Texts.f(BUILD, s.build)));
    long request = s.lastRequest + 1;
    out.add(new Effect.OpenEngine(request));
    InstState next =
        s.with(
            x -> {
              x.pid = t.pid();
              x.incarnation = t.incarnation();
              x.bornMs = now.monoMs();
              x.lastRequest = request;
              x.helloAtMs = now.monoMs();
              x.asyncAtMs = Timers.nextMs(x, now);
              x.way = x.way.with(w -> w.checkpointAtMs = CheckpointActs.nextMs(x, now));
            });
    out.add(new Effect.Connect(s.watcherAt()));
    return MalActs.dial(next, out);
  }

  private static final String BUILD = "1-2-%d";

  /** The engine holds everything up to its LSN; the online log has the rest. */
  static InstState opened(InstState s, Event.EngineOpened t, Now now, List<Effect> out) {
    long request = s.lastRequest + 1;
    out.add(new Effect.ReadRedo(request, s.onlinePath(), RedoActs.THREAD, 1));
    return s.with(x -> x.lastRequest = request)
        .withWay(
            w -> {
              w.ckptLsn = t.lsn();
              w.applied = t.lsn();
              w.handed = t.lsn();
            });
  }

  /**
   * Redo: what the engine lacks is given to it. A read may end before the log does (it is bounded
   * by bytes): then the rest is asked for, else how far the archive is.
   */
  static InstState redo(InstState s, InstTrigger.OwnRedo t, Now now, List<Effect> out) {
    List<RlogPkg> all = t.read().pkgs();
    InstState next = s;
    for (RlogPkg pkg : all) {
      next = RedoActs.marks(next, pkg, out);
    }
    List<RlogPkg> lacking = all.stream().filter(p -> p.getLsn() > s.way.applied).toList();
    if (!lacking.isEmpty() && s.way.inEngine.isEmpty() && s.way.handed == s.way.ckptLsn) {
      String what = "begin redo, CKPT_LSN:%d, FILE_LSN:%d";
      out.add(new Effect.Say(Level.INFO, Texts.f(what, s.way.ckptLsn, t.read().lastLsn())));
    }
    lacking.forEach(pkg -> out.add(new Effect.Apply(pkg.getLsn(), pkg, 0)));
    long request = next.lastRequest + 1;
    long readTo = all.isEmpty() ? t.read().lastLsn() : all.get(all.size() - 1).getLsn();
    out.add(
        readTo < t.read().lastLsn()
            ? new Effect.ReadRedo(request, s.onlinePath(), RedoActs.THREAD, readTo + 1)
            : new Effect.ReadRedo(request, s.archivePath(), RedoActs.THREAD, Long.MAX_VALUE, 1));
    return next.with(x -> x.lastRequest = request).withWay(w -> learned(w, all, lacking, t.read()));
  }

  private static void learned(
      RedoWay w, List<RlogPkg> all, List<RlogPkg> lacking, Event.RedoRead read) {
    w.flsn = Math.max(w.applied, read.lastLsn());
    if (!all.isEmpty()) {
      w.fseq = all.get(all.size() - 1).getSeq();
      w.appliedSeq = w.fseq;
    }
    for (RlogPkg pkg : lacking) {
      w.inEngine = w.inEngine.plus(pkg.getLsn(), pkg.toBuilder().clearPayload().build());
      w.handed = pkg.getLsn();
    }
    for (RlogPkg pkg : all) {
      w.toArchive = w.toArchive.plus(pkg.getLsn(), pkg);
    }
  }

  /** What a crash kept from the archive is written there now. */
  static InstState archive(InstState s, InstTrigger.ArchiveRead t, Now now, List<Effect> out) {
    long last = t.read().lastLsn();
    InstState next =
        s.with(x -> x.archiveKnown = true)
            .withWay(
                w -> {
                  w.archived = last;
                  w.toArchive = TreeMaps.above(w.toArchive, last);
                });
    if (!next.way.toArchive.isEmpty() && last > 0 && next.way.toArchive.firstKey() > last + 1) {
      String what = "local archive lacks redo between LSN %d and %d";
      out.add(
          new Effect.Say(
              Level.WARNING, Texts.f(what, last + 1, next.way.toArchive.firstKey() - 1)));
    }
    return RedoActs.writeArchive(next, now, out);
  }

  /** The engine shows all redo, and how far the archive is is known. */
  static boolean redone(InstState s) {
    return s.phase == InstPhase.STARTUP
        && s.archiveKnown
        && s.way.handed == s.way.applied
        && s.way.inEngine.isEmpty();
  }

  /** The archive has all that is in the online log. */
  static boolean complete(InstState s) {
    return s.phase == InstPhase.AFTER_REDO && s.way.settled();
  }

  static InstState engineHasAll(InstState s, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, Texts.f("end redo, APPLY_LSN:%d", s.way.applied)));
    return s.tell();
  }

  /** A database of no group opens by itself (reference 4). */
  static InstState opensNormal(InstState s, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "database is OPEN, mode NORMAL"));
    InstState next = SqlActs.begins(s).saved(s.ctl.withClean(false), out);
    return ShipActs.go(SqlActs.upgrade(next, out), now, out).tell();
  }

  static InstState mounts(InstState s, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "database is MOUNT, mode " + s.ctl.mode()));
    return SqlActs.begins(s).tell();
  }
}
