package halab.cli.sql;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where SQL clients find a lab, as a URL for PostgreSQL drivers. */
public final class LabUrl {
  /** Name of the database that every instance serves. */
  public static final String DATABASE = "halab";

  /** Ends a URL of several places: only one that takes writes will do. */
  static final String WRITER = "?targetServerType=primary";

  private LabUrl() {}

  /**
   * All movable addresses of the lab, tried in this order. Where there are none: all hosts, and of
   * them the first that takes writes.
   */
  public static String ofAddresses(Standpoint from) {
    LiveLab lab = from.lab();
    if (lab.addresses().isEmpty()) {
      return ofAll(from) + WRITER;
    }
    List<String> places =
        lab.addresses().stream().map(from::address).filter(Objects::nonNull).toList();
    if (places.isEmpty()) {
      throw Failure.no(
          "lab " + lab.name() + " has no movable address for clients; name a host: halab sql HOST");
    }
    return url(places);
  }

  /** The same for programs that connect by libpq, as this user. */
  static String libpq(String url, String user) {
    return url.substring("jdbc:".length())
        .replace("//", "//" + user + "@")
        .replace(WRITER, "?target_session_attrs=read-write");
  }

  /**
   * All movable addresses, then the hosts themselves: whoever has the first of them that answers.
   * For clients that have to get in even where addresses cannot be set.
   */
  public static String ofAll(Standpoint from) {
    LiveLab lab = from.lab();
    List<String> places = new ArrayList<>();
    lab.addresses().forEach(address -> places.add(from.address(address)));
    lab.hosts().forEach(host -> places.add(from.host(host)));
    places.removeIf(Objects::isNull);
    if (places.isEmpty()) {
      throw Failure.no("lab " + lab.name() + " has no place where clients find SQL");
    }
    return url(places);
  }

  /** The instance of one host, whatever address moves where. */
  public static String ofHost(Standpoint from, String host) {
    return url(List.of(from.instance(host)));
  }

  /** One place, HOST:PORT. */
  static String of(String place) {
    return url(List.of(place));
  }

  private static String url(List<String> places) {
    return "jdbc:postgresql://" + String.join(",", places) + "/" + DATABASE;
  }
}
