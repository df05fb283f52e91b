package halab.systems.dm.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file that somebody else wrote, with some of its lines changed and all others as they were. What
 * is left out stays behind {@code #}, so that most lines keep their numbers.
 */
public final class IniEdit {
  private final Ini ini;
  private final String[] lines;
  private final Map<Integer, List<String>> added = new TreeMap<>();

  /** The file as it stands; what cannot be read in it stays as it is. */
  public IniEdit(String file, String text) {
    this.ini = Ini.parse(file, text, new Problems());
    this.lines = text.split("\r?\n", -1);
  }

  /** The file as it was. */
  public Ini ini() {
    return ini;
  }

  /** Gives an entry another value. */
  public void set(Ini.Entry entry, String value) {
    lines[entry.line() - 1] = entry.key() + " = " + value;
  }

  /** Leaves an entry out. */
  public void drop(Ini.Entry entry) {
    drop(entry.line());
  }

  /** Leaves a section out, with all that is in it. */
  public void drop(Ini.Section section) {
    drop(section.line());
    section.entries().forEach(this::drop);
  }

  private void drop(int line) {
    lines[line - 1] = "# " + lines[line - 1];
  }

  /** Adds an entry at the end of a section. */
  public void add(Ini.Section section, String key, String value) {
    int last = section.entries().stream().mapToInt(Ini.Entry::line).max().orElse(section.line());
    added.computeIfAbsent(last, l -> new ArrayList<>()).add(key + " = " + value);
  }

  /** The file as it is now. */
  public String text() {
    List<String> all = new ArrayList<>(added.getOrDefault(0, List.of()));
    for (int i = 0; i < lines.length; i++) {
      all.add(lines[i]);
      all.addAll(added.getOrDefault(i + 1, List.of()));
    }
    return String.join("\n", all);
  }
}
