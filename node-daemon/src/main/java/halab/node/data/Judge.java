package halab.node.data;

import halab.node.sql.Claim;
import halab.node.sql.WriteKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges what the locks of one engine do not: whoever uses something shared (a parent row, a
 * table's definition) against whoever changed it since. Two changes of one row are no case for it:
 * the engine made one wait for the other. Remembers the youngest claims and refuses who began
 * before those. One thread at a time.
 */
final class Judge {
  /** Some 50 MB, and at 5,000 small transactions a second some 40 seconds. */
  private static final int CLAIMS_MOST = 200_000;

  private record Noted(long lsn, List<Claim> claims) {}

  private final Map<WriteKey, Long> alone = new HashMap<>();
  private final Map<WriteKey, Long> together = new HashMap<>();
  private final Deque<Noted> order = new ArrayDeque<>();
  private int count;
  private long floor;

  /** Knows nothing up to this LSN; nobody may have begun before it. */
  Judge(long floor) {
    this.floor = floor;
  }

  /** Whether a transaction with these claims has to be tried again. */
  boolean conflicts(List<Claim> claims) {
    for (Claim claim : claims) {
      Map<WriteKey, Long> others = claim.shared() ? alone : together;
      if (claim.base() < floor || others.getOrDefault(claim.key(), 0L) > claim.base()) {
        return true;
      }
    }
    return false;
  }

  /** The transaction with these claims commits at this LSN. */
  void note(long lsn, List<Claim> claims) {
    for (Claim claim : claims) {
      (claim.shared() ? together : alone).put(claim.key(), lsn);
    }
    order.add(new Noted(lsn, claims));
    count += claims.size();
    while (count > CLAIMS_MOST && order.size() > 1) {
      forget(order.remove());
    }
  }

  private void forget(Noted old) {
    for (Claim claim : old.claims()) {
      (claim.shared() ? together : alone).remove(claim.key(), old.lsn());
    }
    count -= old.claims().size();
    floor = old.lsn();
  }
}
