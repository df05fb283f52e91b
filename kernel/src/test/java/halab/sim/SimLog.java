package halab.sim;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.RowKind;
import halab.kernel.Step;
import halab.systems.EmulatedSystem;
import halab.systems.Happened;
import halab.systems.LabPlan;
import halab.systems.Waterfall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A simulated lab whose daemons write down what real ones write into events.jsonl. */
public final class SimLog implements Invariant {
  private final EmulatedSystem system;
  private final World world;
  private final LabPlan plan;
  private final List<Happened> log = new ArrayList<>();

  /** A lab of this system with shortest timeouts, powered on. */
  public SimLog(EmulatedSystem system, int hosts, long seed, Map<String, String> sets) {
    this.system = system;
    plan = system.plan(new LabPlan.Options(hosts, true, 20000, sets, Map.of()));
    world = new World(system, plan, Rates.CALM, List.of(this), seed);
    world.up(List.of());
  }

  public SimLog runs(long ms) {
    world.runUntilMs(world.nowMs() + ms);
    return this;
  }

  public SimLog does(Fault fault) {
    log.add(Happened.fault(SimHost.EPOCH_MS + world.nowMs(), fault.text()));
    fault.applyTo(world.faults());
    return this;
  }

  public LabPlan plan() {
    return plan;
  }

  /** What is written down is explained. */
  public List<Waterfall> explained() {
    return system.explain(plan, log);
  }

  @Override
  public String name() {
    return "everything is written down";
  }

  @Override
  public String broken(World w, SimProcess who, Event event, Step<?> step) {
    if (event instanceof Event.Launched launched) {
      TreeMap<String, String> detail = new TreeMap<>(Map.of("role", launched.role()));
      detail.put("failure", launched.failure() == null ? "" : launched.failure());
      add(who, "launched", detail);
    }
    for (Effect effect : step.effects()) {
      TreeMap<String, String> detail = new TreeMap<>();
      if (effect instanceof Effect.Say say) {
        detail.put("text", say.text());
        add(who, "say", detail);
      } else if (effect instanceof Effect.Note note) {
        detail.putAll(note.detail());
        add(who, note.kind(), detail);
      } else if (effect instanceof Effect.Fired fired && fired.kind() == RowKind.MOVE) {
        detail.put("table", fired.table());
        detail.put("from", fired.from());
        detail.put("to", fired.to());
        add(who, "moved", detail);
      }
    }
    return null;
  }

  private void add(SimProcess who, String kind, TreeMap<String, String> detail) {
    log.add(new Happened(SimHost.EPOCH_MS + world.nowMs(), who.endpoint(), kind, detail));
  }
}
