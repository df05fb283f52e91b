package halab.systems.dsc;

import halab.bricks.Rng;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.systems.Dialect;
import halab.systems.LabPlan;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * What one operator types in a seeded run (reference 5.3, 5.4): one odd command, a group handled by
 * hand while monitoring is off, groups stopped and started, or words for a dmcss. Names are those
 * of generated labs, and of an EP that a smaller lab has not.
 */
final class DscOperator {
  private static final int LONGEST_BY_HAND = 4;

  private final Rng rng;
  private final List<Endpoint> css;
  private final Endpoint monitor;
  private final boolean youngConsole;
  private final List<Fault.Type> typed = new ArrayList<>();

  DscOperator(Rng rng, LabPlan plan) {
    this.rng = rng;
    this.css = of(plan, "dmcss");
    List<Endpoint> monitors = of(plan, DscPlan.MONITOR_ROLE);
    this.monitor = monitors.get(rng.below(monitors.size()));
    this.youngConsole = plan.dialects().log().since(Dialect.C);
  }

  private static List<Endpoint> of(LabPlan plan, String role) {
    return plan.daemons().stream().filter(e -> e.role().equals(role)).toList();
  }

  /** All lines, in their order. */
  List<Fault.Type> typed() {
    int dice = rng.below(youngConsole ? 12 : 10);
    if (dice < 5) {
      type(single());
    } else if (dice < 8) {
      byHand();
    } else if (dice < 10) {
      stopAndStart();
    } else {
      console();
    }
    return typed;
  }

  private void type(String words) {
    typed.add(new Fault.Type(monitor, List.of(words.split(" "))));
  }

  private String group() {
    return rng.chance(400) ? "GRP_ASM" : "GRP_DSC";
  }

  private String ep() {
    return epOf(group());
  }

  private String epOf(String group) {
    String prefix = group.equals("GRP_ASM") ? "ASM" : "DSC";
    return group + "." + prefix + rng.below(3);
  }

  private String single() {
    return switch (rng.below(12)) {
      case 0, 1, 2 -> "ep halt " + ep();
      case 3, 4, 5 -> "ep crash " + ep();
      case 6 -> "ep stop " + group();
      case 7 -> "ep startup " + group();
      case 8 -> "open force " + group();
      case 9 -> "set " + group() + " auto restart off";
      case 10 -> "set " + group() + " auto restart on";
      default -> "check crash over " + group();
    };
  }

  private void byHand() {
    type("css stop");
    if (rng.chance(500)) {
      String group = group();
      mostOf(
          "ep halt " + epOf(group),
          "ep break " + group,
          "set " + group + " auto restart off",
          "ep startup " + group,
          "ep recover " + group);
    } else {
      for (int i = rng.below(LONGEST_BY_HAND + 1); i > 0; i--) {
        type(oddByHand());
      }
    }
    if (rng.chance(800)) {
      type("css startup");
    }
  }

  private String oddByHand() {
    return switch (rng.below(8)) {
      case 0, 1, 2 -> "ep break " + group();
      case 3, 4 -> "ep recover " + group();
      case 5 -> "ep halt " + ep();
      case 6 -> "ep stop " + group();
      default -> "ep startup " + group();
    };
  }

  private void stopAndStart() {
    mostOf(
        "ep stop GRP_DSC",
        "ep stop GRP_ASM",
        "ep startup GRP_ASM",
        "set " + group() + " auto restart off",
        "ep startup GRP_DSC",
        "open force " + group(),
        "set " + group() + " auto restart on");
  }

  /** Not always all of it, as when somebody forgets a line. */
  private void mostOf(String... lines) {
    for (String line : lines) {
      if (rng.chance(800)) {
        type(line);
      }
    }
  }

  private void console() {
    Endpoint at = css.get(rng.below(css.size()));
    String words = rng.chance(700) ? "set master force" : "halt css " + rng.below(css.size());
    typed.add(new Fault.Type(at, List.of(words.split(" "))));
  }
}
