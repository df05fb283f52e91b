package halab.node.data;

import halab.node.sql.Replay;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Packages that the engine has, or will have in a moment, and the last checkpoint has not. */
final class Backlog {
  private final TreeMap<Long, RlogPkg> packages = new TreeMap<>();

  synchronized void add(long lsn, RlogPkg pkg) {
    if (!pkg.getPayload().isEmpty()) {
      packages.put(lsn, pkg);
    }
  }

  /** Takes out what is up to this LSN, in order. */
  synchronized List<Replay> take(long lsn) {
    List<Replay> taken = new ArrayList<>();
    packages.headMap(lsn, true).forEach((at, pkg) -> taken.add(replay(at, pkg)));
    packages.headMap(lsn, true).clear();
    return taken;
  }

  synchronized void clear() {
    packages.clear();
  }

  /** An {@link IllegalStateException} names a package that holds no changes. */
  static Replay replay(long lsn, RlogPkg pkg) {
    try {
      return new Replay(Payload.read(pkg.getPayload()), pkg.getSlot(), lsn);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "the package with LSN " + lsn + " of redo thread " + pkg.getThread() + " is " + e, e);
    }
  }
}
