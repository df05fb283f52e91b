package halab.systems.dw;

import halab.kernel.Endpoint;
import halab.sim.Chaos;
import halab.sim.Invariant;
import halab.sim.Ledger;
import halab.sim.SystemChecks;
import halab.sim.World;
import halab.systems.LabPlan;
import halab.systems.View;
import halab.systems.dw.config.DwMembers;
import halab.systems.dw.config.DwPlan;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who is who in a Data Watch lab, when it is healthy, and what the vendor promises. */
public final class DwChecks implements SystemChecks {
  @Override
  public List<String> groups() {
    return List.of();
  }

  @Override
  public SortedMap<String, Boolean> selectors() {
    SortedMap<String, Boolean> selectors = new TreeMap<>();
    selectors.put("primary", false);
    selectors.put("standby", false);
    selectors.put("db", false);
    return selectors;
  }

  @Override
  public String leads() {
    return "primary";
  }

  @Override
  public List<Endpoint> select(String selector, String group, Map<Endpoint, View> views) {
    List<Endpoint> instances = instances(views);
    if (selector.equals("db")) {
      return instances;
    }
    boolean primary = selector.equals("primary");
    List<Endpoint> found =
        instances.stream()
            .filter(e -> serves(views.get(e)))
            .filter(e -> is(views.get(e), primary ? "PRIMARY" : "STANDBY"))
            .toList();
    return primary && found.size() > 1 ? open(found, views) : found;
  }

  /** Of several primaries the one that is OPEN, beside others that were taken over in SUSPEND. */
  private static List<Endpoint> open(List<Endpoint> primaries, Map<Endpoint, View> views) {
    List<Endpoint> open =
        primaries.stream().filter(e -> views.get(e).phase().equals("OPEN")).toList();
    return open.size() == 1 ? open : List.of();
  }

  private static List<Endpoint> instances(Map<Endpoint, View> views) {
    return views.keySet().stream().filter(e -> e.role().equals(DwMembers.INSTANCE)).toList();
  }

  private static boolean serves(View view) {
    return view.phase().equals("OPEN") || view.phase().equals("SUSPEND");
  }

  private static boolean is(View view, String mode) {
    return mode.equals(view.facts().get("mode"));
  }

  @Override
  public Endpoint monitor(LabPlan plan) {
    return plan.daemons().stream()
        .filter(e -> e.role().equals(DwPlan.MONITOR_ROLE))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Healthy: one primary, all OPEN, every watcher OPEN, every archive VALID (reference 5.3), one
   * history of openings, and the monitors know it.
   */
  @Override
  public String unhealthy(LabPlan plan, Map<Endpoint, View> views) {
    for (Endpoint daemon : plan.daemons()) {
      View view = views.get(daemon);
      if (view == null) {
        return daemon + " does not answer";
      }
      boolean opens = !daemon.role().equals(DwPlan.MONITOR_ROLE);
      if (opens && !view.phase().equals("OPEN")) {
        return daemon + " is " + view.phase();
      }
    }
    List<Endpoint> primaries =
        instances(views).stream().filter(e -> is(views.get(e), "PRIMARY")).toList();
    if (primaries.size() != 1) {
      return "there are " + primaries.size() + " primaries";
    }
    View primary = views.get(primaries.get(0));
    for (Map.Entry<String, String> fact : primary.facts().entrySet()) {
      if (fact.getKey().startsWith("arch.") && !fact.getValue().equals("VALID")) {
        return primaries.get(0) + ": archive " + fact.getKey().substring(5) + " is INVALID";
      }
    }
    String stale = elsewhere(views, primary.facts().get("n_open"));
    return stale != null ? stale : unready(views);
  }

  /** A standby that the acting confirm monitor would not have take over. */
  private static String unready(Map<Endpoint, View> views) {
    for (Map.Entry<Endpoint, View> one : views.entrySet()) {
      Map<String, String> facts = one.getValue().facts();
      for (Map.Entry<String, String> fact : facts.entrySet()) {
        String mode = fact.getKey().replaceFirst("ready$", "imode");
        boolean wanted = fact.getKey().endsWith(".ready") && "STANDBY".equals(facts.get(mode));
        if (wanted && "1".equals(facts.get("acts")) && !fact.getValue().equals("1")) {
          return one.getKey() + " shows " + fact.getKey() + " = " + fact.getValue();
        }
      }
    }
    return null;
  }

  /** Who does not know yet how well all are: the last opening, states, archives. */
  private static String elsewhere(Map<Endpoint, View> views, String opened) {
    for (Map.Entry<Endpoint, View> one : views.entrySet()) {
      for (Map.Entry<String, String> fact : one.getValue().facts().entrySet()) {
        String wanted = wanted(fact.getKey(), opened);
        if (wanted != null && !fact.getValue().equals(wanted)) {
          return one.getKey() + " shows " + fact.getKey() + " = " + fact.getValue();
        }
      }
    }
    return null;
  }

  private static String wanted(String fact, String opened) {
    return switch (fact.substring(fact.indexOf('.') + 1)) {
      case "n_open" -> opened;
      case "wstatus", "istatus" -> "OPEN";
      case "rstat" -> "VALID";
      case "unheard" -> "0";
      default -> null;
    };
  }

  /** Two primaries that both serve are what a forced takeover may lead to; scenarios say so. */
  @Override
  public String unsafe(Map<Endpoint, View> views) {
    return null;
  }

  @Override
  public Ledger ledger(World world) {
    return new DwLedger(world);
  }

  @Override
  public List<Invariant> invariants() {
    return DwInvariants.all();
  }

  @Override
  public int weight(Chaos.Kind kind) {
    return switch (kind) {
      case KILL, PAUSE, POWER, CUT -> 20;
      default -> 0;
    };
  }
}
