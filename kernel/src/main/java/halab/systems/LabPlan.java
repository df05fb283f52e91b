package halab.systems;

import com.google.protobuf.Message;
import halab.kernel.Endpoint;
import halab.systems.dm.SvcPlace;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A lab before it exists: hosts with their files and start lists, disks with their first content.
 * {@code halab init} writes it down; the simulator runs it as it is.
 *
 * @param oneMachine all hosts share one machine and its ports; else each has ports of its own
 * @param dialects how its daemons speak
 * @param spare hosts that are made with all their files, but are no part of the cluster yet: they
 *     stay off until somebody powers them on
 */
public record LabPlan(
    String system,
    List<HostPlan> hosts,
    List<DiskPlan> disks,
    boolean oneMachine,
    Dialects dialects,
    List<String> spare) {
  /** A plan whose hosts share one machine. */
  public LabPlan(String system, List<HostPlan> hosts, List<DiskPlan> disks) {
    this(system, hosts, disks, true, Dialects.DEFAULT, List.of());
  }

  /**
   * @param startList roles started when the host comes up, in order
   * @param nics network cards the host has; an address on any other card cannot be configured
   * @param ports the port each role listens on, as the vendor files say
   * @param sqlPorts the port where a role that holds data answers SQL, as the vendor files say
   * @param files vendor configuration files by name
   * @param networks the networks that its daemons need
   * @param saved first content of its system folder by file name: what its database knows of itself
   */
  public record HostPlan(
      String name,
      List<String> startList,
      List<String> nics,
      Map<String, Integer> ports,
      Map<String, Integer> sqlPorts,
      Map<String, String> files,
      List<String> networks,
      Map<String, String> saved) {
    private static final List<String> ALL_NETWORKS = List.of("public", "private", "storage");

    /** A host on all networks, without data. */
    public HostPlan(
        String name,
        List<String> startList,
        List<String> nics,
        Map<String, Integer> ports,
        Map<String, String> files) {
      this(name, startList, nics, ports, Map.of(), files, ALL_NETWORKS, Map.of());
    }

    /** The same host with other cards. */
    public HostPlan withNics(List<String> other) {
      return new HostPlan(name, startList, other, ports, sqlPorts, files, networks, saved);
    }

    /** The same host with other content of its system folder. */
    public HostPlan withSaved(Map<String, String> other) {
      return new HostPlan(name, startList, nics, ports, sqlPorts, files, networks, other);
    }

    /** The same host with other ports. */
    public HostPlan withPorts(Map<String, Integer> other, Map<String, Integer> otherSql) {
      return new HostPlan(name, startList, nics, other, otherSql, files, networks, saved);
    }
  }

  /**
   * What {@code halab init} was asked for.
   *
   * @param hosts number of database hosts
   * @param fast shortest timeouts that the vendor allows
   * @param portBase first of a range of 100 free ports; every port of the plan lies in it
   * @param overrides vendor keys to set everywhere ("DCR_GRP_DSKCHK_CNT" to "30"), and the settings
   *     of {@link Dialects}
   * @param files files brought along by the user, which replace generated ones; key {@code
   *     HOST/NAME} or {@code NAME} for every host that has a file of that name
   * @param publicNet first three numbers of the public network ("10.56.1") of hosts that are
   *     machines of their own; null when all share one machine and its ports
   */
  public record Options(
      int hosts,
      boolean fast,
      int portBase,
      Map<String, String> overrides,
      Map<String, String> files,
      String publicNet) {
    /** Hosts that share one machine. */
    public Options(
        int hosts,
        boolean fast,
        int portBase,
        Map<String, String> overrides,
        Map<String, String> files) {
      this(hosts, fast, portBase, overrides, files, null);
    }

    public boolean oneMachine() {
      return publicNet == null;
    }
  }

  /** The same lab with other hosts. */
  public LabPlan withHosts(List<HostPlan> other) {
    return new LabPlan(system, List.copyOf(other), disks, oneMachine, dialects, spare);
  }

  /**
   * @param name what faults call it ("vote")
   * @param path what the vendor's files call it ("/dev/raw/vote"); disk effects carry this
   * @param kind "voting", "config", "data", or "dcrv" for one of several that hold voting and
   *     config together; fencing is only ever asked for on data. Of a host's own disks: {@link
   *     #ONLINE} or {@link #ARCHIVE}
   * @param host whose own disk it is: nobody else reaches it, no network lies between, and its path
   *     means another disk on another host. Null: shared, served by the disk daemon
   * @param rangeBytes bytes behind the blocks that are read and written by range; 0 for none
   * @param blocks first content by block number; all others are empty
   */
  public record DiskPlan(
      String name,
      String path,
      String kind,
      int blockCount,
      long rangeBytes,
      SortedMap<Integer, Message> blocks,
      String host) {
    /** The kind of disks that are read and written by majority. */
    public static final String DCRV = "dcrv";

    /** The kind of a host's disk for redo that is overwritten once it is released. */
    public static final String ONLINE = "online";

    /** The kind of a host's disk for redo that is kept as long as there is space. */
    public static final String ARCHIVE = "archive";

    /** A host's own disk for redo. */
    public static DiskPlan local(String name, String path, String kind, String host) {
      return new DiskPlan(name, path, kind, 0, 0, Collections.emptySortedMap(), host);
    }

    /** A shared disk. */
    public DiskPlan(
        String name,
        String path,
        String kind,
        int blockCount,
        long rangeBytes,
        SortedMap<Integer, Message> blocks) {
      this(name, path, kind, blockCount, rangeBytes, blocks, null);
    }

    /** A disk of blocks alone. */
    public DiskPlan(
        String name, String path, String kind, int blockCount, SortedMap<Integer, Message> blocks) {
      this(name, path, kind, blockCount, 0, blocks);
    }

    /** The same disk with other first content. */
    public DiskPlan withBlocks(SortedMap<Integer, Message> other) {
      return new DiskPlan(name, path, kind, blockCount, rangeBytes, other, host);
    }
  }

  /** All daemons of the start lists. */
  public List<Endpoint> daemons() {
    return hosts.stream()
        .flatMap(h -> h.startList().stream().map(role -> new Endpoint(h.name(), role)))
        .toList();
  }

  /** Where its instances answer SQL. */
  public List<SvcPlace> sqlPlaces() {
    return hosts.stream()
        .flatMap(h -> h.sqlPorts().values().stream().map(p -> new SvcPlace(h.name(), p)))
        .toList();
  }

  public HostPlan host(String name) {
    return hosts.stream().filter(h -> h.name().equals(name)).findFirst().orElseThrow();
  }
}
