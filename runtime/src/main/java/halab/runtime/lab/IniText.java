package halab.runtime.lab;

import halab.systems.ConfigException.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code [section]} and {@code key = value} with line numbers; {@code #} starts a comment line. */
final class IniText {
  /** One value and the line it stands on. */
  record Value(String text, int line) {}

  private final Map<String, Map<String, Value>> sections = new LinkedHashMap<>();

  static IniText parse(String file, String text, List<Problem> problems) {
    IniText ini = new IniText();
    Map<String, Value> section = null;
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[") && line.endsWith("]")) {
        String name = line.substring(1, line.length() - 1).strip().replaceAll("\\s+", " ");
        section = new LinkedHashMap<>();
        if (ini.sections.putIfAbsent(name, section) != null) {
          problems.add(new Problem(file, number, "[" + name + "] appears twice", "keep one"));
        }
        continue;
      }
      int equals = line.indexOf('=');
      if (equals <= 0 || section == null) {
        String what = section == null ? "a line before the first section" : "no KEY = VALUE";
        problems.add(new Problem(file, number, what + ": '" + line + "'", "correct the line"));
        continue;
      }
      String key = line.substring(0, equals).strip();
      Value value = new Value(line.substring(equals + 1).strip(), number);
      if (section.putIfAbsent(key, value) != null) {
        problems.add(new Problem(file, number, key + " is given twice", "keep one"));
      }
    }
    return ini;
  }

  /** All sections in file order. */
  Map<String, Map<String, Value>> sections() {
    return sections;
  }
}
