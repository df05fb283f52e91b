package halab.systems;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a lab speaks; {@code lab.ini} says it, for no vendor has a key for it. Cluster and monitor
 * have settings of their own, for at a real site they are upgraded apart.
 *
 * @param log of the daemons: the wording of their logs and their sequences of steps
 * @param monitor of the monitor: its commands, layouts and lines
 * @param adjustMaster an older rule than that of any dialect: in a rejoin an EP with a lower seqno
 *     than the control EP takes the control role back
 */
public record Dialects(Dialect log, Dialect monitor, boolean adjustMaster) {
  /** Name of the setting for {@link #log}. */
  public static final String LOG = "log_dialect";

  /** Name of the setting for {@link #monitor}. */
  public static final String MONITOR = "monitor_dialect";

  /** Name of the setting for {@link #adjustMaster}: 0 or 1. */
  public static final String ADJUST = "adjust_master_ep";

  /** What a lab speaks that says nothing about it. */
  public static final Dialects DEFAULT = new Dialects(Dialect.A, Dialect.B);

  /** The names of all dialects, for messages. */
  public static final String NAMES =
      Arrays.stream(Dialect.values()).map(Dialect::name).collect(Collectors.joining(", "));

  private static final List<String> KEYS = List.of(LOG, MONITOR, ADJUST);

  /** Without the older rule. */
  public Dialects(Dialect log, Dialect monitor) {
    this(log, monitor, false);
  }

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
   * @throws ConfigException for a dialect that there is not, or a rule that is neither on nor off
   */
  public static Dialects of(Map<String, String> settings) {
    return new Dialects(
        read(settings, LOG, DEFAULT.log),
        read(settings, MONITOR, DEFAULT.monitor),
        flag(settings, ADJUST));
  }

  private static boolean flag(Map<String, String> settings, String key) {
    String text = settings.getOrDefault(key, "0");
    if (!text.equals("0") && !text.equals("1")) {
      throw wrong(key, "'" + text + "' is neither 0 nor 1", "write 0 or 1");
    }
    return text.equals("1");
  }

  private static ConfigException wrong(String key, String what, String remedy) {
    return new ConfigException(
        List.of(new ConfigException.Problem("setting '" + key + "'", 0, what, remedy)));
  }

  private static Dialect read(Map<String, String> settings, String key, Dialect otherwise) {
    String text = settings.get(key);
    if (text == null) {
      return otherwise;
    }
    Dialect dialect = named(text);
    if (dialect == null) {
      throw wrong(key, "there is no dialect '" + text + "'", "write one of " + NAMES);
    }
    return dialect;
  }
}
