package halab.systems.dsc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Who has to go when MAL links between EPs are broken: the table of the vendor's manual (reference
 * 4.4, item 3). Pure; knows nothing of areas and commands.
 */
final class LinkVerdict {
  private LinkVerdict() {}

  /**
   * The EPs to be halted, rising; empty when every link is fine.
   *
   * @param eps OK EPs of the group, rising, at most {@link VoteLayout#EPS_MAX}
   * @param linked whether two of them reach each other; asked with the lower one first
   * @param reachesIp whether one reaches its link check IP; nobody does where none is set
   */
  static List<Integer> halted(
      List<Integer> eps, BiPredicate<Integer, Integer> linked, Predicate<Integer> reachesIp) {
    if (eps.size() == 2 && !linked.test(eps.get(0), eps.get(1))) {
      boolean onlyTheHigher = reachesIp.test(eps.get(1)) && !reachesIp.test(eps.get(0));
      return List.of(eps.get(onlyTheHigher ? 0 : 1));
    }
    return GroupActs.without(eps, largestConnected(eps, linked));
  }

  /** The largest set in which all reach each other; of equal ones that with the lowest seqno. */
  private static List<Integer> largestConnected(
      List<Integer> eps, BiPredicate<Integer, Integer> linked) {
    List<Integer> best = List.of();
    for (int set = 1; set < 1 << eps.size(); set++) {
      List<Integer> these = members(eps, set);
      if (beats(these, best) && connected(these, linked)) {
        best = these;
      }
    }
    return best;
  }

  private static List<Integer> members(List<Integer> eps, int set) {
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < eps.size(); i++) {
      if ((set & 1 << i) != 0) {
        members.add(eps.get(i));
      }
    }
    return members;
  }

  /** Larger, or as large with the lower seqno at the first place where they differ. */
  private static boolean beats(List<Integer> one, List<Integer> other) {
    if (one.size() != other.size()) {
      return one.size() > other.size();
    }
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).equals(other.get(i))) {
        return one.get(i) < other.get(i);
      }
    }
    return false;
  }

  private static boolean connected(List<Integer> eps, BiPredicate<Integer, Integer> linked) {
    for (int i = 0; i < eps.size(); i++) {
      for (int j = i + 1; j < eps.size(); j++) {
        if (!linked.test(eps.get(i), eps.get(j))) {
          return false;
        }
      }
    }
    return true;
  }
}
