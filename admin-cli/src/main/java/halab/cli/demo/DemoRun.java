package halab.cli.demo;

import halab.cli.Failure;
import halab.cli.Out;
import halab.cli.Verdicts;
import halab.cli.lab.Creator;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Stopper;
import halab.cli.lab.ThrowAway;
import halab.sim.Verdict;
import halab.systems.Systems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A demo with its lab around it: made before, taken down after, or kept on request. */
public final class DemoRun {
  private static final List<Play> PLAYS = List.of(new DscDemo(), new DwDemo());

  private DemoRun() {}

  /**
   * @param system whose demo
   * @param keepIn folder of a lab that stays up; null for one that goes
   */
  public static Verdict run(Out out, String system, Path keepIn) throws IOException {
    Play play = play(system);
    Creator.Planner plan = play::plan;
    try (ThrowAway throwAway =
        keepIn == null ? ThrowAway.make("demo", plan, 1, null) : ThrowAway.in(keepIn, plan, 1)) {
      LiveLab lab = throwAway.lab();
      Verdict verdict = new Stage(lab, out).run(play);
      Screen screen = new Screen(out);
      out.line("");
      if (keepIn == null) {
        new Stopper(lab, screen::small).down();
      } else {
        throwAway.keep();
        goOn(play, lab, screen);
      }
      out.line("");
      out.line(Verdicts.line(out, verdict));
      return verdict;
    }
  }

  /** The demo of a system that HALab has and that has one. */
  private static Play play(String system) {
    List<Play> there =
        PLAYS.stream()
            .filter(p -> Systems.ALL.stream().anyMatch(s -> s.name().equals(p.system())))
            .toList();
    return there.stream()
        .filter(p -> p.system().equals(system))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no demo of '"
                        + system
                        + "'; there are: "
                        + String.join(", ", there.stream().map(Play::system).toList())));
  }

  private static void goOn(Play play, LiveLab lab, Screen screen) {
    String name = lab.name();
    List<String> commands = new ArrayList<>();
    commands.add("halab status --watch --lab " + name);
    commands.add("halab " + lab.system().monitor().name() + " --lab " + name);
    commands.add("halab logs -f --lab " + name);
    commands.addAll(play.goOn(name));
    commands.add("halab down --lab " + name + " && halab destroy --lab " + name);
    screen.say("The lab stays up, in " + lab.dir() + ". Go on:");
    commands.forEach(screen::command);
  }
}
