package halab.runtime.lab;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One emulated machine of a lab.
 *
 * @param addresses its address by network ("public", "private", "storage"); a network that is not
 *     listed does not reach this host
 * @param startList roles that are started when the host comes up, in order
 * @param nics cards of the public network; addresses can be configured on these only
 * @param ports port by role, "hostd" included
 * @param sqlPorts port where a role answers SQL clients, by role
 */
public record LabHost(
    String name,
    SortedMap<String, String> addresses,
    List<String> startList,
    List<String> nics,
    SortedMap<String, Integer> ports,
    SortedMap<String, Integer> sqlPorts) {
  /** Role name of the host's own agent. */
  public static final String HOSTD = "hostd";

  /** Role name of the daemon that serves the shared disks. */
  public static final String DISKD = "diskd";

  /** Networks of every lab. */
  public static final List<String> NETWORKS = List.of("public", "private", "storage");

  /** What stays within a host, and all hosts of a lab on one machine. */
  public static final String LOOPBACK = "127.0.0.1";

  public LabHost {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
    startList = List.copyOf(startList);
    nics = List.copyOf(nics);
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    sqlPorts = Collections.unmodifiableSortedMap(new TreeMap<>(sqlPorts));
  }

  /** A host that holds no data. */
  public LabHost(
      String name,
      SortedMap<String, String> addresses,
      List<String> startList,
      List<String> nics,
      SortedMap<String, Integer> ports) {
    this(name, addresses, startList, nics, ports, new TreeMap<>());
  }

  /** Addresses of a host on this very machine: its networks are all the loopback. */
  public static SortedMap<String, String> loopback(List<String> networks) {
    SortedMap<String, String> addresses = new TreeMap<>();
    networks.forEach(network -> addresses.put(network, LOOPBACK));
    return addresses;
  }

  /**
   * Where this host is reached on a network ("local": from itself), or an {@link
   * IllegalArgumentException} that lists the networks it is on.
   */
  public String address(String network) {
    String address = network.equals("local") ? LOOPBACK : addresses.get(network);
    if (address == null) {
      throw new IllegalArgumentException(
          "host " + name + " is not on the " + network + " network; it is on " + addresses);
    }
    return address;
  }

  /** Where its processes listen. */
  public String listenAddress() {
    boolean loopback = addresses.values().stream().allMatch(LOOPBACK::equals);
    return loopback ? LOOPBACK : "0.0.0.0";
  }

  /**
   * The port where this host answers SQL, or an {@link IllegalArgumentException} when none of its
   * roles does.
   */
  public int sqlPort() {
    return sqlPorts.values().stream()
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("host " + name + " answers no SQL"));
  }

  /** Ports where a role listens as well: those named {@code ROLE.SOMETHING}. */
  public List<Integer> furtherPorts(String role) {
    return List.copyOf(ports.subMap(role + ".", role + "/").values());
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
