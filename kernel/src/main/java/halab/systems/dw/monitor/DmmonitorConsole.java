package halab.systems.dw.monitor;

import halab.systems.LabPlan;
import halab.systems.Monitor;
import halab.systems.dw.config.DmmonitorIni;
import halab.systems.dw.config.DwMembers;
import halab.systems.dw.config.DwPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The console of dmmonitor. */
public final class DmmonitorConsole implements Monitor {
  private static final List<Question> LOGIN =
      List.of(new Question("Username:", false), new Question("Password:", true));

  @Override
  public String name() {
    return DwPlan.MONITOR_ROLE;
  }

  @Override
  public List<List<List<String>>> words(LabPlan plan) {
    List<String> groups = groups(plan);
    List<String> instances = instances(plan, groups);
    return Verb.words().stream()
        .map(command -> command.stream().map(word -> meanings(word, groups, instances)).toList())
        .toList();
  }

  private static List<String> meanings(String word, List<String> groups, List<String> instances) {
    return switch (word) {
      case "group_name" -> groups;
      case "db" -> instances;
      default -> List.of(word);
    };
  }

  private static List<String> groups(LabPlan plan) {
    return DmmonitorIni.read(plan.host(DwPlan.MONITOR_HOST).files()).groups().stream()
        .map(DmmonitorIni.Group::name)
        .toList();
  }

  /** With and without their group, where there is one. */
  private static List<String> instances(LabPlan plan, List<String> groups) {
    List<String> names = new ArrayList<>();
    Map<String, String> files = plan.hosts().get(0).files();
    for (DwMembers.Member member : DwMembers.read(files).all()) {
      names.add(member.name());
      groups.forEach(group -> names.add(group + "." + member.name()));
    }
    return names;
  }

  /** The vendor's console asks; what {@code login} names itself is not asked for. */
  @Override
  public List<Question> asks(String line) {
    return line.strip().replaceFirst(" ?;$", "").equalsIgnoreCase("login") ? LOGIN : List.of();
  }

  /** The banner, as it stands in the log. */
  @Override
  public List<String> startLines(List<String> log) {
    return log.stream()
        .filter(line -> line.endsWith(MonText.VERSION) || line.endsWith(MonText.READY))
        .limit(2)
        .toList();
  }
}
