package halab.systems.dsc;

import halab.bricks.Rng;
import halab.kernel.Endpoint;
import halab.sim.Chaos;
import halab.sim.Fault;
import halab.sim.Hosts;
import halab.sim.Invariant;
import halab.sim.SystemChecks;
import halab.sim.Validation;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import halab.systems.View;
import halab.systems.dsc.config.DscPlan;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who is who in a DSC lab, when it is healthy, and what the vendor promises. */
public final class DscChecks implements SystemChecks {
  private static final List<String> GROUPS = List.of("CSS", "ASM", "DB");
  private static final List<String> SERVING =
      List.of("OPEN", "MOUNT", "SUSPENDED", "SUSPEND", "CRASH_RECV");

  @Override
  public List<String> groups() {
    return GROUPS;
  }

  @Override
  public SortedMap<String, Boolean> selectors() {
    SortedMap<String, Boolean> selectors = new TreeMap<>();
    selectors.put("control", true);
    selectors.put("normal", true);
    selectors.put("css", false);
    selectors.put("asm", false);
    selectors.put("db", false);
    return selectors;
  }

  @Override
  public List<Endpoint> select(String selector, String group, Map<Endpoint, View> views) {
    switch (selector) {
      case "css":
        return live("dmcss", views);
      case "asm":
        return live("dmasmsvr", views);
      case "db":
        return live("dmserver", views);
      default:
        Endpoint control = control(group, views);
        if (control == null) {
          return List.of();
        }
        return selector.equals("control")
            ? List.of(control)
            : live(role(group), views).stream().filter(e -> !e.equals(control)).toList();
    }
  }

  static String role(String group) {
    return group.equals("CSS") ? "dmcss" : group.equals("ASM") ? "dmasmsvr" : "dmserver";
  }

  private static List<Endpoint> live(String role, Map<Endpoint, View> views) {
    return views.keySet().stream().filter(e -> e.role().equals(role)).toList();
  }

  /**
   * The control node of a group that all who know agree on: for the CSS group the working CSSs, for
   * the others the serving EPs. Null when there is none.
   */
  static Endpoint control(String group, Map<Endpoint, View> views) {
    boolean css = group.equals("CSS");
    String key = css ? "control.CSS" : "control";
    String named = null;
    for (Endpoint e : live(role(group), views)) {
      View view = views.get(e);
      boolean knows =
          css
              ? view.phase().equals("NORMAL") || view.phase().equals("CONTROL")
              : SERVING.contains(view.phase());
      String says = view.facts().get(key);
      if (knows && named != null && !named.equals(says)) {
        return null;
      }
      named = knows ? says : named;
    }
    for (Endpoint e : live(role(group), views)) {
      View view = views.get(e);
      boolean holds = css ? view.phase().equals("CONTROL") : SERVING.contains(view.phase());
      if (named != null && named.equals(view.facts().get("seqno")) && holds) {
        return e;
      }
    }
    return null;
  }

  @Override
  public Endpoint monitor(LabPlan plan) {
    return plan.daemons().stream()
        .filter(e -> e.role().equals(DscPlan.MONITOR_ROLE))
        .findFirst()
        .orElseThrow();
  }

  /** Healthy: one control CSS, all groups at rest with all EPs, every EP open (reference 3.3). */
  @Override
  public String unhealthy(LabPlan plan, Map<Endpoint, View> views) {
    if (control("CSS", views) == null) {
      return "there is no control CSS that all CSSs know";
    }
    for (Endpoint daemon : plan.daemons()) {
      View view = views.get(daemon);
      if (view == null) {
        return daemon + " does not answer";
      }
      String sick = sick(daemon, view);
      if (sick != null) {
        return daemon + " " + sick;
      }
    }
    return groupSick(plan, views);
  }

  private static String sick(Endpoint daemon, View view) {
    switch (daemon.role()) {
      case "dmasmsvr":
      case "dmserver":
        return view.phase().equals("OPEN") ? null : "is " + view.phase();
      case "dmcss":
        for (String group : List.of("ASM", "DB")) {
          String phase = view.facts().get("phase." + group);
          if (!"OPEN".equals(phase)) {
            return "sees group " + group + " in " + phase;
          }
        }
        return null;
      default:
        return null;
    }
  }

