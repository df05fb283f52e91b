package halab.systems.dw;

import halab.redo.proto.RlogPkg;
import halab.sim.Ledger;
import halab.sim.SimEngine;
import halab.sim.SimProcess;
import halab.sim.World;
import halab.systems.dw.config.DwPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Data Watch promises about data (reference 3.3, 5.7): nothing acknowledged is lost by a
 * switchover or an automatic takeover, and a former primary acknowledges nothing any more. A
 * standby may show less than was acknowledged. A takeover by force promises nothing.
 */
final class DwLedger implements Ledger {
  private final World world;

  /** Acknowledged transactions by LSN. */
  private final Map<Long, RlogPkg> acknowledged = new TreeMap<>();

  /** The highest N_OPEN of a primary that acknowledged anything. */
  private int newest;

  /** A former primary has acknowledged something where that may happen: what follows is a split. */
  private boolean forked;

  DwLedger(World world) {
    this.world = world;
  }

  @Override
  public void applied(SimProcess who, long before, RlogPkg pkg) {
    if (pkg.getLsn() <= before) {
      throw new World.Violation(
          "redo is applied once, in order: "
              + who.endpoint()
              + " stands at "
              + before
              + ", applies "
              + pkg.getLsn());
    }
  }

  @Override
  public void committed(SimProcess who, long lsn, RlogPkg pkg) {
    InstState s = (InstState) who.state();
    boolean former = s.ctl.nOpen() < newest;
    if (former && !byForce() && auto() && !forgetful()) {
      throw new World.Violation(
          "a former primary acknowledges nothing: "
              + who.endpoint()
              + " of N_OPEN "
              + s.ctl.nOpen()
              + " answers LSN "
              + lsn
              + " after one of N_OPEN "
              + newest);
    }
    forked |= former;
    newest = Math.max(newest, s.ctl.nOpen());
    acknowledged.put(lsn, pkg);
  }

  /** A primary that was taken over and does not know it yet may be read. */
  @Override
  public void reads(SimProcess who) {}

  @Override
  public List<String> differences(List<SimProcess> engines) {
    List<String> found = new ArrayList<>();
    if (byForce() || forked) {
      return found;
    }
    SimEngine first = engines.get(0).engine();
    for (SimProcess process : engines) {
      SimEngine engine = process.engine();
      if (engine.lsn() != first.lsn()) {
        found.add(
            Texts.f(
                "all members hold the same: %s is at LSN %d, %s at %d",
                process.endpoint(), engine.lsn(), engines.get(0).endpoint(), first.lsn()));
      }
      lost(process, found);
    }
    return found;
  }

  private void lost(SimProcess process, List<String> found) {
    Map<Long, RlogPkg> there = new TreeMap<>();
    for (int i = 0; i < process.engine().size(); i++) {
      there.put(process.engine().at(i).getLsn(), process.engine().at(i));
    }
    acknowledged.forEach(
        (lsn, pkg) -> {
          RlogPkg kept = there.get(lsn);
          if (kept == null || !kept.getPayload().equals(pkg.getPayload())) {
            found.add("nothing acknowledged is lost: LSN " + lsn + " is, at " + process.endpoint());
          }
        });
  }

  /** Somebody has typed takeover force. */
  private boolean byForce() {
    return world.processes().stream()
        .filter(p -> p.endpoint().role().equals(DwPlan.MONITOR_ROLE))
        .flatMap(p -> p.log().stream())
        .anyMatch(line -> line.text().contains("akeover force"));
  }

  /**
   * A confirm monitor that was restarted knows nothing of a takeover that it does not see: it may
   * let a former primary go on. The vendor promises nothing then.
   */
  private boolean forgetful() {
    return world.processes().stream()
        .anyMatch(p -> p.endpoint().role().equals(DwPlan.MONITOR_ROLE) && p.incarnation() > 1);
  }

  private boolean auto() {
    return DwTerms.of(world.plan()).auto();
  }
}
