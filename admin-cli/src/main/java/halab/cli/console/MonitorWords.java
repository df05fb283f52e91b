package halab.cli.console;

import halab.systems.LabPlan;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the words of dmcssm: its commands, and the groups and EPs of this lab. */
final class MonitorWords implements Completer {
  private static final String GROUP = "<group>";
  private static final String GROUP_EP = "<group.ep>";
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("help"),
          List.of("show"),
          List.of("show", "config"),
          List.of("show", "monitor"),
          List.of("show", GROUP),
          List.of("ep", "startup", GROUP),
          List.of("ep", "stop", GROUP),
          List.of("ep", "halt", GROUP_EP),
          List.of("set", GROUP, "auto", "restart", "on"),
          List.of("set", GROUP, "auto", "restart", "off"),
          List.of("open", "force", GROUP),
          List.of("exit"));
  private final SortedSet<String> groups = new TreeSet<>();
  private final SortedSet<String> eps = new TreeSet<>();

  MonitorWords(LabPlan plan) {
    DcrNames names = DcrNames.of(plan);
    groups.addAll(names.groups());
    eps.addAll(names.members());
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    SortedSet<String> found = new TreeSet<>();
    List<String> before = line.words().subList(0, line.wordIndex());
    for (List<String> command : COMMANDS) {
      if (command.size() > before.size() && begins(command, before)) {
        found.addAll(meanings(command.get(before.size())));
      }
    }
    found.forEach(word -> candidates.add(new Candidate(word)));
  }

  private boolean begins(List<String> command, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).toUpperCase(Locale.ROOT);
      if (meanings(command.get(i)).stream()
          .noneMatch(m -> m.toUpperCase(Locale.ROOT).equals(word))) {
        return false;
      }
    }
    return true;
  }

  private SortedSet<String> meanings(String word) {
    return switch (word) {
      case GROUP -> groups;
      case GROUP_EP -> eps;
      default -> new TreeSet<>(List.of(word));
    };
  }
}
