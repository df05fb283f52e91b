package halab.systems;

import com.google.protobuf.Message;
import halab.kernel.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A lab before it exists: hosts with their files and start lists, disks with their first content.
 * {@code halab init} writes it down; the simulator runs it as it is.
 */
public record LabPlan(String system, List<HostPlan> hosts, List<DiskPlan> disks) {
  /**
   * @param startList roles started when the host comes up, in order
   * @param nics network cards the host has; an address on any other card cannot be configured
   * @param ports the port each role listens on, as the vendor files say
   * @param files vendor configuration files by name
   */
  public record HostPlan(
      String name,
      List<String> startList,
      List<String> nics,
      Map<String, Integer> ports,
      Map<String, String> files) {}

  /**
   * What {@code halab init} was asked for.
   *
   * @param hosts number of database hosts
   * @param fast shortest timeouts that the vendor allows
   * @param portBase first of a range of 100 free ports; every port of the plan lies in it
   * @param overrides vendor keys to set everywhere ("DCR_GRP_DSKCHK_CNT" to "30")
   * @param files files brought along by the user, which replace generated ones; key {@code
   *     HOST/NAME} or {@code NAME} for every host that has a file of that name
   */
  public record Options(
      int hosts,
      boolean fast,
      int portBase,
      Map<String, String> overrides,
      Map<String, String> files) {}

  /**
   * @param name what faults call it ("vote")
   * @param path what the vendor's files call it ("/dev/raw/vote"); disk effects carry this
   * @param kind "voting", "config" or "data"; fencing is only ever asked for on data
   * @param blocks first content by block number; all others are empty
   */
  public record DiskPlan(
      String name, String path, String kind, int blockCount, SortedMap<Integer, Message> blocks) {}

  /** All daemons of the start lists. */
  public List<Endpoint> daemons() {
    return hosts.stream()
        .flatMap(h -> h.startList().stream().map(role -> new Endpoint(h.name(), role)))
        .toList();
  }

  public HostPlan host(String name) {
    return hosts.stream().filter(h -> h.name().equals(name)).findFirst().orElseThrow();
  }
}
