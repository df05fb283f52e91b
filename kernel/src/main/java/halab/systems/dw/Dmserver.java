package halab.systems.dw;

import static halab.systems.dw.InstPhase.AFTER_REDO;
import static halab.systems.dw.InstPhase.BOOT;
import static halab.systems.dw.InstPhase.DOWN;
import static halab.systems.dw.InstPhase.MOUNT;
import static halab.systems.dw.InstPhase.OPEN;
import static halab.systems.dw.InstPhase.SHUTDOWN;
import static halab.systems.dw.InstPhase.STARTUP;
import static halab.systems.dw.InstPhase.SUSPEND;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.Role;
import halab.systems.Serving;
import halab.systems.Site;
import halab.systems.dm.DmLog;
import halab.systems.dm.config.MalIni;
import halab.systems.dw.config.DmArchIni;
import halab.systems.dw.config.DmIni;
import halab.systems.dw.config.DmTimerIni;
import halab.systems.dw.config.ReleaseIni;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * dmserver, an instance of Data Watch: a primary ships redo, a standby keeps and replays it
 * (reference 3, 4). It opens, changes its mode and gives standbys up when its watcher says so; by
 * itself it only suspends, when redo cannot be delivered.
 */
public final class Dmserver {
  /** Everything but birth and end. */
  static final Set<InstPhase> ALIVE =
      EnumSet.of(STARTUP, AFTER_REDO, MOUNT, OPEN, SUSPEND, SHUTDOWN);

  /** Its own redo is in the engine. */
  static final Set<InstPhase> UP = EnumSet.of(MOUNT, OPEN, SUSPEND);

  private static final Set<InstPhase> STARTING = EnumSet.of(STARTUP, AFTER_REDO);

  /** A standby that has not replayed the upgrade's redo yet: the vendor's words (seed 003). */
  static final String UPGRADING = "备库版本升级时不允许访问";

  /** Far away, and still a number that can be made nanoseconds. */
  private static final long FOR_EVER_MS = 1L << 40;

  public static final Table<InstState, InstPhase> TABLE = table();

  public static final Role<InstState> ROLE =
      new Role<>(
          "dmserver",
          "node-daemon",
          TABLE,
          Dmserver::boot,
          InstViews::of,
          InstState::name,
          new DmLog("dm_", "database"),
          new Role.Data<>(
              Dmserver::serving, InstSqlViews.ALL, true, InstSql.PROCEDURES, Dmserver::archive));

  private Dmserver() {}

  private static InstState boot(Site site) {
    InstState born =
        new InstState(
            site,
            DmIni.read(site.files()),
            MalIni.read(site.files(), MalIni.DB_FILE),
            DmArchIni.read(site.files()),
            timers(site),
            ReleaseIni.read(site.files()).svrBuild(),
            DmCtl.read(site.saved()));
    return born.with(
        s -> {
          s.dmIni = DmIni.settings(site.files());
          s.malIni = MalIni.settings(site.files(), MalIni.DB_FILE);
        });
  }

  /** How archive files are called and laid out (reference 2.4). */
  private static Role.Archive archive(Site site) {
    DmArchIni.Arch local = DmArchIni.read(site.files()).local().get(0);
    String prefix = Texts.f("%s_0x%X_EP0_", local.section(), DmCtl.read(site.saved()).dbMagic());
    long fileBytes = Math.min((1L << 31) - 1, (long) local.fileSizeMb() << 20);
    return new Role.Archive(prefix, fileBytes, local.spaceLimitMb() << 20);
  }

  /** Only a host with asynchronous archives has such a file. */
  private static DmTimerIni timers(Site site) {
    return site.files().containsKey(DmTimerIni.FILE)
        ? DmTimerIni.read(site.files())
        : new DmTimerIni(List.of());
  }

  /** Whether users are answered. A suspended primary is read, its commits hang in the role. */
  static Serving serving(InstState s) {
    if (s.standby() && s.phase == OPEN && s.ctl.dbVersion() < s.build) {
      return new Serving(Serving.Mode.REFUSED, FOR_EVER_MS, UPGRADING);
    }
    Serving.Mode mode =
        switch (s.phase) {
          case BOOT, STARTUP, AFTER_REDO -> Serving.Mode.STARTING;
          case MOUNT -> Serving.Mode.MOUNTED;
          case OPEN, SUSPEND -> s.standby() ? Serving.Mode.READ_ONLY : Serving.Mode.OPEN;
          case SHUTDOWN, DOWN -> Serving.Mode.CLOSED;
        };
    return new Serving(mode, FOR_EVER_MS);
  }

