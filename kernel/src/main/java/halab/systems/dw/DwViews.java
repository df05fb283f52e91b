package halab.systems.dw;

import halab.systems.View;
import java.util.Map;
import java.util.TreeMap;

/** What a dmwatcher shows of itself; the keys are listed in docs/systems/dw-watcher.md. */
final class DwViews {
  private DwViews() {}

  static View of(WatcherState s) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("group", s.ini.name());
    facts.put("mode", s.ini.mode().name());
    facts.put("type", s.ini.type().name());
    facts.put("instance", s.instance);
    facts.put("inst_ok", s.inst.ok() ? "OK" : "ERROR");
    facts.put("inst_mode", s.inst.known() ? s.inst.report().getMode().name() : "UNKNOWN");
    facts.put("inst_status", s.inst.known() ? s.inst.report().getStatus().name() : "UNKNOWN");
    facts.put("ctl", s.ctl.status().name().substring("CTL_".length()));
    facts.put("ctl_why", s.ctl.why());
    facts.put("recover_time", String.valueOf(DwTell.recoverTime(s)));
    facts.put("monitors", String.valueOf(s.monitors.size()));
    facts.put("set_mid", String.valueOf(s.held.mid()));
    facts.put("asks", DwText.list(s.asks));
    facts.put("asks_open", s.asksOpen ? "TRUE" : "FALSE");
    facts.put("detached", s.detached ? "TRUE" : "FALSE");
    facts.put("job", s.job == null ? "" : s.job.kind().name());
    facts.put("restarts", String.valueOf(s.starts.count()));
    s.members.forEach((name, m) -> facts.put("heard." + name, m.error() ? "ERROR" : "OK"));
    s.turns.forEach(
        (dest, turn) -> {
          if (turn.code() != DwTurn.NOT_RUN) {
            facts.put("recovered." + dest, String.valueOf(turn.code()));
          }
        });
    return new View(s.phase.name(), facts);
  }
}
