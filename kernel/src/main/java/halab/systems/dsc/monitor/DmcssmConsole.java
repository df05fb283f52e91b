package halab.systems.dsc.monitor;

import halab.systems.LabPlan;
import halab.systems.Monitor;
import halab.systems.dsc.DcrNames;
import halab.systems.dsc.config.DscPlan;
import java.util.List;

/** The console of dmcssm: the commands of the dialect that the lab's monitor speaks. */
public final class DmcssmConsole implements Monitor {
  @Override
  public String name() {
    return DscPlan.MONITOR_ROLE;
  }

  @Override
  public List<List<List<String>>> words(LabPlan plan) {
    DcrNames names = DcrNames.of(plan);
    return Verb.words(plan.dialects().monitor()).stream()
        .map(command -> command.stream().map(word -> meanings(word, names)).toList())
        .toList();
  }

  private static List<String> meanings(String word, DcrNames names) {
    return switch (word) {
      case "group" -> names.groups();
      case "group.ep" -> names.members();
      default -> List.of(word);
    };
  }

  @Override
  public List<String> startLines(List<String> log) {
    return Dmcssm.startLines(log);
  }
}
