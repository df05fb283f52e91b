package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.View;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nothing is wanted of the daemons of {@link Errand}.
 *
 * @param diskWeight how often seeds harm disks
 * @param promised what users are promised
 */
record ErrandChecks(int diskWeight, Ledger promised) implements SystemChecks {
  ErrandChecks(int diskWeight) {
    this(diskWeight, null);
  }

  @Override
  public Ledger ledger(World world) {
    return promised == null ? new OneOrderLedger(world) : promised;
  }

  @Override
  public List<String> groups() {
    return List.of();
  }

  @Override
  public SortedMap<String, Boolean> selectors() {
    return new TreeMap<>();
  }

  @Override
  public List<Endpoint> select(String selector, String group, Map<Endpoint, View> views) {
    return List.of();
  }

  @Override
  public Endpoint monitor(LabPlan plan) {
    return Errand.RIGHT;
  }

  @Override
  public String unhealthy(LabPlan plan, Map<Endpoint, View> views) {
    return null;
  }

  @Override
  public String unsafe(Map<Endpoint, View> views) {
    return null;
  }

  @Override
  public int weight(Chaos.Kind kind) {
    return kind.name().startsWith("DISK_") ? diskWeight : 10;
  }
}
