package halab.bricks;

import com.google.protobuf.ByteString;
import halab.redo.proto.WriteKey;
import java.util.List;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * First committer wins: which transaction used a key last, over the youngest packages of a total
 * order. Fed with every package in its place, it says whether a transaction that saw the order up
 * to some position may still commit. Frozen once made, bounded: it forgets the oldest packages and
 * refuses whoever began before those.
 *
 * <p>A transaction is known by the member that runs it and its number there; what it was granted
 * itself is no conflict. Numbers that a later life of the member uses again do no harm: that life
 * has seen everything of the earlier one.
 */
public final class Certifier {
  /** Packages remembered unless told otherwise. */
  public static final int WINDOW = 10_000;

  private record Use(long changed, int changer, long changerTx, long shared, int sharer, long tx) {
    static final Use NONE = new Use(0, -1, 0, 0, -1, 0);

    long last() {
      return Math.max(changed, shared);
    }

    Use by(long lsn, int member, long number, boolean share) {
      return share
          ? new Use(changed, changer, changerTx, lsn, member, number)
          : new Use(lsn, member, number, shared, sharer, tx);
    }
  }

  private final int window;
  private final long floor;
  private final HashPMap<ByteString, Use> uses;
  private final TreePMap<Long, List<WriteKey>> packages;

  private Certifier(
      int window,
      long floor,
      HashPMap<ByteString, Use> uses,
      TreePMap<Long, List<WriteKey>> packages) {
    this.window = window;
    this.floor = floor;
    this.uses = uses;
    this.packages = packages;
  }

  /**
   * One that knows nothing up to and including {@code floor}.
   *
   * @param window packages to remember
   */
  public static Certifier from(long floor, int window) {
    return new Certifier(window, floor, HashTreePMap.empty(), TreePMap.empty());
  }

  /** Whoever saw less than this position is refused. */
  public long floor() {
    return floor;
  }

  /** Null when the transaction may commit, else which rule it breaks, for whoever asked. */
  public String conflict(int member, long tx, List<WriteKey> keys) {
    for (WriteKey key : keys) {
      if (key.getBase() < floor) {
        return "could not serialize access: the transaction began before what is remembered";
      }
      Use use = uses.get(key.getKey());
      if (use == null) {
        continue;
      }
      boolean own = use.changer() == member && use.changerTx() == tx;
      if (use.changed() > key.getBase() && !own) {
        return "could not serialize access due to concurrent update";
      }
      boolean shares = use.sharer() == member && use.tx() == tx;
      if (!key.getShared() && use.shared() > key.getBase() && !shares) {
        return "could not serialize access due to concurrent use";
      }
    }
    return null;
  }

  /** With the package at this place of the order; noted twice is noted once. */
  public Certifier note(long lsn, int member, long tx, List<WriteKey> keys) {
    if (lsn <= floor || packages.containsKey(lsn)) {
      return this;
    }
    HashPMap<ByteString, Use> next = uses;
    for (WriteKey key : keys) {
      Use use = next.get(key.getKey());
      Use before = use == null ? Use.NONE : use;
      if (lsn > (key.getShared() ? before.shared() : before.changed())) {
        next = next.plus(key.getKey(), before.by(lsn, member, tx, key.getShared()));
      }
    }
    return new Certifier(window, floor, next, packages.plus(lsn, keys)).trimmed();
  }

  private Certifier trimmed() {
    if (packages.size() <= window) {
      return this;
    }
    long oldest = packages.firstKey();
    HashPMap<ByteString, Use> next = uses;
    for (WriteKey key : packages.get(oldest)) {
      Use use = next.get(key.getKey());
      if (use != null && use.last() <= oldest) {
        next = next.minus(key.getKey());
      }
    }
    return new Certifier(window, oldest, next, packages.minus(oldest));
  }
}
