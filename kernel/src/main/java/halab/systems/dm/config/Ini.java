package halab.systems.dm.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A vendor ini file as it stands: sections in order, entries in order, repeated keys kept, each
 * with its line number. Knows nothing of which keys exist.
 *
 * <p>{@code #} and {@code //} open a comment at the start of a line or after a blank. Blanks around
 * {@code =} are optional, values may stand in single or double quotes. Entries before the first
 * {@code [section]} belong to a section without a name.
 */
public record Ini(String file, List<Section> sections) {
  static final int FILE_CHARS = 1 << 20;
  static final int LINE_CHARS = 4096;

  /** One {@code [name]} and what follows it; the first one has an empty name and line 0. */
  public record Section(String name, int line, List<Entry> entries) {
    /** The first entry of this key; null if there is none. */
    public Entry entry(String key) {
      return entries.stream().filter(e -> e.key().equals(key)).findFirst().orElse(null);
    }

    /** The first value of this key, or what is given where there is none. */
    public String value(String key, String otherwise) {
      return entry(key) == null ? otherwise : entry(key).value();
    }
  }

  /** One {@code KEY = value}; the key in capitals, the value without quotes. */
  public record Entry(String key, String value, int line) {}

  /** Reads a file of any content; what cannot be read becomes a problem and is left out. */
  public static Ini parse(String file, String text, Problems problems) {
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("", 0, new ArrayList<>()));
    Ini ini = new Ini(file, sections);
    if (text.length() > FILE_CHARS) {
      problems.add(file, 0, "the file is larger than 1 MiB", "a configuration file is a few KiB");
      return ini;
    }
    String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      ini.addLine(lines[i], i + 1, problems);
    }
    return ini;
  }

  private void addLine(String raw, int number, Problems problems) {
    if (raw.length() > LINE_CHARS) {
      problems.add(file, number, "the line is longer than 4096 characters", "shorten it");
      return;
    }
    String line = withoutComment(raw).strip();
    int equals = line.indexOf('=');
    if (line.isEmpty()) {
      return;
    }
    if (line.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      problems.add(file, number, "the line holds control characters", "remove them");
    } else if (line.startsWith("[") && line.endsWith("]")) {
      String name = line.substring(1, line.length() - 1).strip();
      sections.add(new Section(name, number, new ArrayList<>()));
    } else if (equals > 0) {
      String key = line.substring(0, equals).strip().toUpperCase(Locale.ROOT);
      last().entries().add(new Entry(key, unquoted(line.substring(equals + 1).strip()), number));
    } else {
      String what = Problems.quoted(line) + " is neither [SECTION] nor KEY = value";
      problems.add(file, number, what, "write it so, or put # before it");
    }
  }

  private Section last() {
    return sections.get(sections.size() - 1);
  }

  /** The unnamed section that opens every file. */
  public Section global() {
    return sections.get(0);
  }

  /** The first value of this key in any section; null if there is none. */
  public String first(String key) {
    return sections.stream()
        .flatMap(s -> s.entries().stream())
        .filter(e -> e.key().equals(key))
        .map(Entry::value)
        .findFirst()
        .orElse(null);
  }

  private static String withoutComment(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if ((c == '"' || c == '\'') && opensValue(line, i)) {
        quote = c;
      } else if ((c == '#' || line.startsWith("//", i)) && startsWord(line, i)) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  /** A quote counts only as the first character of a value: an apostrophe inside one is text. */
  private static boolean opensValue(String line, int at) {
    return line.substring(0, at).stripTrailing().endsWith("=")
        && line.indexOf(line.charAt(at), at + 1) > 0;
  }

  private static boolean startsWord(String line, int at) {
    return at == 0 || Character.isWhitespace(line.charAt(at - 1));
  }

  private static String unquoted(String value) {
    int last = value.length() - 1;
    boolean quoted =
        last >= 1
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(last) == value.charAt(0);
    return quoted ? value.substring(1, last) : value;
  }
}
