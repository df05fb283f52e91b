package halab.sim;

import com.google.protobuf.ByteString;
import halab.redo.proto.RlogPkg;
import halab.redo.proto.WriteKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was committed, seen from outside: one order of packages for all engines, no update lost, and
 * nothing acknowledged that a serving instance does not show.
 */
final class OneOrderLedger implements Ledger {
  private final World world;

  /** The package that follows each LSN, as the first engine that got there applied it. */
  private final Map<Long, RlogPkg> after = new TreeMap<>();

  private final Map<ByteString, Long> changed = new LinkedHashMap<>();
  private final Map<Long, RlogPkg> acknowledged = new TreeMap<>();

  /** LSN that a client knows of. */
  private long highest;

  OneOrderLedger(World world) {
    this.world = world;
  }

  @Override
  public void applied(SimProcess who, long before, RlogPkg pkg) {
    if (pkg.getLsn() <= before) {
      throw broken("a package is applied once, in order", who, pkg, "stands at " + before);
    }
    RlogPkg first = after.putIfAbsent(before, pkg);
    if (first == null) {
      newest(who, pkg);
    } else if (!first.equals(pkg)) {
      throw broken("all engines apply the same", who, pkg, "another one applied " + name(first));
    }
  }

  private void newest(SimProcess who, RlogPkg pkg) {
    for (WriteKey key : pkg.getKeyList()) {
      long last = changed.getOrDefault(key.getKey(), 0L);
      if (last > key.getBase()) {
        throw broken("no update is lost", who, pkg, "its key was changed by " + last);
      }
    }
    for (WriteKey key : pkg.getKeyList()) {
      if (!key.getShared()) {
        changed.put(key.getKey(), pkg.getLsn());
      }
    }
  }

  @Override
  public void committed(SimProcess who, long lsn, RlogPkg pkg) {
    highest = Math.max(highest, lsn);
    acknowledged.put(lsn, pkg);
    for (SimProcess other : world.processes()) {
      if (other.servesWrites() && other.engine().lsn() < lsn && !world.givenUp(other)) {
        throw broken(
            "what is acknowledged is shown by all that serve",
            who,
            pkg.toBuilder().setLsn(lsn).build(),
            other.endpoint() + " shows " + other.engine().lsn());
      }
    }
  }

  /** A statement begins: it has to see whatever was acknowledged before. */
  @Override
  public void reads(SimProcess who) {
    if (who.engine().lsn() < highest && !world.givenUp(who)) {
      throw new World.Violation(
          "a statement sees all that was acknowledged: "
              + who.endpoint()
              + " shows "
              + who.engine().lsn()
              + " after "
              + highest);
    }
  }

  @Override
  public List<String> differences(List<SimProcess> engines) {
    List<String> found = new ArrayList<>();
    SimEngine first = engines.get(0).engine();
    for (SimProcess process : engines) {
      SimEngine engine = process.engine();
      if (engine.size() != first.size() || engine.lsn() != first.lsn()) {
        found.add(
            "engines are the same: "
                + process.endpoint()
                + " holds "
                + engine.size()
                + " packages up to "
                + engine.lsn()
                + ", "
                + engines.get(0).endpoint()
                + " holds "
                + first.size()
                + " up to "
                + first.lsn());
      }
    }
    Map<Long, RlogPkg> there = new TreeMap<>();
    for (int i = 0; i < first.size(); i++) {
      there.put(first.at(i).getLsn(), first.at(i));
    }
    acknowledged.forEach(
        (lsn, pkg) -> {
          RlogPkg kept = there.get(lsn);
          if (kept == null || !kept.getPayload().equals(pkg.getPayload())) {
            found.add("nothing acknowledged is lost: LSN " + lsn + " is");
          }
        });
    return found;
  }

  private World.Violation broken(String promise, SimProcess who, RlogPkg pkg, String why) {
    return new World.Violation(
        promise + ": " + who.endpoint() + ", package " + name(pkg) + ": " + why);
  }

  private static String name(RlogPkg pkg) {
    return pkg.getLsn() + " of thread " + pkg.getThread() + ", tx " + pkg.getTx();
  }
}
