package halab.bricks;

import com.google.protobuf.ByteString;
import halab.redo.proto.WriteKey;
import java.util.List;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * Judges what the row locks of one engine do not: whoever uses something shared (a parent row, a
 * table's definition) against whoever changed it since. Two changes of one row are no case for it,
 * unlike for the {@link Certifier} of several engines: here one waited for the other. Frozen once
 * made, bounded: it forgets the oldest packages and refuses whoever began before those.
 */
public final class OneEngineCertifier {
  /** Keys remembered unless told otherwise: some 40 s of 5,000 small transactions a second. */
  public static final int WINDOW_KEYS = 200_000;

  private final int windowKeys;
  private final long floor;
  private final int count;
  private final HashPMap<ByteString, Long> changed;
  private final HashPMap<ByteString, Long> shared;
  private final TreePMap<Long, List<WriteKey>> packages;

  private OneEngineCertifier(
      int windowKeys,
      long floor,
      int count,
      HashPMap<ByteString, Long> changed,
      HashPMap<ByteString, Long> shared,
      TreePMap<Long, List<WriteKey>> packages) {
    this.windowKeys = windowKeys;
    this.floor = floor;
    this.count = count;
    this.changed = changed;
    this.shared = shared;
    this.packages = packages;
  }

  /**
   * One that knows nothing up to and including {@code floor}.
   *
   * @param windowKeys keys to remember; the youngest package is remembered whatever it has
   */
  public static OneEngineCertifier from(long floor, int windowKeys) {
    return new OneEngineCertifier(
        windowKeys, floor, 0, HashTreePMap.empty(), HashTreePMap.empty(), TreePMap.empty());
  }

  /** Whoever saw less than this position is refused. */
  public long floor() {
    return floor;
  }

  /** Whether a transaction with these keys has to be tried again. */
  public boolean conflicts(List<WriteKey> keys) {
    for (WriteKey key : keys) {
      long other = (key.getShared() ? changed : shared).getOrDefault(key.getKey(), 0L);
      if (key.getBase() < floor || other > key.getBase()) {
        return true;
      }
    }
    return false;
  }

  /** With the package that commits at this LSN, above all before. */
  public OneEngineCertifier note(long lsn, List<WriteKey> keys) {
    HashPMap<ByteString, Long> nextChanged = changed;
    HashPMap<ByteString, Long> nextShared = shared;
    for (WriteKey key : keys) {
      if (key.getShared()) {
        nextShared = nextShared.plus(key.getKey(), lsn);
      } else {
        nextChanged = nextChanged.plus(key.getKey(), lsn);
      }
    }
    OneEngineCertifier next =
        new OneEngineCertifier(
            windowKeys,
            floor,
            count + keys.size(),
            nextChanged,
            nextShared,
            packages.plus(lsn, keys));
    while (next.count > windowKeys && next.packages.size() > 1) {
      next = next.withoutOldest();
    }
    return next;
  }

  private OneEngineCertifier withoutOldest() {
    long oldest = packages.firstKey();
    List<WriteKey> keys = packages.get(oldest);
    HashPMap<ByteString, Long> nextChanged = changed;
    HashPMap<ByteString, Long> nextShared = shared;
    for (WriteKey key : keys) {
      if (key.getShared()) {
        nextShared = without(nextShared, key.getKey(), oldest);
      } else {
        nextChanged = without(nextChanged, key.getKey(), oldest);
      }
    }
    return new OneEngineCertifier(
        windowKeys, oldest, count - keys.size(), nextChanged, nextShared, packages.minus(oldest));
  }

  private static HashPMap<ByteString, Long> without(
      HashPMap<ByteString, Long> uses, ByteString key, long lsn) {
    Long last = uses.get(key);
    return last != null && last == lsn ? uses.minus(key) : uses;
  }
}
