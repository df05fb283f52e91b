package halab.node.pg;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client says first of all.
 *
 * @param minor of the protocol's version 3
 * @param unknown protocol options that nobody here knows
 * @param settings parameters for the session, those in {@code options} included
 */
record Startup(
    int minor, String user, String database, List<String> unknown, Map<String, String> settings) {
  private static final int NAME_MOST = 63;

  static Startup read(int version, Frame frame) {
    if (version >>> 16 != 3) {
      String asked = (version >>> 16) + "." + (version & 0xffff);
      throw PgError.fatal(
          "0A000", "unsupported frontend protocol " + asked + ": server supports 3.0 to 3.0");
    }
    Map<String, String> all = new LinkedHashMap<>();
    for (String name = frame.text(); !name.isEmpty(); name = frame.text()) {
      all.put(name, frame.text());
    }
    frame.end();
    String user = all.remove("user");
    if (user == null || user.isEmpty()) {
      throw PgError.fatal("28000", "no PostgreSQL user name specified in startup packet");
    }
    if (user.length() > NAME_MOST) {
      throw PgError.fatal("28000", "the user name is longer than 63 characters");
    }
    String database = all.getOrDefault("database", user);
    all.remove("database");
    if (!List.of("", "false", "off", "no", "0").contains(all.getOrDefault("replication", ""))) {
      throw PgError.fatal("0A000", "replication connections are not supported");
    }
    all.remove("replication");
    List<String> unknown = new ArrayList<>();
    all.keySet().stream().filter(n -> n.startsWith("_pq_.")).forEach(unknown::add);
    unknown.forEach(all::remove);
    String options = all.remove("options");
    if (options != null) {
      options(options, all);
    }
    return new Startup(version & 0xffff, user, database, unknown, all);
  }

  /** Command-line style: {@code -c name=value} and {@code --name=value}; a backslash escapes. */
  private static void options(String text, Map<String, String> into) {
    String[] words = text.trim().split("(?<!\\\\)\\s+");
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (word.equals("-c") && i + 1 < words.length) {
        word = words[++i];
      } else if (word.startsWith("-c") || word.startsWith("--")) {
        word = word.substring(2);
      } else if (!word.isEmpty()) {
        throw PgError.fatal("42601", "invalid command-line argument for server process: " + word);
      }
      int equals = word.indexOf('=');
      if (equals > 0) {
        String name = word.substring(0, equals).replace('-', '_');
        into.put(name, word.substring(equals + 1).replaceAll("\\\\(.)", "$1"));
      }
    }
  }
}
