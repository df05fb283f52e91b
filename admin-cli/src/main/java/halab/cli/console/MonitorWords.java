package halab.cli.console;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the words of a vendor's monitor: its commands, and the names of this lab. */
public final class MonitorWords implements Completer {
  private final List<List<List<String>>> commands;

  /**
   * @param commands see {@link halab.systems.Monitor#words}
   */
  public MonitorWords(List<List<List<String>>> commands) {
    this.commands = commands;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    after(line.words().subList(0, line.wordIndex()))
        .forEach(word -> candidates.add(new Candidate(word)));
  }

  /** What can follow these words. */
  SortedSet<String> after(List<String> before) {
    SortedSet<String> found = new TreeSet<>();
    for (List<List<String>> command : commands) {
      if (command.size() > before.size() && begins(command, before)) {
        found.addAll(command.get(before.size()));
      }
    }
    return found;
  }

  private static boolean begins(List<List<String>> command, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).toUpperCase(Locale.ROOT);
      if (command.get(i).stream().noneMatch(m -> m.toUpperCase(Locale.ROOT).equals(word))) {
        return false;
      }
    }
    return true;
  }
}
