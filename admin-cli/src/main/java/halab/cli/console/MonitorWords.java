package halab.cli.console;

import halab.systems.LabPlan;
import halab.systems.dsc.monitor.Verb;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the words of dmcssm: its commands, and the groups and EPs of this lab. */
public final class MonitorWords implements Completer {
  private static final String GROUP = "group";
  private static final String GROUP_EP = "group.ep";
  private final List<List<String>> commands;
  private final SortedSet<String> groups = new TreeSet<>();
  private final SortedSet<String> eps = new TreeSet<>();

  /** The commands of the dialect that the lab's monitor speaks. */
  public MonitorWords(LabPlan plan) {
    DcrNames names = DcrNames.of(plan);
    commands = Verb.words(plan.dialects().monitor());
    groups.addAll(names.groups());
    eps.addAll(names.members());
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    SortedSet<String> found = new TreeSet<>();
    List<String> before = line.words().subList(0, line.wordIndex());
    for (List<String> command : commands) {
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
