package halab.systems;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a daemon shows of itself to status, scenarios and invariants: its phase and named facts
 * ("control.DB" = "0"). Keys are listed in the system's page under docs.
 */
public record View(String phase, Map<String, String> facts) {
  public View {
    facts = java.util.Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  /** The facts that differ from an earlier view, as "control.DB: 0 -> 1"; phases apart. */
  public List<String> changesSince(View before) {
    TreeSet<String> names = new TreeSet<>(before.facts.keySet());
    names.addAll(facts.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      String was = before.facts.get(name);
      String is = facts.get(name);
      if (!Objects.equals(was, is)) {
        changes.add(name + ": " + shown(was) + " -> " + shown(is));
      }
    }
    return changes;
  }

  private static String shown(String value) {
    return value == null ? "not shown" : value.isEmpty() ? "\"\"" : value;
  }
}