  private static Table<InstState, InstPhase> table() {
    Table<InstState, InstPhase> t =
        new Table<>(
            "dw-dmserver",
            InstPhase.class,
            s -> s.phase,
            InstState::withPhase,
            InstWake::atMs,
            InstState::decode,
            s -> "dmserver",
            InstTrigger.ALL);
    boot(t);
    WatcherRows.add(t);
    ShipRows.add(t);
    KeepRows.add(t);
    SqlRows.add(t);
    HistoryRows.add(t);
    redo(t);
    stop(t);
    LastRows.add(t);
    return t;
  }

  // ---- 100: from birth to MOUNT
  // -------------------------------------------------------------------

  private static void boot(Table<InstState, InstPhase> t) {
    t.move(
            100,
            BOOT,
            Event.Started.class,
            (s, x, now) -> BootActs.upgradeOfUnclean(s),
            DOWN,
            BootActs::refuseUpgrade,
            "a newer dmserver, and the database was not closed in order: no upgrade")
        .move(
            102,
            BOOT,
            Event.Started.class,
            (s, x, now) -> BootActs.older(s),
            DOWN,
            BootActs::refuseOlder,
            "an older dmserver than the database")
        .move(104, BOOT, Event.Started.class, null, STARTUP, BootActs::starts, "STARTUP")
        .stay(
            110,
            STARTUP,
            Event.EngineOpened.class,
            null,
            BootActs::opened,
            "the engine is open: read the online log")
        .stay(
            112, STARTUP, InstTrigger.OwnRedo.class, null, BootActs::redo, "redo from CKPT_LSN on")
        .stay(
            114,
            STARTUP,
            InstTrigger.ArchiveRead.class,
            null,
            BootActs::archive,
            "what a crash kept from the local archive is written there")
        .move(
            120,
            STARTUP,
            Event.Tick.class,
            (s, x, now) -> BootActs.redone(s),
            AFTER_REDO,
            (s, x, now, out) -> BootActs.engineHasAll(s, now, out),
            "all redo is in the engine")
        .move(
            122,
            AFTER_REDO,
            Event.Tick.class,
            (s, x, now) -> BootActs.complete(s) && s.ctl.mode() == DmMode.NORMAL,
            OPEN,
            (s, x, now, out) -> BootActs.opensNormal(s, now, out),
            "NORMAL: opens by itself")
        .move(
            124,
            AFTER_REDO,
            Event.Tick.class,
            (s, x, now) -> BootActs.complete(s),
            MOUNT,
            (s, x, now, out) -> BootActs.mounts(s, now, out),
            "PRIMARY or STANDBY: waits in MOUNT for its watcher")
        .move(
            130,
            STARTING,
            InstTrigger.Damaged.class,
            null,
            DOWN,
            (s, x, now, out) -> StopActs.dies(s, x.reason(), out),
            "the online log or the archive is damaged");
  }

  // ---- 700: logs, engine, checkpoints
  // ---------------------------------------------------------------

  private static void redo(Table<InstState, InstPhase> t) {
    t.stay(
            700,
            ALIVE,
            InstTrigger.OnlineWritten.class,
            (s, x, now) -> s.way.online != null && s.way.online.request() == x.request(),
            RedoActs::online,
            "in the online log: FILE_LSN rises, the archive is next")
        .stay(
            702,
            ALIVE,
            InstTrigger.ArchiveWritten.class,
            (s, x, now) -> s.way.archive != null && s.way.archive.request() == x.request(),
            RedoActs::archived,
            "in the local archive: the engine may have it")
        .move(
            704,
            ALIVE,
            InstTrigger.OnlineFailed.class,
            (s, x, now) -> ofOnline(s, x) && s.way.online.failures() + 1 >= RedoActs.FAILURES,
            DOWN,
            (s, x, now, out) ->
                StopActs.dies(s, "online log cannot be written: " + x.reason(), out),
            "the online log is lost")
        .stay(
            706,
            ALIVE,
            InstTrigger.OnlineFailed.class,
            (s, x, now) -> ofOnline(s, x),
            RedoActs::onlineFailed,
            "a write of the online log failed: once more in a moment")
        .stay(
            708,
            ALIVE,
            InstTrigger.ArchiveFailed.class,
            (s, x, now) -> ofArchive(s, x) && !s.arch.local().get(0).hangFlag(),
            (s, x, now, out) -> RedoActs.skipsArchive(s, x.reason(), now, out),
            "ARCH_HANG_FLAG = 0: goes on without the archive")
        .stay(
            710,
            ALIVE,
            InstTrigger.ArchiveFailed.class,
            (s, x, now) -> ofArchive(s, x),
            RedoActs::archiveFailed,
            "the local archive takes nothing: commits hang until it does")
        .stay(
            712,
            ALIVE,
            Event.Tick.class,
            (s, x, now) -> RedoActs.againDue(s, now),
            (s, x, now, out) -> RedoActs.again(s, now, out),
            "a failed write: once more")
        .stay(
            720,
            ALIVE,
            Event.Applied.class,
            null,
            RedoActs::applied,
            "the engine shows more: acknowledge, note openings")
        .stay(
            730,
            ALIVE,
            Event.FileSaved.class,
            (s, x, now) -> x.request() == s.savingCtl && x.failure() == null,
            Dmserver::ctlSaved,
            "dm.ctl is saved")
        .move(
            732,
            ALIVE,
            Event.FileSaved.class,
            (s, x, now) -> x.request() == s.savingCtl,
            DOWN,
            (s, x, now, out) -> StopActs.dies(s, "dm.ctl cannot be saved: " + x.failure(), out),
            "dm.ctl cannot be saved")
        .stay(
            740,
            UP,
            Event.Tick.class,
            (s, x, now) -> CheckpointActs.due(s, now),
            (s, x, now, out) -> CheckpointActs.begin(s, now, out),
            "CKPT_INTERVAL is over: checkpoint")
        .stay(
            742,
            UP,
            Event.Checkpointed.class,
            (s, x, now) -> x.request() == s.way.checkpoint,
            CheckpointActs::done,
            "the engine holds more for good: CKPT_LSN rises")
        .stay(
            744,
            ALIVE,
            Event.RedoFull.class,
            null,
            CheckpointActs::full,
            "the online log is full: checkpoint at once");
  }

