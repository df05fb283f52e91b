package halab.systems.dw.monitor;

import halab.dw.proto.DwState;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the monitor remembers of a group beyond the last message of each watcher.
 *
 * @param primary last message about a primary that served (OPEN or SUSPEND); null: never seen
 * @param lives life of every instance when that message came: one that was restarted since then has
 *     lost what it had not made certain
 * @param givenUp standbys that the primary was allowed to go on without, by the change of its
 *     watcher that asked: they may lack what was committed since
 * @param retryAtMs no automatic takeover before it, since one has failed
 * @param taken instance that the last automatic takeover of this monitor's life made the primary;
 *     empty: none
 */
record Memory(
    DwState primary,
    SortedMap<String, String> lives,
    SortedMap<String, Long> givenUp,
    long retryAtMs,
    String taken) {
  static final Memory NONE = new Memory(null, new TreeMap<>(), new TreeMap<>(), 0, "");

  Memory {
    lives = Collections.unmodifiableSortedMap(lives);
    givenUp = Collections.unmodifiableSortedMap(givenUp);
  }

  /** The primary serves, and these are the lives of all. */
  Memory seen(DwState state, SortedMap<String, String> now, SortedMap<String, Long> lost) {
    return new Memory(state, now, lost, retryAtMs, taken);
  }

  /** The primary may go on without these. */
  Memory withoutThese(Iterable<String> standbys, long change) {
    SortedMap<String, Long> more = new TreeMap<>(givenUp);
    standbys.forEach(name -> more.put(name, change));
    return new Memory(primary, lives, more, retryAtMs, taken);
  }

  Memory failedUntil(long atMs) {
    return new Memory(primary, lives, givenUp, atMs, taken);
  }

  Memory takenBy(String instance) {
    return new Memory(primary, lives, givenUp, retryAtMs, instance);
  }
}
