package halab.systems.dw;

import halab.systems.Flow;
import halab.systems.LabPlan;
import halab.systems.Term;
import java.util.ArrayList;
import java.util.List;

/** How long each flow takes, as a chain of {@link DwTerms}. */
public final class DwBounds {
  private DwBounds() {}

  /**
   * The bound of this name for a plan whose files are right.
   *
   * @throws IllegalArgumentException for an unknown name, listing the known ones
   */
  public static long boundMs(String what, LabPlan plan) {
    List<Flow> flows = flows(plan);
    return flows.stream()
        .filter(f -> f.name().equals(what))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no bound '"
                        + what
                        + "'; known: "
                        + String.join(", ", flows.stream().map(Flow::name).sorted().toList())))
        .boundMs();
  }

  /** Every flow with its terms for a plan whose files are right. */
  public static List<Flow> flows(LabPlan plan) {
    DwTerms t = DwTerms.of(plan);
    List<Term> boot = List.of(t.boot("dmserver"));
    List<Term> gone = List.of(t.instanceGone());
    String alone = t.auto() ? "" : "DW_MODE = MANUAL: nobody takes over by himself";
    return List.of(
        new Flow(
            "start",
            "all daemons are launched: until all are OPEN and all archives VALID",
            chain(boot, boot, t.opening(), t.recovery())),
        new Flow(
            "takeover",
            "the primary's host is gone: until a standby is the primary and OPEN",
            chain(List.of(t.watcherSilent()), t.takeover()),
            alone),
        new Flow(
            "takeover-kill",
            "the primary's dmserver dies: until a standby is the primary and OPEN",
            chain(gone, t.takeover()),
            alone),
        new Flow(
            "takeover-hang",
            "the primary's dmserver hangs: until a standby is the primary and OPEN",
            chain(List.of(t.instanceSilent(), t.malSilent()), t.takeover()),
            alone),
        new Flow(
            "suspend",
            "a standby is out of reach and a commit comes: until the primary is SUSPEND",
            chain(List.of(t.malSilent()))),
        new Flow(
            "standby-fault",
            "a standby's dmserver dies and a commit comes: until the primary is OPEN without it",
            chain(gone, t.failover())),
        new Flow(
            "standby-lost",
            "a standby's host is gone and a commit comes: until the primary is OPEN without it",
            chain(List.of(t.malSilent(), t.watcherSilent()), t.failover())),
        new Flow(
            "recovery", "a standby is OPEN again: until its archive is VALID", chain(t.recovery())),
        new Flow(
            "rejoin",
            "a former primary is launched: until it is an OPEN standby with a VALID archive",
            chain(boot, boot, t.opening(), t.recovery())),
        new Flow(
            "switchover",
            "switchover is typed: until roles have changed and the archives are VALID",
            chain(List.of(t.steps("SWITCHOVER", 20, "its steps")), t.recovery())),
        new Flow(
            "order",
            "something is typed at the monitor: until its answer",
            chain(List.of(t.steps("command", 20, "its steps")), boot)),
        new Flow(
            "heal",
            "all faults are over, everything is on: until all are OPEN and VALID",
            chain(
                List.of(t.watcherSilent(), t.malSilent(), t.instanceSilent()),
                boot,
                boot,
                t.opening(),
                t.takeover(),
                t.failover(),
                t.recovery(),
                t.recovery())));
  }

  @SafeVarargs
  private static List<Term> chain(List<Term>... parts) {
    List<Term> all = new ArrayList<>();
    for (List<Term> part : parts) {
      all.addAll(part);
    }
    return all;
  }
}
