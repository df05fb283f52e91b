package halab.runtime.lab;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One emulated machine of a lab.
 *
 * @param address where its daemons listen; 127.0.0.1 in process mode
 * @param startList roles that are started when the host comes up, in order
 * @param nics network cards; addresses can be configured on these only
 * @param ports loopback port by role, "hostd" included
 */
public record LabHost(
    String name,
    String address,
    List<String> startList,
    List<String> nics,
    SortedMap<String, Integer> ports) {
  /** Role name of the host's own agent. */
  public static final String HOSTD = "hostd";

  /** Role name of the daemon that serves the shared disks. */
  public static final String DISKD = "diskd";

  public LabHost {
    startList = List.copyOf(startList);
    nics = List.copyOf(nics);
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
  }

  /** The port of a role, or an {@link IllegalArgumentException} that lists the known roles. */
  public int port(String role) {
    Integer port = ports.get(role);
    if (port == null) {
      throw new IllegalArgumentException(
          "host " + name + " has no " + role + "; known: " + String.join(", ", ports.keySet()));
    }
    return port;
  }
}
