package halab.sim;

import halab.bricks.Rng;
import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.View;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What scenarios and the simulator need to know of one system: who {@code @control DB} is, when the
 * whole is healthy, and which promises must never be broken. Everything here judges by what daemons
 * show of themselves, so that it serves live labs as well.
 */
public interface SystemChecks {
  /** Groups that a selector can name ("CSS", "ASM", "DB"); empty if the system has none. */
  List<String> groups();

  /** Names of selectors without the {@code @}, and whether a group has to follow. */
  SortedMap<String, Boolean> selectors();

  /** The selector that names who leads, of each group where groups have names. */
  default String leads() {
    return "control";
  }

  /**
   * The daemons that a selector means at this moment.
   *
   * @param group null for a selector without one
   * @return empty when there is none or the observers disagree
   */
  List<Endpoint> select(String selector, String group, Map<Endpoint, View> views);

  /** The console daemon that {@code monitor ...} talks to. */
  Endpoint monitor(LabPlan plan);

  /** What is missing until the vendor would call the lab healthy; null when nothing is. */
  String unhealthy(LabPlan plan, Map<Endpoint, View> views);

  /** A promise of the vendor that the observers show broken; null when none is. */
  String unsafe(Map<Endpoint, View> views);

  /**
   * How often faults of this kind are drawn, in proportion to the others; 0 for never, when the
   * vendor promises nothing about it.
   */
  default int weight(Chaos.Kind kind) {
    return 10;
  }

  /**
   * What one operator types amid the faults of a seeded run, line after line.
   *
   * @return empty when operators do nothing there
   */
  default List<Fault.Type> operator(Rng rng, LabPlan plan) {
    return List.of();
  }

  /** What has to be typed at the monitor to take back what operators have switched off. */
  default List<List<String>> repairWords(Map<Endpoint, View> views) {
    return List.of();
  }

  /** Whether what is written to this disk may be damaged (torn, flipped) in seeded runs. */
  default boolean damageable(LabPlan.DiskPlan disk) {
    return true;
  }

  /** Vendor keys for one seeded run, few enough combinations that plans can be kept. */
  default SortedMap<String, String> drawSets(Rng rng) {
    return new TreeMap<>();
  }

  /** Promises that the simulator checks after every step; fresh ones for every run. */
  default List<Invariant> invariants() {
    return List.of();
  }

  /**
   * What users are promised about their data, a fresh one for every run: one order of commits for
   * all instances, and all that serve show whatever is acknowledged.
   */
  default Ledger ledger(World world) {
    return new OneOrderLedger(world);
  }

  /** Checks that the simulator makes at the end of every seeded run. */
  default List<Validation> validations() {
    return List.of();
  }
}
