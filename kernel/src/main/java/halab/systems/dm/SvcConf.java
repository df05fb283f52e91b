package halab.systems.dm;

import halab.systems.ConfigException;
import halab.systems.ConfigException.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The clients' file dm_svc.conf: services by name, settings for all of them, and sections {@code
 * [NAME]} with settings of one, which count more (reference 2.5). A value stands in round brackets;
 * without them is taken as well. Keys in any case.
 */
public final class SvcConf {
  public static final String FILE = "dm_svc.conf";

  private static final Pattern SECTION = Pattern.compile("\\[\\s*([^\\]\\s]+)\\s*\\]");
  private static final Pattern ENTRY =
      Pattern.compile("([A-Za-z_][\\w$]*)\\s*=\\s*(?:\\(([^()]*)\\)|([^()\\s]+))");
  private static final Pattern PLACE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)\\]|([^\\s:,\\[\\]]+))(?::(\\d{1,5}))?");

  /** Other spellings of keys, in the vendor's earlier manuals. */
  private static final Map<String, String> ALIASES =
      Map.of("SWITCH_TIME", "SWITCH_TIMES", "EP_SELECTION", "EP_SELECTOR");

  /** Keys that mean something to the driver, not to the choice of an instance. */
  private static final List<String> ELSEWHERE =
      List.of(
          "TIME_ZONE",
          "LANGUAGE",
          "CHAR_CODE",
          "LOGIN_ENCRYPT",
          "DIRECT",
          "KEYWORDS",
          "ENABLE_RS_CACHE",
          "RS_CACHE_SIZE",
          "RS_REFRESH_FREQ",
          "COMPRESS_MSG",
          "COMPATIBLE_MODE",
          "CIPHER_PATH",
          "CONNECT_TIMEOUT",
          "CONNECTTIMEOUT",
          "LOGIN_STATUS",
          "RW_SEPARATE",
          "RW_PERCENT");

  /** Our keys with least value, greatest value and default. */
  private static final SortedMap<String, long[]> NUMBERS =
      new TreeMap<>(
          Map.of(
              "SWITCH_TIMES", new long[] {1, Long.MAX_VALUE, 1},
              "SWITCH_INTERVAL", new long[] {1, Long.MAX_VALUE, 200},
              "LOGIN_MODE", new long[] {0, 4, 4},
              "LOGIN_DSC_CTRL", new long[] {0, 1, 0},
              "EP_SELECTOR", new long[] {0, 64, 0},
              "AUTO_RECONNECT", new long[] {0, 7, 0},
              "CHECK_FREQ", new long[] {1, Long.MAX_VALUE, 300_000}));

  private static final String CLUSTER = "CLUSTER";

  private final String file;
  private final SortedMap<String, List<SvcPlace>> services = new TreeMap<>();

  /** Settings by name of the service in small letters; those of all under the empty name. */
  private final SortedMap<String, SortedMap<String, String>> settings = new TreeMap<>();

  private final SortedMap<String, Integer> sectionLines = new TreeMap<>();
  private final Set<String> ignored = new TreeSet<>();
  private final List<Problem> problems = new ArrayList<>();

  private SvcConf(String file) {
    this.file = file;
  }

  /**
   * Reads the file.
   *
   * @param file as problems call it
   * @throws ConfigException with every problem
   */
  public static SvcConf parse(String file, String text) {
    SvcConf conf = new SvcConf(file);
    String section = "";
    String[] lines = text.split("\\R");
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replaceFirst("#.*", "").strip();
      Matcher header = SECTION.matcher(line);
      if (header.matches()) {
        section = header.group(1).toLowerCase(Locale.ROOT);
        conf.sectionLines.putIfAbsent(section, i + 1);
      } else if (!line.isEmpty()) {
        conf.entry(section, i + 1, line);
      }
    }
    conf.sectionLines.forEach(
        (name, at) ->
            conf.require(
                conf.services.containsKey(name),
                at,
                "[" + name + "] is the section of no service",
                "write " + name + "=(IP:PORT,...) above it"));
    conf.throwIfAny();
    return conf;
  }

  private void entry(String section, int at, String line) {
    Matcher entry = ENTRY.matcher(line);
    if (!entry.matches()) {
      problem(at, "'" + line + "' is no setting", "write KEY=(VALUE)");
      return;
    }
    String value = (entry.group(2) == null ? entry.group(3) : entry.group(2)).strip();
    setting(settings.computeIfAbsent(section, s -> new TreeMap<>()), section, at, entry, value);
  }

  private void setting(
      SortedMap<String, String> into, String section, int at, Matcher entry, String value) {
    String key = key(entry.group(1));
    if (ELSEWHERE.contains(key)) {
      ignored.add(key);
    } else if (known(key)) {
      check(key, value, at);
      into.put(key, value);
    } else if (section.isEmpty()) {
      places(entry.group(1), value, at);
    } else {
      String remedy =
          likePlaces(value)
              ? "services stand above all sections: move the line there; keys are " + keys()
              : "write one of " + keys();
      problem(at, "there is no key '" + entry.group(1) + "'", remedy);
    }
  }

  /** Whether this was meant to be a service: an address or a port is there, or several names. */
  private static boolean likePlaces(String value) {
    String[] items = value.split(",", -1);
    boolean places = items.length > 1;
    for (String item : items) {
      Matcher place = PLACE.matcher(item.strip());
      if (!place.matches() || place.group(3) == null && item.strip().matches("\\d+")) {
        return false;
      }
      boolean address = place.group(1) != null || item.strip().matches("\\d+(\\.\\d+){3}");
      places |= address || place.group(3) != null;
    }
    return places;
  }

  private static String key(String written) {
    String key = written.toUpperCase(Locale.ROOT);
    return ALIASES.getOrDefault(key, key);
  }

  private static boolean known(String key) {
    return NUMBERS.containsKey(key) || key.equals(CLUSTER);
  }

  private static String keys() {
    return CLUSTER + ", " + String.join(", ", NUMBERS.keySet());
  }

  private void check(String key, String value, int at) {
    if (key.equals(CLUSTER)) {
      require(
          value.equalsIgnoreCase("DSC"),
          at,
          "CLUSTER is '" + value + "'",
          "clients of a shared storage cluster write CLUSTER=(DSC)");
      return;
    }
    long[] range = NUMBERS.get(key);
    long number = number(value);
    require(
        number >= range[0] && number <= range[1],
        at,
        key + " is '" + value + "'",
        "write a number from " + range[0] + " to " + range[1]);
  }

  /** -1 when it is none. */
  private static long number(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void places(String name, String value, int at) {
    List<SvcPlace> places = new ArrayList<>();
    for (String item : value.split(",", -1)) {
      Matcher place = PLACE.matcher(item.strip());
      boolean fits = place.matches();
      int port =
          !fits || place.group(3) == null
              ? SvcPlace.DEFAULT_PORT
              : Integer.parseInt(place.group(3));
      boolean named = fits && (place.group(3) != null || !item.strip().matches("-?\\d*"));
      if (!named || port < 1 || port > 65_535) {
        problem(
            at,
            "'" + name + "' is none of the keys, and '" + item.strip() + "' is no place",
            "for a service write " + name + "=(IP:PORT,...); keys are " + keys());
        return;
      }
      places.add(new SvcPlace(place.group(1) == null ? place.group(2) : place.group(1), port));
    }
    require(
        services.put(name.toLowerCase(Locale.ROOT), List.copyOf(places)) == null,
        at,
        "service '" + name + "' is there twice",
        "remove one of the lines");
  }

  /** Names of the services, in small letters. */
  public Set<String> services() {
    return services.keySet();
  }

  /** Keys that were found and have no meaning here. */
  public Set<String> ignored() {
    return ignored;
  }

  /**
   * A service of the file.
   *
   * @param more settings that count more than the file's
   * @throws ConfigException if there is none of this name, or a setting cannot be
   */
  public SvcService service(String name, Map<String, String> more) {
    String wanted = name.toLowerCase(Locale.ROOT);
    List<SvcPlace> places = services.get(wanted);
    if (places == null) {
      String there = services.isEmpty() ? "none" : String.join(", ", services.keySet());
      problem(0, "there is no service '" + name + "'", "its services are: " + there);
      throwIfAny();
    }
    SortedMap<String, String> values = new TreeMap<>(settings.getOrDefault("", new TreeMap<>()));
    values.putAll(settings.getOrDefault(wanted, new TreeMap<>()));
    more.forEach(
        (written, value) -> {
          String key = key(written);
          if (known(key)) {
            check(key, value, 0);
            values.put(key, value);
          } else {
            problem(0, "there is no key '" + written + "'", "write one of " + keys());
          }
        });
    long selector = of(values, "EP_SELECTOR");
    require(
        selector <= places.size(),
        0,
        "EP_SELECTOR of '" + name + "' is " + selector + ", its list has " + places.size(),
        "write a number up to that");
    throwIfAny();
    return new SvcService(
        wanted,
        places,
        of(values, "SWITCH_TIMES"),
        of(values, "SWITCH_INTERVAL"),
        (int) of(values, "LOGIN_MODE"),
        of(values, "LOGIN_DSC_CTRL") == 1,
        (int) selector,
        (int) of(values, "AUTO_RECONNECT"),
        of(values, "CHECK_FREQ"));
  }

  private static long of(Map<String, String> values, String key) {
    String value = values.get(key);
    return value == null ? NUMBERS.get(key)[2] : number(value);
  }

  private void require(boolean ok, int at, String what, String remedy) {
    if (!ok) {
      problem(at, what, remedy);
    }
  }

  private void problem(int at, String what, String remedy) {
    problems.add(new Problem(file, at, what, remedy));
  }

  private void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigException(List.copyOf(problems));
    }
  }
}
