package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.List;

/** Hosts of a lab: those of the plan and the storage host that every lab with disks gets. */
public final class Hosts {
  public static final String STORE = "store";
  public static final Endpoint DISK_DAEMON = new Endpoint(STORE, "diskd");

  private Hosts() {}

  /** Names of all hosts, the storage host last. */
  public static List<String> of(LabPlan plan) {
    List<String> all = new ArrayList<>();
    plan.hosts().forEach(host -> all.add(host.name()));
    if (!plan.disks().isEmpty()) {
      all.add(STORE);
    }
    return all;
  }
}
