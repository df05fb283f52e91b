package halab.systems.dw;

import halab.dw.proto.DwBeat;
import halab.dw.proto.DwOrderDone;
import halab.dw.proto.Mode;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.systems.Site;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Setting;
import halab.systems.dw.config.DmArchIni;
import halab.systems.dw.config.DmIni;
import halab.systems.dw.config.DmTimerIni;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/**
 * State of a dmserver. Frozen once made: {@link #with} changes a fresh copy, and only the table
 * assigns the phase.
 */
final class InstState implements Cloneable {
  /**
   * A statement that is answered when something has come about.
   *
   * @param reached number of the saving of dm.ctl that it waits for; 0: of none
   */
  record Pending(InstTrigger.Asker asker, InstSql sql, long sinceMs, long reached) {}

  final Endpoint self;
  final DmIni ini;
  final MalIni mal;
  final DmArchIni arch;
  final DmTimerIni timers;

  /** The keys of dm.ini, and of the head of dmmal.ini, as they were read. */
  List<Setting> dmIni = List.of();

  List<Setting> malIni = List.of();

  /** Release of the program (bin/). */
  final int build;

  InstPhase phase = InstPhase.BOOT;
  long pid;
  long incarnation;

  /** When this life began, monotonic. */
  long bornMs;

  DmCtl ctl;

  /** Number of the last request for anything; every request has its own. */
  long lastRequest;

  /** dm.ctl: the saving under way; 0: none is. Another change meanwhile is saved after it. */
  long savingCtl;

  boolean ctlChanged;

  /** The other instances by name. */
  TreePMap<String, MalPeer> peers = TreePMap.empty();

  long helloAtMs;

  // ---- redo

  /** STARTUP: it was read how far the local archive is. */
  boolean archiveKnown;

  RedoWay way = new RedoWay();
  Ship ship = new Ship();
  Kept kept = Kept.NONE;

  /** Targets of archives by instance. */
  TreePMap<String, Target> targets = TreePMap.empty();

  /** History on its way to others, by instance. */
  TreePMap<String, History> histories = TreePMap.empty();

  /** When the next timer of asynchronous archives fires, monotonic. */
  long asyncAtMs = Long.MAX_VALUE;

  Replays replays;

  // ---- the watcher

  /** Of the life of the watcher whose orders are counted. */
  long watcherPid;

  /** It is linked and of this group. */
  boolean watcherLinked;

  /** When it was heard last; MIN_VALUE: never in this life. */
  long watcherHeardMs = Long.MIN_VALUE;

  DwBeat watcher = DwBeat.getDefaultInstance();
  long reportAtMs;

  /** The order in hand or carried out last, and its answer; null: not answered yet. */
  long order;

  /** What it orders; null: none has come. */
  String orderCmd;

  DwOrderDone orderDone;

  /** SP_SET_GLOBAL_DW_STATUS: 0 none, 6 switchover, 7 takeover. */
  int dwStatus;

  /** ALTER_MODE_STATUS in memory. */
  int alterModeStatus;

  Pending pending;

  // ---- the end

  /** Who is told when the stop is over. */
  InstTrigger.Asker stopper = InstTrigger.Asker.NOBODY;

  /** The stop: the last checkpoint is under way or done. */
  boolean closing;

  /** When SUSPEND began; users are disconnected after SESS_FREE_IN_SUSPEND. */
  long suspendedMs;

  boolean sessionsFreed;

  InstState(
      Site site, DmIni ini, MalIni mal, DmArchIni arch, DmTimerIni timers, int build, DmCtl ctl) {
    this.self = site.self();
    this.ini = ini;
    this.mal = mal;
    this.arch = arch;
    this.timers = timers;
    this.build = build;
    this.ctl = ctl;
    this.alterModeStatus = ini.alterModeStatus();
    for (MalIni.Instance i : mal.instances()) {
      if (!i.name().equals(ini.instanceName())) {
        Endpoint at = new Endpoint(i.host(), self.role());
        peers = peers.plus(i.name(), MalPeer.unknown(at));
      }
    }
    targets = Targets.of(arch, ini.rlogSendApplyMon());
    replays = Replays.of(ini.rlogSendApplyMon());
  }

  InstState with(Consumer<InstState> change) {
    try {
      InstState copy = (InstState) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  InstState withPhase(InstPhase next) {
    return with(s -> s.phase = next);
  }

  InstState withWay(Consumer<RedoWay> change) {
    return with(s -> s.way = way.with(change));
  }

  InstState withShip(Consumer<Ship> change) {
    return with(s -> s.ship = ship.with(change));
  }

  InstState withTarget(String dest, UnaryOperator<Target> change) {
    Target target = targets.get(dest);
    return target == null ? this : with(s -> s.targets = targets.plus(dest, change.apply(target)));
  }

  /** Reports to the watcher at once. */
  InstState tell() {
    return with(s -> s.reportAtMs = 0);
  }

  String name() {
    return ini.instanceName();
  }

  boolean primary() {
    return ctl.mode() == DmMode.PRIMARY;
  }

  boolean standby() {
    return ctl.mode() == DmMode.STANDBY;
  }

  Mode mode() {
    return Mode.valueOf(ctl.mode().name());
  }

  Endpoint watcherAt() {
    return new Endpoint(self.host(), "dmwatcher");
  }

  /** The instance that runs there; null for what is no instance of this group. */
  String instanceAt(Endpoint at) {
    for (var peer : peers.entrySet()) {
      if (peer.getValue().at().equals(at)) {
        return peer.getKey();
      }
    }
    return null;
  }

  /** Where the online log lies. */
  String onlinePath() {
    return Paths.ONLINE;
  }

  /** Where the local archive lies. */
  String archivePath() {
    return arch.local().get(0).dest();
  }

  /** Whether the watcher guards it: it was heard within DW_INACTIVE_INTERVAL (reference 2.2). */
  boolean watcherActive(long nowMs) {
    return watcherHeardMs != Long.MIN_VALUE
        && nowMs - watcherHeardMs < 1000L * ini.dwInactiveIntervalS();
  }

  /** Up to where a kept package counts as well: KLSN. */
  long klsn() {
    return kept.keeps() ? kept.lastLsn() : way.taken();
  }

  long kseq() {
    return kept.keeps() ? kept.lastSeq() : way.takenSeq();
  }

  /** Waits for dm.ctl being saved. */
  InstState saved(DmCtl next, List<Effect> out) {
    if (next.equals(ctl)) {
      return this;
    }
    return with(s -> {
          s.ctl = next;
          s.ctlChanged = true;
        })
        .save(out);
  }

  /** Saves what has changed, one saving after the other. */
  InstState save(List<Effect> out) {
    if (!ctlChanged || savingCtl != 0) {
      return this;
    }
    long request = lastRequest + 1;
    out.add(new Effect.SaveFile(request, Effect.Folder.SYSTEM, DmCtl.FILE, ctl.text()));
    return with(
        s -> {
          s.lastRequest = request;
          s.savingCtl = request;
          s.ctlChanged = false;
        });
  }

  /** dm.ctl on disk says what the state says. */
  boolean ctlSaved() {
    return savingCtl == 0 && !ctlChanged;
  }

  static Object decode(InstState s, Event event) {
    return InstDecoder.decode(s, event);
  }
}
