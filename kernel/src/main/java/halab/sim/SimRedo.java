package halab.sim;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** The redo threads of one disk. */
final class SimRedo {
  private final Map<Integer, NavigableMap<Long, RlogPkg>> threads = new TreeMap<>();
  private final Map<Integer, Long> released = new TreeMap<>();

  /**
   * Appends a package. The request that brings it may have been made before: what is there stays,
   * and what was released meanwhile is left out.
   *
   * @return whether it stands there now
   */
  boolean append(int number, RlogPkg pkg) {
    if (pkg.getLsn() <= released.getOrDefault(number, 0L)) {
      return false;
    }
    NavigableMap<Long, RlogPkg> thread = thread(number);
    RlogPkg there = thread.get(pkg.getLsn());
    boolean rises = thread.isEmpty() || thread.lastKey() < pkg.getLsn();
    if (there != null ? !there.equals(pkg) : !rises) {
      throw new World.Violation(
          "LSNs of a redo thread rise: thread " + number + ", LSN " + pkg.getLsn());
    }
    thread.put(pkg.getLsn(), pkg);
    return true;
  }

  Event.RedoRead read(Effect.ReadRedo wanted) {
    NavigableMap<Long, RlogPkg> thread = thread(wanted.thread());
    List<RlogPkg> pkgs =
        thread.tailMap(wanted.fromLsn()).values().stream().limit(wanted.most()).toList();
    long oldest = released.getOrDefault(wanted.thread(), 0L) + 1;
    long last = thread.isEmpty() ? oldest - 1 : thread.lastKey();
    return new Event.RedoRead(wanted.request(), wanted.disk(), wanted.thread(), pkgs, oldest, last);
  }

  void release(Effect.ReleaseRedo wanted) {
    released.merge(wanted.thread(), wanted.lsn(), Math::max);
    thread(wanted.thread()).headMap(wanted.lsn(), true).clear();
  }

  /** What stands in a thread, by LSN. */
  SortedMap<Long, RlogPkg> standing(int number) {
    return Collections.unmodifiableSortedMap(thread(number));
  }

  private NavigableMap<Long, RlogPkg> thread(int number) {
    return threads.computeIfAbsent(number, n -> new TreeMap<>());
  }
}
