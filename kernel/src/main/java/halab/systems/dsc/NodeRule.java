package halab.systems.dsc;

import halab.bricks.Beats;
import java.util.SortedMap;

/**
 * DMDCR_CRASH_CHECK_OPT_COUNT (reference 2.2): a remote node of which nothing is heard on the disk
 * is failed only if its CSS, ASM and DB each missed more than {@code count} looks and the network
 * to its CSS was silent for as many. One process that falls silent alone is judged by the disk as
 * ever (inferred: the key speaks of nodes).
 *
 * @param count 0: the disk alone decides; 1 to 30
 * @param self node of the one who judges, which the rule does not concern
 * @param heardLook look at which a node's CSS was last heard over the network
 * @param look number of the present look
 */
record NodeRule(int count, int self, SortedMap<Integer, Long> heardLook, long look) {
  /** Missed at least the last looks, as in {@link CssTick}: two, since beats and looks drift. */
  private static final int QUIET_LOOKS = 2;

  /** The whole node is quiet, but not for long enough or not on the network. */
  boolean spares(Beats beats, int node) {
    return count > 0
        && node != self
        && missed(beats, node, QUIET_LOOKS)
        && !(missed(beats, node, count + 1) && networkSilent(node));
  }

  private static boolean missed(Beats beats, int node, int looks) {
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      if (beats.silent(Scene.seat(g, node)) < looks) {
        return false;
      }
    }
    return true;
  }

  private boolean networkSilent(int node) {
    Long heard = heardLook.get(node);
    return heard == null || look - heard >= count;
  }
}
