package halab.systems.dw.monitor;

import halab.systems.LabPlan;
import halab.systems.Monitor;
import halab.systems.dw.config.DwMembers;
import halab.systems.dw.config.DwPlan;
import java.util.List;
import java.util.Map;

/** The console of dmmonitor. Its login asks for a user and, unseen, for a password. */
public final class DmmonitorConsole implements Monitor {
  @Override
  public String name() {
    return DwPlan.MONITOR_ROLE;
  }

  @Override
  public List<List<List<String>>> words(LabPlan plan) {
    List<String> instances = instances(plan);
    return Verb.words().stream()
        .map(command -> command.stream().map(w -> w.equals("db") ? instances : List.of(w)).toList())
        .toList();
  }

  private static List<String> instances(LabPlan plan) {
    Map<String, String> files =
        plan.hosts().stream()
            .filter(h -> h.startList().contains(DwMembers.INSTANCE))
            .map(LabPlan.HostPlan::files)
            .findFirst()
            .orElse(Map.of());
    return files.isEmpty()
        ? List.of()
        : DwMembers.read(files).all().stream().map(DwMembers.Member::name).toList();
  }

  @Override
  public boolean asks(String line) {
    return line.equals(MonText.ASK_USER) || hides(line);
  }

  @Override
  public boolean hides(String question) {
    return question.equals(MonText.ASK_PASSWORD);
  }
}
