package halab.systems;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a daemon shows of itself to status, scenarios and invariants: its phase and named facts
 * ("control.DB" = "0"). Keys are listed in the system's page under docs.
 */
public record View(String phase, Map<String, String> facts) {
  public View {
    facts = java.util.Collections.unmodifiableMap(new TreeMap<>(facts));
  }
}
