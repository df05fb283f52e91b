package halab.cli.demo;

import halab.cli.Out;
import halab.cli.Verdicts;
import halab.cli.lab.Creator;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Stopper;
import halab.cli.lab.ThrowAway;
import halab.sim.Verdict;
import halab.systems.LabPlan;
import halab.systems.Systems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The demo with its lab around it: made before, taken down after, or kept on request. */
public final class DemoRun {
  private static final int HOSTS = 2;

  private DemoRun() {}

  /**
   * @param keepIn folder of a lab that stays up; null for one that goes
   */
  public static Verdict run(Out out, Path keepIn) throws IOException {
    Creator.Planner plan = DemoRun::plan;
    try (ThrowAway throwAway =
        keepIn == null ? ThrowAway.make("demo", plan, 1, null) : ThrowAway.in(keepIn, plan, 1)) {
      LiveLab lab = throwAway.lab();
      Verdict verdict = new Demo(lab, out).run();
      Screen screen = new Screen(out);
      out.line("");
      if (keepIn == null) {
        new Stopper(lab, screen::small).down();
      } else {
        throwAway.keep();
        goOn(lab, screen);
      }
      out.line("");
      out.line(Verdicts.line(out, verdict));
      return verdict;
    }
  }

  /** As in the published log, the virtual address is on a card that the hosts do not have. */
  private static LabPlan plan(int portBase, String publicNet) {
    Map<String, String> overrides = Map.of("DCR_VIP_NIC", "enp0s80");
    return Systems.named("dsc")
        .plan(new LabPlan.Options(HOSTS, true, portBase, overrides, Map.of(), publicNet));
  }

  private static void goOn(LiveLab lab, Screen screen) {
    String name = lab.name();
    screen.say("The lab stays up, in " + lab.dir() + ". Go on:");
    screen.command("halab status --watch --lab " + name);
    screen.command("halab dmcssm --lab " + name);
    screen.command("halab logs -f --lab " + name);
    screen.command("halab poweroff n1 --lab " + name);
    screen.command("halab down --lab " + name + " && halab destroy --lab " + name);
  }
}
