package halab.systems.dsc;

import halab.bricks.Beats;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.Heartbeat;
import halab.kernel.Endpoint;
import halab.systems.dsc.config.DmdcrIni;
import java.util.List;

/**
 * What the control CSS sees in one tick; the same for every group it looks after.
 *
 * @param look number of this look at the VOTE disk
 * @param css seqno of the control CSS
 * @param term its term
 * @param asm the ASM group as it stands now; DB depends on it
 * @param db the DB group as it stands now; what it reports of the network concerns ASM too
 * @param monitors whoever wants to hear of commands
 * @param wallMs wall clock of this moment, for what monitors are told
 * @param ini dmdcr.ini of the control CSS's node
 * @param net what the network says of silent nodes
 * @param auto whether groups are looked after by themselves
 * @param words how this CSS speaks, and its sequence of steps
 * @param changedMs wall clock of the look at which each seat's heartbeat last changed; 0: never
 */
record Scene(
    Picture picture,
    Beats beats,
    DcrImage dcr,
    long look,
    int css,
    String cssName,
    String dcrPath,
    long term,
    GroupState asm,
    GroupState db,
    List<Endpoint> monitors,
    long wallMs,
    DmdcrIni ini,
    NodeRule net,
    boolean auto,
    Wording words,
    long[] changedMs) {

  static int seat(int group, int ep) {
    return group * VoteLayout.EPS_MAX + ep;
  }

  Heartbeat beat(int group, int ep) {
    return picture.beat(group, ep);
  }

  /** Silent for the group's disk check count, and not spared by the network (reference 4.1). */
  boolean silent(int group, int ep) {
    return beats.silent(seat(group, ep)) >= dcr.getGroup(group).getDskchkCnt()
        && !net.spares(beats, ep);
  }

  /** Left a status in its slot that says it ended in a controlled way. */
  boolean ended(int group, int ep) {
    return switch (beat(group, ep).getVtdStatus()) {
      case VTD_SYSHALT, VTD_STOP, VTD_SHUTDOWN -> true;
      default -> false;
    };
  }

  /** "active": its heartbeat is seen. */
  boolean active(int group, int ep) {
    return beats.everMoved(seat(group, ep)) && !silent(group, ep) && !ended(group, ep);
  }

  /** The CSS of this node is there; one's own always is. */
  boolean cssActive(int node) {
    return node == css || active(0, node);
  }

  List<Integer> active(int group) {
    return java.util.stream.IntStream.range(0, dcr.getGroup(group).getNEp())
        .boxed()
        .filter(n -> group == 0 ? cssActive(n) : active(group, n))
        .toList();
  }
}