  private static String groupSick(LabPlan plan, Map<Endpoint, View> views) {
    List<Endpoint> css = plan.daemons().stream().filter(e -> e.role().equals("dmcss")).toList();
    for (Endpoint e : css) {
      for (String group : List.of("ASM", "DB")) {
        Map<String, String> facts = views.get(e).facts();
        if (!String.valueOf(css.size()).equals(facts.get("n_ok." + group))) {
          return e + " sees ok EPs " + facts.get("ok." + group) + " in group " + group;
        }
      }
    }
    return null;
  }

  /**
   * Two control CSSs of one term. (One that wakes from a pause shows itself as control node until
   * its first look; its term is over, and nobody obeys it.)
   */
  @Override
  public String unsafe(Map<Endpoint, View> views) {
    SortedMap<String, Endpoint> byTerm = new TreeMap<>();
    for (Endpoint e : live("dmcss", views)) {
      View view = views.get(e);
      if (view.phase().equals("CONTROL")) {
        Endpoint other = byTerm.put(view.facts().get("term"), e);
        if (other != null) {
          return "two control CSSs: " + other + " and " + e;
        }
      }
    }
    return null;
  }

  /**
   * The vendor promises nothing about a disk that serves stale content: scenarios only. Cuts are
   * frequent, since only one that lasts, between EPs that live on, leads to LINK_CHECK.
   */
  @Override
  public int weight(Chaos.Kind kind) {
    switch (kind) {
      case KILL:
      case PAUSE:
      case POWER:
      case CUT:
        return 20;
      case DISK_STALE:
        return 0;
      default:
        return 5;
    }
  }

  /**
   * What is written anew all the time heals; a DCR with both copies damaged is made anew by hand.
   */
  @Override
  public boolean damageable(LabPlan.DiskPlan disk) {
    return disk.kind().equals("voting") || disk.kind().equals(LabPlan.DiskPlan.DCRV);
  }

  @Override
  public List<Fault.Type> operator(Rng rng, LabPlan plan) {
    return new DscOperator(rng, plan).typed();
  }

  /** With monitoring off nothing comes back by itself. */
  @Override
  public List<List<String>> repairWords(Map<Endpoint, View> views) {
    boolean off =
        live("dmcss", views).stream()
            .anyMatch(css -> "FALSE".equals(views.get(css).facts().get("auto_check")));
    return off ? List.of(List.of("css", "startup")) : List.of();
  }

  /** Redo is released and images are saved in half of the runs; links and rarer keys vary. */
  @Override
  public SortedMap<String, String> drawSets(Rng rng) {
    SortedMap<String, String> sets = new TreeMap<>();
    if (rng.fork("checkpoints").chance(500)) {
      sets.put("CKPT_INTERVAL", "8");
    }
    draw(sets, rng, "DSC_CRASH_RECV_POLICY", "1");
    draw(sets, rng, "DMDCR_CHECK_CSS_ACTIVE", "1");
    draw(sets, rng, "DMDCR_CRASH_CHECK_OPT_COUNT", "3");
    draw(sets, rng, "DMDCR_AUTO_OPEN_CHECK", "30");
    draw(sets, rng, DscPlan.DCRV_DISKS, "3");
    draw(sets, rng, DscPlan.MONITORS, "2");
    draw(sets, rng, Dialects.LOG, "C");
    draw(sets, rng, Dialects.ADJUST, "1");
    Rng mal = rng.fork("mal"); // most runs notice a dead link soon
    if (mal.chance(750)) {
      sets.put("MAL_CHECK_INTERVAL", String.valueOf(mal.below(11)));
      sets.put("MAL_CONN_FAIL_INTERVAL", String.valueOf(2 + mal.below(5)));
    }
    if (mal.chance(300)) {
      sets.put("DMDCR_LINK_CHECK_IP", Hosts.STORE);
    }
    return sets;
  }

  private static void draw(SortedMap<String, String> sets, Rng rng, String key, String value) {
    if (rng.fork(key).chance(200)) {
      sets.put(key, value);
    }
  }

  @Override
  public List<Validation> validations() {
    return DscValidations.all();
  }

  @Override
  public List<Invariant> invariants() {
    return DscInvariants.all();
  }
}
