package halab.systems.dsc;

import halab.systems.dm.config.MalIni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.pcollections.TreePMap;

/**
 * Which MAL links give an answer (reference 2.3, 4.4 item 1). A link is asked every
 * MAL_CHECK_INTERVAL, and every beat while a request runs over it or an answer is missing; one that
 * has not answered for MAL_CONN_FAIL_INTERVAL is down. Time is counted in own beats of a second, so
 * that a process that was paused itself accuses nobody. Immutable.
 *
 * @param intervalBeats MAL_CHECK_INTERVAL; 0: only links with a running request are asked
 * @param failBeats MAL_CONN_FAIL_INTERVAL
 * @param links by seqno of the other EP
 */
record LinkWatch(int intervalBeats, int failBeats, TreePMap<Integer, Link> links) {
  /**
   * One link.
   *
   * @param quiet beats since its last answer
   * @param waiting beats, this one included, for which an answer has been missing; 0: none is
   * @param heard it has ever answered
   */
  record Link(int quiet, int waiting, boolean heard) {
    static final Link UNKNOWN = new Link(0, 0, false);
  }

  static LinkWatch of(MalIni mal) {
    return new LinkWatch(mal.checkIntervalS(), mal.connFailIntervalS(), TreePMap.empty());
  }

  /** The link to this EP has answered. */
  LinkWatch answered(int ep) {
    return links.containsKey(ep) ? with(ep, new Link(0, 0, true)) : this;
  }

  private LinkWatch with(int ep, Link link) {
    return new LinkWatch(intervalBeats, failBeats, links.plus(ep, link));
  }

  /**
   * One beat later.
   *
   * @param eps whose links are watched from now on
   * @param busy whose links have a request running
   */
  LinkWatch beat(Collection<Integer> eps, Collection<Integer> busy) {
    TreePMap<Integer, Link> next = TreePMap.empty();
    for (int ep : eps) {
      Link link = links.getOrDefault(ep, Link.UNKNOWN);
      int quiet = link.quiet() + 1;
      boolean due =
          !link.heard() || busy.contains(ep) || (intervalBeats > 0 && quiet >= intervalBeats);
      int waiting = link.waiting() > 0 || due ? link.waiting() + 1 : 0;
      next = next.plus(ep, new Link(quiet, waiting, link.heard()));
    }
    return new LinkWatch(intervalBeats, failBeats, next);
  }

  /** Every link of these EPs is asked now, whether it was due or not. */
  LinkWatch askAll(Collection<Integer> eps) {
    LinkWatch next = this;
    for (int ep : eps) {
      Link link = links.getOrDefault(ep, Link.UNKNOWN);
      next = next.with(ep, new Link(link.quiet(), Math.max(1, link.waiting()), link.heard()));
    }
    return next;
  }

  /** Whose answer is missing. */
  List<Integer> waiting() {
    return those(link -> link.waiting() > 0);
  }

  /** Whose link has been without an answer for MAL_CONN_FAIL_INTERVAL. */
  List<Integer> down() {
    return those(link -> link.waiting() > failBeats);
  }

  /** A link may be down with the next beat that is not down yet. */
  boolean onEdge() {
    return failBeats == 0 || !those(link -> link.waiting() == failBeats).isEmpty();
  }

  /** Down, or not known to be up yet. */
  List<Integer> notUp() {
    return those(link -> !link.heard() || link.waiting() > failBeats);
  }

  private List<Integer> those(java.util.function.Predicate<Link> which) {
    List<Integer> those = new ArrayList<>();
    for (Map.Entry<Integer, Link> e : links.entrySet()) {
      if (which.test(e.getValue())) {
        those.add(e.getKey());
      }
    }
    return List.copyOf(those);
  }
}
