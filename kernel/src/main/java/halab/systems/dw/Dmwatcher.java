package halab.systems.dw;

import static halab.systems.dw.DwPhase.DOWN;

import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Table;
import halab.systems.ConfigException;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.dm.DmLog;
import halab.systems.dm.config.MalIni;
import halab.systems.dw.config.ArchType;
import halab.systems.dw.config.DmArchIni;
import halab.systems.dw.config.DmIni;
import halab.systems.dw.config.DmwatcherIni;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * dmwatcher: guards the instance of its host, agrees with the other watchers of the group, and does
 * what monitors want (reference 5; manual, chapter on the watcher). It acts on what it knows at a
 * tick; whatever is heard in between only makes one due.
 */
public final class Dmwatcher {
  static final Set<DwPhase> ALIVE = EnumSet.complementOf(EnumSet.of(DOWN));

  public static final Table<WatcherState, DwPhase> TABLE = table();
  public static final Role<WatcherState> ROLE =
      new Role<>(
          "dmwatcher",
          "watcher",
          TABLE,
          Dmwatcher::boot,
          DwViews::of,
          s -> s.instance,
          new DmLog("dm_dmwatcher_", "dmwatcher"));

  private Dmwatcher() {}

  // ---- birth -----------------------------------------------------------------------------------

  private static WatcherState boot(Site site) {
    DmwatcherIni ini = DmwatcherIni.read(site.files());
    MalIni mal = MalIni.read(site.files(), MalIni.DB_FILE);
    DmArchIni arch = DmArchIni.read(site.files());
    DmwatcherIni.Group group = ini.groups().get(0);
    require(
        ini.groups().size() == 1,
        "a host has one instance, so that its dmwatcher guards one group",
        "remove the other groups");
    boolean global = group.type() == DmwatcherIni.Type.GLOBAL;
    require(
        !global || !arch.members().isEmpty(),
        "DW_TYPE = GLOBAL, but dmarch.ini has neither a REALTIME nor a TIMELY archive",
        "add one, or set DW_TYPE = LOCAL");
    String name = DmIni.read(site.files()).instanceName();
    MalIni.Instance own = mal.instance(name);
    require(
        own != null,
        "instance " + name + " of dm.ini is not in dmmal.ini",
        "add a section with MAL_INST_NAME = " + name);
    return new WatcherState(
            site.self(),
            own.name(),
            site.addresses().getOrDefault(own.host(), own.host()),
            own.dwPort(),
            own.instDwPort(),
            peers(mal, own),
            targets(mal, arch),
            group)
        .with(
            s -> {
              s.iniText = site.files().get(DmwatcherIni.FILE);
              s.ctl = DwCtl.read(site.saved());
            });
  }

  private static void require(boolean good, String what, String remedy) {
    if (!good) {
      throw new ConfigException(
          List.of(new ConfigException.Problem(DmwatcherIni.FILE, 0, what, remedy)));
    }
  }

  private static SortedMap<String, Endpoint> peers(MalIni mal, MalIni.Instance own) {
    SortedMap<String, Endpoint> peers = new TreeMap<>();
    for (MalIni.Instance i : mal.instances()) {
      if (i != own) {
        peers.put(i.name(), new Endpoint(i.host(), "dmwatcher"));
      }
    }
    return peers;
  }

  private static List<String> targets(MalIni mal, DmArchIni arch) {
    return arch.archives().stream()
        .filter(a -> a.type() == ArchType.REALTIME || a.type() == ArchType.TIMELY)
        .map(a -> mal.instance(a.dest()) == null ? a.dest() : mal.instance(a.dest()).name())
        .toList();
  }

  // ---- table -----------------------------------------------------------------------------------

  private static Table<WatcherState, DwPhase> table() {
    Table<WatcherState, DwPhase> t =
        new Table<>(
            "dmwatcher",
            DwPhase.class,
            s -> s.phase,
            WatcherState::withPhase,
            WatcherState::wakeAtMs,
            DwDecoder::decode,
            s -> "dmwatcher",
            DwTrigger.ALL);
    DwLinks.add(t);
    DwGuard.add(t);
    DwOpening.add(t);
    DwFault.add(t);
    DwRecover.add(t);
    DwSplit.add(t);
    DwMonitors.add(t);
    DwOrders.add(t);
    DwDeeds.add(t);
    return t.stay(
            900,
            ALIVE,
            Event.Tick.class,
            null,
            (s, x, now, out) -> s.with(y -> y.look = false),
            "nothing is to be done now")
        .stay(
            910,
            ALIVE,
            Event.Command.class,
            DwConsole::knows,
            DwConsole::answer,
            "a word of its console")
        .refuse(
            915, ALIVE, Event.Command.class, null, DwConsole::refuse, "not a word of its console")
        .ignore(920, ALIVE, DwTrigger.PeerDown.class, "silence for DW_ERROR_TIME decides")
        .ignore(
            940, ALIVE, DwTrigger.Other.class, "no business here, or an answer that came too late");
  }
}
