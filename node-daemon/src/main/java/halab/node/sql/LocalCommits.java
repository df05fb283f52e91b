package halab.node.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which keys local transactions have committed at LSNs that the committer's position has not
 * reached yet. Whoever locks such a row next has seen that commit, whatever the position says:
 * without this, sessions that take turns on one hot row would conflict with each other.
 */
final class LocalCommits {
  private record Entry(long lsn, List<Claim> claims) {}

  private final Committer committer;
  private final Map<WriteKey, Long> lsns = new ConcurrentHashMap<>();
  private final Deque<Entry> entries = new ArrayDeque<>();

  LocalCommits(Committer committer) {
    this.committer = committer;
  }

  /** Before the commit at this LSN frees its locks. */
  void register(long lsn, List<Claim> claims) {
    for (Claim claim : claims) {
      if (!claim.shared()) {
        lsns.merge(claim.key(), lsn, Math::max);
      }
    }
    synchronized (entries) {
      entries.add(new Entry(lsn, claims));
      long position = committer.position();
      while (!entries.isEmpty() && entries.peek().lsn() <= position) {
        Entry old = entries.remove();
        old.claims().forEach(c -> lsns.remove(c.key(), old.lsn()));
      }
    }
  }

  /** The commit at this LSN did not come to be after all; before its locks are freed. */
  void withdraw(long lsn, List<Claim> claims) {
    claims.forEach(claim -> lsns.remove(claim.key(), lsn));
  }

  /** The base of a claim on a key whose lock is held since before this call. */
  long base(WriteKey key) {
    long position = committer.position();
    Long local = lsns.get(key);
    return local == null ? position : Math.max(position, local);
  }
}
