package halab.systems.dm.config;

import halab.kernel.Check;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The checked entries of one section. A value that was refused reads as its default (or as the
 * least allowed one), so that the checks that follow can still be made.
 */
public record Values(
    Schema schema, String file, int sectionLine, Map<String, List<Ini.Entry>> entries) {
  /** Whether the key is there, with whatever value. */
  public boolean has(String name) {
    return entries.containsKey(key(name).name());
  }

  /** Whether the key is there with a value that it may have. */
  public boolean good(String name) {
    return has(name) && key(name).complaint(text(name)) == null;
  }

  /** Line of the key, or of its section when the key is left out. */
  public int line(String name) {
    return has(name) ? entries.get(name).get(0).line() : sectionLine;
  }

  /** What is in force; the least allowed number when there is neither value nor default. */
  public long number(String name) {
    Key key = key(name);
    String value = has(name) ? entries.get(name).get(0).value() : key.byDefault();
    if (value == null || key.complaint(value) != null) {
      value = key.byDefault();
    }
    return value == null ? key.min() : Long.parseLong(value);
  }

  /** As {@link #number}, for keys whose range an int holds. */
  public int integer(String name) {
    return Math.toIntExact(number(name));
  }

  /** Whether it is 1. */
  public boolean flag(String name) {
    return number(name) == 1;
  }

  /** The value, or the default, or null when there is neither. */
  public String text(String name) {
    return has(name) ? entries.get(name).get(0).value() : key(name).byDefault();
  }

  /** As {@link #text}, empty instead of null: the form that protobuf fields take. */
  public String textOrEmpty(String name) {
    String text = text(name);
    return text == null ? "" : text;
  }

  /**
   * Which of a few words the value is, upper or lower case alike.
   *
   * @param otherwise what holds when the key is left out, or is no such word, which is a problem
   */
  public <E extends Enum<E>> E word(String name, Class<E> words, E otherwise, Problems problems) {
    if (!has(name)) {
      return otherwise;
    }
    List<E> all = List.of(words.getEnumConstants());
    String value = text(name).toUpperCase(Locale.ROOT);
    for (E one : all) {
      if (one.name().equals(value)) {
        return one;
      }
    }
    String known = String.join(", ", all.stream().map(Enum::name).toList());
    String what = name + " = " + Problems.quoted(text(name)) + " is not known";
    problems.add(file, line(name), what, "give one of " + known);
    return otherwise;
  }

  /** All entries of a repeated key, in order. */
  public List<Ini.Entry> all(String name) {
    return entries.getOrDefault(key(name).name(), List.of());
  }

  /** Every key that the section may hold, in the vendor's order. */
  public List<Setting> settings() {
    return schema.keys().stream().map(this::setting).toList();
  }

  private Setting setting(Key key) {
    boolean number = key.kind() == Key.Kind.NUMBER;
    return new Setting(
        key.name(),
        text(key.name()),
        has(key.name()) ? text(key.name()) : null,
        number ? Long.toString(key.orZero() ? 0 : key.min()) : null,
        number ? Long.toString(key.max()) : null);
  }

  private Key key(String name) {
    Key key = schema.find(name);
    Check.that(key != null, "%s has no key %s", schema.place(), name);
    return key;
  }
}
