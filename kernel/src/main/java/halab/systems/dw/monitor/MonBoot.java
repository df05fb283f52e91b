package halab.systems.dw.monitor;

import halab.kernel.Endpoint;
import halab.systems.Site;
import halab.systems.View;
import halab.systems.dw.config.DmmonitorIni;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the monitor begins, and what it shows of itself. */
final class MonBoot {
  private MonBoot() {}

  /** Local time is asked for here, once: the vendor prints it without naming a zone. */
  static MonState boot(Site site) {
    DmmonitorIni ini = DmmonitorIni.read(site.files());
    List<Seat> seats = new ArrayList<>();
    for (DmmonitorIni.Group group : ini.groups()) {
      for (DmmonitorIni.Watcher watcher : group.watchers()) {
        Endpoint at = new Endpoint(watcher.address().host(), "dmwatcher");
        seats.add(new Seat(group.name(), group.oguid(), at));
      }
    }
    ZoneId zone = ZoneId.systemDefault();
    boolean alone = ini.instances().isEmpty();
    return new MonState(site.self(), zone, ini.confirm(), alone, ini.logIntervalS(), seats);
  }

  static View view(MonState s) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("confirm", yes(s.confirm));
    facts.put("acts", yes(s.acts));
    facts.put("logged_in", yes(s.loggedIn));
    facts.put("takeover", takeover(s));
    facts.put("unheard", Long.toString(s.seats.stream().filter(x -> x.state == null).count()));
    for (Seat seat : s.seats) {
      if (seat.state != null) {
        String name = seat.instance() + ".";
        facts.put(name + "wstatus", MonText.watcher(seat));
        facts.put(name + "imode", MonText.mode(seat));
        facts.put(name + "istatus", seat.ok() ? MonText.status(seat) : "ERROR");
        facts.put(name + "rstat", MonShow.rstat(s, seat));
        facts.put(name + "ready", yes(Takeover.ready(s, seat)));
        facts.put(name + "n_open", Integer.toString(seat.nOpen()));
      }
    }
    if (!s.groups().isEmpty()) {
      facts.put("group.mode", s.auto(s.groups().get(0)) ? "AUTO" : "MANUAL");
    }
    return new View(s.phase.name(), facts);
  }

  private static String yes(boolean set) {
    return set ? "1" : "0";
  }

  /** While one runs; else the instance that the last one made the primary. */
  private static String takeover(MonState s) {
    if (s.job != null && s.job.auto()) {
      return "running";
    }
    return s.groups().stream()
        .map(g -> s.memory(g).taken())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("none");
  }

  /** Log files are named after the start, so that is what tells one life from the next. */
  static String instance(MonState s) {
    return s.startedWallMs == 0 ? "" : MonLog.stamp(MonText.at(s.startedWallMs, s.zone));
  }
}
