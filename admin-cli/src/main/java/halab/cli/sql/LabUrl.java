package halab.cli.sql;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
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

  /** The instance of one host, whatever address moves where. */
  public static String ofHost(LiveLab lab, String host) {
    return url(lab.backend().sqlPlace(host));
  }

  private static String url(String places) {
    return "jdbc:postgresql://" + places + "/" + DATABASE;
  }
}
