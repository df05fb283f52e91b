package halab.systems.dm.config;

import java.util.Map;

/** What the readers of a host's small ini files share. */
public final class HostFiles {
  /** Reads one file's text; problems go to the collector, never out. */
  public interface Reader<T> {
    T read(String file, String text, Problems problems);
  }

  private HostFiles() {}

  /** Reads a file that must be there and must be right; throws ConfigException otherwise. */
  public static <T> T readOne(String name, Map<String, String> files, Reader<T> reader) {
    Problems problems = new Problems();
    String text = files.get(name);
    if (text == null) {
      problems.add(name, 0, "the file is missing", "put it into the host's etc folder");
    }
    problems.throwIfAny();
    T value = reader.read(name, text, problems);
    problems.throwIfAny();
    return value;
  }

  /** For files that are one list of keys. */
  public static void refuseSections(Ini ini, Problems problems) {
    ini.sections().stream()
        .skip(1)
        .forEach(
            s ->
                problems.add(
                    ini.file(),
                    s.line(),
                    "[" + s.name() + "] has no place here: the file has no sections",
                    "remove the line"));
  }
}
