package halab.systems.dsc;

import halab.systems.dm.SvcPlace;
import java.util.List;

/** The file dm_svc.conf of a new DSC lab (reference 2.5; form as the vendor's manual has it). */
final class DscClients {
  private DscClients() {}

  /** One service by the name of the system: all EPs, switching by itself. */
  static String text(List<SvcPlace> places) {
    return String.join(
        "\n",
        "# Services for clients: halab sql --service dsc, halab load --service dsc",
        "# A place is a host of the lab with PORT_NUM of its dm.ini, or any IP:PORT.",
        "dsc=(" + String.join(",", places.stream().map(SvcPlace::toString).toList()) + ")",
        "",
        "[dsc]",
        "CLUSTER=(DSC)",
        "SWITCH_TIMES=(60)",
        "SWITCH_INTERVAL=(1000)",
        "EP_SELECTOR=(0)",
        "AUTO_RECONNECT=(1)",
        "");
  }
}