  private static boolean ofOnline(InstState s, InstTrigger.OnlineFailed t) {
    return s.way.online != null && s.way.online.request() == t.request();
  }

  private static boolean ofArchive(InstState s, InstTrigger.ArchiveFailed t) {
    return s.way.archive != null && s.way.archive.request() == t.request();
  }

  private static InstState ctlSaved(InstState s, Event.FileSaved t, Now now, List<Effect> out) {
    return ShipActs.go(s.with(x -> x.savingCtl = 0).save(out), now, out);
  }

  // ---- 800: the end
  // ---------------------------------------------------------------------------------

  private static void stop(Table<InstState, InstPhase> t) {
    t.move(
            800,
            OPEN,
            InstTrigger.Stop.class,
            (s, x, now) -> s.primary(),
            SHUTDOWN,
            StopActs::purges,
            "a primary: its purge is redo that VALID standbys have to take")
        .move(
            802,
            SUSPEND,
            InstTrigger.Stop.class,
            (s, x, now) -> s.ship.failing(),
            DOWN,
            (s, x, now, out) -> StopActs.abnormal(s, out),
            "redo is held that no standby takes: not closed in order")
        .move(
            804,
            SUSPEND,
            InstTrigger.Stop.class,
            (s, x, now) -> s.primary(),
            SHUTDOWN,
            StopActs::purges,
            "a primary: its purge is redo that VALID standbys have to take")
        .move(
            806,
            UP,
            InstTrigger.Stop.class,
            null,
            SHUTDOWN,
            StopActs::closes,
            "a standby, or in MOUNT: nothing is to be purged")
        .move(
            808, STARTING, InstTrigger.Stop.class, null, DOWN, StopActs::early, "nothing was begun")
        .move(
            810,
            SHUTDOWN,
            Event.Tick.class,
            (s, x, now) -> s.ship.failing() || ShipActs.lost(s, now) != null,
            DOWN,
            (s, x, now, out) -> StopActs.abnormal(s, out),
            "in SHUTDOWN nobody handles a failed send: ends without closing in order")
        .stay(
            812,
            SHUTDOWN,
            Event.Tick.class,
            (s, x, now) -> ShipActs.mayClose(s),
            (s, x, now, out) -> ShipActs.go(s, now, out),
            "the purge is written")
        .stay(
            814,
            SHUTDOWN,
            Event.Tick.class,
            (s, x, now) -> StopActs.written(s),
            (s, x, now, out) -> StopActs.checkpoint(s, now, out),
            "nothing is under way: the last checkpoint")
        .stay(
            816,
            SHUTDOWN,
            Event.Checkpointed.class,
            (s, x, now) -> s.closing && x.request() == s.way.checkpoint,
            StopActs::closed,
            "the engine needs no redo: dm.ctl says that it was closed in order")
        .stay(
            818,
            SHUTDOWN,
            Event.Checkpointed.class,
            (s, x, now) -> x.request() == s.way.checkpoint,
            CheckpointActs::done,
            "a checkpoint that was under way")
        .move(
            820,
            SHUTDOWN,
            Event.Tick.class,
            (s, x, now) -> StopActs.marked(s),
            DOWN,
            (s, x, now, out) -> StopActs.ends(s, out),
            "closed in order");
  }
}
