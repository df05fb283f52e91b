package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Hosts of a lab: those of the plan, the storage host that every lab with shared disks gets, and
 * the client's host where hosts are machines of their own.
 */
public final class Hosts {
  public static final String STORE = "store";
  public static final String CLIENT = "client";
  public static final Endpoint DISK_DAEMON = new Endpoint(STORE, "diskd");

  private Hosts() {}

  /** Names of all hosts, the vendor's first. */
  public static List<String> of(LabPlan plan) {
    List<String> all = new ArrayList<>();
    plan.hosts().forEach(host -> all.add(host.name()));
    if (hasStore(plan)) {
      all.add(STORE);
    }
    if (!plan.oneMachine()) {
      all.add(CLIENT);
    }
    return all;
  }

  /** Whether the lab shares disks, and so has a host with a disk daemon. */
  public static boolean hasStore(LabPlan plan) {
    return plan.disks().stream().anyMatch(disk -> disk.host() == null);
  }
}
