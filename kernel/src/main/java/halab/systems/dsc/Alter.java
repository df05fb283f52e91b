package halab.systems.dsc;

import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MalAltered;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * An ALTER DATABASE in hand: what the other EPs of the group were asked and have told.
 *
 * @param requestId of the statement
 * @param request the number under which the others are asked
 * @param orders they are told to go to SUSPEND; else only asked for their inst_status
 * @param told inst_status by EP, of those who have answered
 * @param sinceMs when the statement came, monotonic
 * @param askedMs when the others were asked last, monotonic
 */
record Alter(
    long requestId,
    EpTrigger.Alter.To to,
    long request,
    boolean orders,
    List<Integer> others,
    TreePMap<Integer, InstStatus> told,
    long sinceMs,
    long askedMs) {

  /** The last order to go to SUSPEND that this EP has obeyed: from whom, and its number. */
  record Obeyed(Endpoint from, long request, long atMs) {
    static final Obeyed NONE = new Obeyed(null, 0, 0);

    /** The same order once more, as it is repeated until its answer has come. */
    boolean again(EpTrigger.AlterAsked order, Now now) {
      return order.from().equals(from)
          && order.message().getRequest() == request
          && now.monoMs() - atMs <= AlterRows.WITHIN_MS;
    }
  }

  /** After one more answer; answers to another question count for nothing. */
  Alter heard(int ep, MalAltered message) {
    boolean mine = message.getRequest() == request && others.contains(ep);
    return mine ? withTold(told.plus(ep, message.getInstStatus())) : this;
  }

  private Alter withTold(TreePMap<Integer, InstStatus> now) {
    return new Alter(requestId, to, request, orders, others, now, sinceMs, askedMs);
  }

  /** The same question once more. */
  Alter again(long nowMs) {
    return new Alter(requestId, to, request, orders, others, told, sinceMs, nowMs);
  }

  /** All are to go to SUSPEND now. */
  Alter ordering(long number, long nowMs) {
    return new Alter(requestId, to, number, true, others, TreePMap.empty(), sinceMs, nowMs);
  }

  List<Integer> silent() {
    return others.stream().filter(ep -> !told.containsKey(ep)).toList();
  }

  boolean complete() {
    return silent().isEmpty();
  }

  /** EPs that told another status than this. */
  List<Integer> not(InstStatus status) {
    return told.keySet().stream().filter(ep -> told.get(ep) != status).toList();
  }

  List<Integer> in(InstStatus status) {
    return told.keySet().stream().filter(ep -> told.get(ep) == status).toList();
  }
}
