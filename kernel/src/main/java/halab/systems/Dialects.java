package halab.systems;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a lab speaks; {@code lab.ini} says it, for no vendor has a key for it. Two settings, for at a
 * real site they come apart: the cluster and the monitor that watches it are upgraded apart.
 *
 * @param log of the daemons: the wording of their logs and their sequences of steps
 * @param monitor of the monitor: its commands, layouts and lines
 */
public record Dialects(Dialect log, Dialect monitor) {
  /** Name of the setting for {@link #log}. */
  public static final String LOG = "log_dialect";

  /** Name of the setting for {@link #monitor}. */
  public static final String MONITOR = "monitor_dialect";

  /** What a lab speaks that says nothing about it. */
  public static final Dialects DEFAULT = new Dialects(Dialect.A, Dialect.B);

  /** The names of all dialects, for messages. */
  public static final String NAMES =
      Arrays.stream(Dialect.values()).map(Dialect::name).collect(Collectors.joining(", "));

  private static final List<String> KEYS = List.of(LOG, MONITOR);

  /** Whether a setting of this name is one of ours. */
  public static boolean has(String key) {
    return KEYS.contains(key);
  }

  /** The dialect of this name; null if there is none. */
  public static Dialect named(String name) {
    return Arrays.stream(Dialect.values())
        .filter(d -> d.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * What these settings say; what they do not say is as in {@link #DEFAULT}.
   *
   * @throws ConfigException for a dialect that there is not
   */
  public static Dialects of(Map<String, String> settings) {
    return new Dialects(read(settings, LOG, DEFAULT.log), read(settings, MONITOR, DEFAULT.monitor));
  }

  private static Dialect read(Map<String, String> settings, String key, Dialect otherwise) {
    String text = settings.get(key);
    if (text == null) {
      return otherwise;
    }
    Dialect dialect = named(text);
    if (dialect == null) {
      String what = "there is no dialect '" + text + "'";
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  "setting '" + key + "'", 0, what, "write one of " + NAMES)));
    }
    return dialect;
  }
}
