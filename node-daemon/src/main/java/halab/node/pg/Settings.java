package halab.node.pg;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session's run-time parameters: PostgreSQL's names and rules, as far as they mean something. */
final class Settings {
  static final String VERSION = "15.0 (HALab)";

  private static final String TIMEOUT = "statement_timeout";
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})\\s*(|us|ms|s|min|h|d)");
  private static final Map<String, String> SPELLING =
      Map.of("datestyle", "DateStyle", "timezone", "TimeZone", "intervalstyle", "IntervalStyle");
  private static final Map<String, Long> UNIT_MS =
      Map.of("", 1L, "ms", 1L, "s", 1000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  /** Told to the client at the start and at every change. */
  private static final List<String> REPORTED =
      List.of(
          "server_version",
          "server_encoding",
          "client_encoding",
          "application_name",
          "default_transaction_read_only",
          "in_hot_standby",
          "is_superuser",
          "session_authorization",
          "datestyle",
          "intervalstyle",
          "timezone",
          "integer_datetimes",
          "standard_conforming_strings");

  private static final Set<String> FIXED =
      Set.of(
          "server_version",
          "server_version_num",
          "server_encoding",
          "in_hot_standby",
          "is_superuser",
          "session_authorization",
          "integer_datetimes",
          "max_identifier_length",
          "transaction_isolation",
          "block_size",
          "max_index_keys",
          "lc_collate",
          "lc_ctype");

  /** Taken and shown, without an effect here. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("server_version", VERSION),
          Map.entry("server_version_num", "150000"),
          Map.entry("server_encoding", "UTF8"),
          Map.entry("client_encoding", "UTF8"),
          Map.entry("application_name", ""),
          Map.entry("default_transaction_read_only", "off"),
          Map.entry("default_transaction_isolation", "read committed"),
          Map.entry("default_transaction_deferrable", "off"),
          Map.entry("transaction_isolation", "read committed"),
          Map.entry("transaction_deferrable", "off"),
          Map.entry("in_hot_standby", "off"),
          Map.entry("is_superuser", "on"),
          Map.entry("datestyle", "ISO, MDY"),
          Map.entry("intervalstyle", "postgres"),
          Map.entry("timezone", "UTC"),
          Map.entry("integer_datetimes", "on"),
          Map.entry("standard_conforming_strings", "on"),
          Map.entry("extra_float_digits", "1"),
          Map.entry("search_path", "\"$user\", public"),
          Map.entry(TIMEOUT, "0"),
          Map.entry("lock_timeout", "0"),
          Map.entry("idle_in_transaction_session_timeout", "0"),
          Map.entry("idle_session_timeout", "0"),
          Map.entry("client_min_messages", "notice"),
          Map.entry("bytea_output", "hex"),
          Map.entry("xmloption", "content"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("row_security", "on"),
          Map.entry("check_function_bodies", "on"),
          Map.entry("default_table_access_method", "heap"),
          Map.entry("default_tablespace", ""),
          Map.entry("work_mem", "4MB"),
          Map.entry("maintenance_work_mem", "64MB"),
          Map.entry("geqo", "on"),
          Map.entry("jit", "off"),
          Map.entry("enable_seqscan", "on"),
          Map.entry("enable_indexscan", "on"),
          Map.entry("escape_string_warning", "on"),
          Map.entry("max_identifier_length", "63"),
          Map.entry("max_index_keys", "32"),
          Map.entry("block_size", "8192"),
          Map.entry("lc_collate", "C"),
          Map.entry("lc_ctype", "C"));

  private final BiConsumer<String, String> report;
  private final Map<String, String> base = new TreeMap<>(DEFAULTS);
  private Map<String, String> now;
  private Map<String, String> before;
  private final Map<String, String> local = new HashMap<>();

  /**
   * @param fixed values of this session and server that differ from the usual
   * @param wanted what the client asks for at the start
   * @param report is told of changes that the protocol reports
   */
  Settings(
      Map<String, String> fixed, Map<String, String> wanted, BiConsumer<String, String> report) {
    this.report = report;
    base.putAll(fixed);
    now = new TreeMap<>(base);
    wanted.forEach((name, value) -> base.put(key(name), checked(key(name), value)));
    now = new TreeMap<>(base);
    REPORTED.forEach(this::tell);
  }

  /** What every session begins with. */
  static Map<String, String> defaults() {
    return DEFAULTS;
  }

  private void tell(String name) {
    report.accept(SPELLING.getOrDefault(name, name), now.get(name));
  }

  static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  static String spelled(String key) {
    return SPELLING.getOrDefault(key, key);
  }

  String get(String name) {
    String value = now.get(key(name));
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  Map<String, String> all() {
    return now;
  }

  ZoneId zone() {
    return ZoneId.of(now.get("timezone"));
  }

  /** How long a statement may run, in milliseconds; 0 for ever. */
  long statementTimeoutMs() {
    return spanMs(TIMEOUT, now.get(TIMEOUT));
  }

  /** Sets, or resets when the value is null; a local setting ends with the transaction. */
  void set(String name, String value, boolean localOnly) {
    String key = key(name);
    if (before == null) {
      before = new TreeMap<>(now);
    }
    String next = value == null ? base.get(key) : checked(key, value);
    if (next == null) {
      throw unknown(name);
    }
    if (localOnly) {
      local.putIfAbsent(key, now.getOrDefault(key, ""));
    } else {
      local.remove(key);
    }
    put(key, next);
  }

  void resetAll() {
    base.forEach(
        (name, value) -> {
          if (!FIXED.contains(name) && !value.equals(now.get(name))) {
            put(name, value);
          }
        });
  }

  /** The transaction ended: a rollback takes back what was set in it. */
  void transactionEnded(boolean committed) {
    if (before != null) {
      Map<String, String> back = committed ? Map.copyOf(local) : before;
      back.forEach(this::put);
    }
    before = null;
    local.clear();
  }

  private void put(String key, String value) {
    String old = now.put(key, value);
    if (REPORTED.contains(key) && !value.equals(old)) {
      tell(key);
    }
  }

  private static PgError unknown(String name) {
    return PgError.of("42704", "unrecognized configuration parameter \"" + name + "\"");
  }

  private String checked(String key, String value) {
    if (!now.containsKey(key) && key.indexOf('.') < 0) {
      throw unknown(key);
    }
    if (FIXED.contains(key)) {
      throw PgError.of("55P02", "parameter \"" + key + "\" cannot be changed");
    }
    String shown =
        switch (key) {
          case "client_encoding" -> only(key, value, "utf-?8|unicode", "UTF8");
          case "standard_conforming_strings" -> only(key, value, "on|true|yes|1", "on");
          case "datestyle" -> only(key, value, "iso|iso, ?mdy|mdy|default", "ISO, MDY");
          case "default_transaction_isolation" ->
              only(key, value, "read (un)?committed", "read committed");
          case "bytea_output" -> only(key, value, "hex", "hex");
          case "intervalstyle" -> only(key, value, "postgres", "postgres");
          case "default_transaction_read_only", "transaction_read_only" ->
              bool(key, value) ? "on" : "off";
          case "timezone" -> zone(value);
          default -> value;
        };
    if (key.equals(TIMEOUT)) {
      spanMs(key, value);
    }
    return shown;
  }

  private static String only(String key, String value, String pattern, String shown) {
    if (!value.toLowerCase(Locale.ROOT).matches(pattern)) {
      throw invalid(key, value).hint("Only " + shown + " is supported.");
    }
    return shown;
  }

  static boolean bool(String key, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes", "1", "t", "y" -> true;
      case "off", "false", "no", "0", "f", "n" -> false;
      default ->
          throw PgError.of("22023", "parameter \"" + key + "\" requires a Boolean value");
    };
  }

  private static String zone(String value) {
    try {
      boolean server = value.equalsIgnoreCase("local") || value.equalsIgnoreCase("default");
      return server ? "UTC" : ZoneId.of(value, ZoneId.SHORT_IDS).getId();
    } catch (DateTimeException e) {
      throw invalid("TimeZone", value);
    }
  }

  private static long spanMs(String key, String value) {
    Matcher m = SPAN.matcher(value.trim().toLowerCase(Locale.ROOT));
    if (!m.matches() || m.group(2).equals("us")) {
      throw invalid(key, value);
    }
    return Long.parseLong(m.group(1)) * UNIT_MS.get(m.group(2));
  }

  private static PgError invalid(String key, String value) {
    return PgError.of("22023", "invalid value for parameter \"" + key + "\": \"" + value + "\"");
  }
}
