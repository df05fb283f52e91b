package halab.systems.dw;

import halab.systems.View;
import java.util.Map;
import java.util.TreeMap;

/** What a dmserver shows of itself; the keys are listed in docs/systems/dw.md. */
final class InstViews {
  private InstViews() {}

  static View of(InstState s) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("instance", s.name());
    facts.put("mode", s.ctl.mode().name());
    facts.put("oguid", String.valueOf(s.ctl.oguid()));
    facts.put("n_open", String.valueOf(s.ctl.nOpen()));
    facts.put("magic", String.valueOf(s.ctl.permanentMagic()));
    facts.put("version", String.valueOf(s.ctl.dbVersion()));
    facts.put("build", String.valueOf(s.build));
    facts.put("flsn", String.valueOf(s.way.flsn));
    facts.put("clsn", String.valueOf(Math.max(s.ship.clsn, s.klsn())));
    facts.put("rlsn", String.valueOf(s.way.applied));
    facts.put("slsn", String.valueOf(s.way.taken()));
    facts.put("klsn", String.valueOf(s.klsn()));
    facts.put("keep", s.kept.keeps() ? "TRUE" : "FALSE");
    facts.put("dw_status", String.valueOf(s.dwStatus));
    facts.put("arch_hangs", s.way.archiveFails() ? "TRUE" : "FALSE");
    facts.put("watcher", s.watcherLinked ? "LINKED" : "NONE");
    s.targets.forEach(
        (dest, target) -> {
          facts.put("arch." + dest, target.valid() ? "VALID" : "INVALID");
          facts.put("failing." + dest, s.ship.failing(dest) ? "TRUE" : "FALSE");
        });
    s.peers.forEach((name, peer) -> facts.put("mal." + name, peer.up() ? "UP" : "DOWN"));
    return new View(s.phase.name(), facts);
  }
}
