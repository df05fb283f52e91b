package halab.cli.sql;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.runtime.lab.LabHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where SQL clients find a lab, as a URL for PostgreSQL drivers. */
public final class LabUrl {
  /** Name of the database that every instance serves. */
  public static final String DATABASE = "halab";

  private LabUrl() {}

  /** All movable addresses of the lab, tried in this order. */
  public static String ofAddresses(LiveLab lab) {
    List<String> places =
        lab.addresses().stream().map(lab.backend()::vipPlace).filter(Objects::nonNull).toList();
    if (places.isEmpty()) {
      throw Failure.no(
          "lab " + lab.name() + " has no movable address for clients; name a host: halab sql HOST");
    }
    return url(String.join(",", places));
  }

  /**
   * All movable addresses, then the hosts themselves: whoever has the first of them that answers.
   * For clients that have to get in even where addresses cannot be set.
   */
  public static String ofAll(LiveLab lab) {
    List<String> places = new ArrayList<>();
    lab.addresses().forEach(address -> places.add(lab.backend().vipPlace(address)));
    for (String host : lab.hosts()) {
      int port = lab.backend().hostPort(host);
      places.add(port == 0 ? null : LabHost.LOOPBACK + ":" + port);
    }
    places.removeIf(Objects::isNull);
    if (places.isEmpty()) {
      throw Failure.no("lab " + lab.name() + " has no place where clients find SQL");
    }
    return url(String.join(",", places));
  }

  /** The instance of one host, whatever address moves where. */
  public static String ofHost(LiveLab lab, String host) {
    return url(lab.backend().sqlPlace(host));
  }

  private static String url(String places) {
    return "jdbc:postgresql://" + places + "/" + DATABASE;
  }
}
