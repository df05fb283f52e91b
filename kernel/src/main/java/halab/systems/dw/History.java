package halab.systems.dw;

import halab.redo.proto.RlogPkg;
import java.util.List;

/**
 * Redo that a primary sends from its local archive to somebody who lacks it: the recovery of a
 * standby, its last part, or what an asynchronous archive brings at its timer (reference 3.5, 5.6).
 *
 * @param kind for what
 * @param asker who waits for the outcome
 * @param firstLsn from where the first part is read; 0: not known yet
 * @param nextLsn from where the next part is read
 * @param reading number of the read under way; 0: none is
 * @param sending number of the part that was sent and is not acknowledged; 0: none is
 * @param part what was sent under that number
 * @param sinceMs when anything moved last
 * @param askedMs when the destination was asked for anything last
 */
record History(
    Kind kind,
    InstTrigger.Asker asker,
    long firstLsn,
    long nextLsn,
    long reading,
    long sending,
    List<RlogPkg> part,
    long sinceMs,
    long askedMs) {
  enum Kind {
    /** Until the standby has nearly all; the primary is OPEN. */
    RECOVER,
    /** All that is left; the primary stands in SUSPEND. */
    TAIL,
    /** An asynchronous archive: what is old enough. */
    ASYNC
  }

  /** Its first question has to be where the destination is. */
  static History begun(Kind kind, InstTrigger.Asker asker, long nowMs) {
    return new History(kind, asker, 0, 0, 0, 0, List.of(), nowMs, nowMs);
  }

  /** It is known from where to read. */
  boolean located() {
    return nextLsn > 0;
  }

  History reading(long fromLsn, long request, long nowMs) {
    long first = located() ? firstLsn : fromLsn;
    return new History(kind, asker, first, fromLsn, request, 0, List.of(), nowMs, nowMs);
  }

  History sending(long number, List<RlogPkg> pkgs, long nowMs) {
    return new History(kind, asker, firstLsn, nextLsn, 0, number, pkgs, nowMs, nowMs);
  }

  History asked(long nowMs) {
    return new History(kind, asker, firstLsn, nextLsn, reading, sending, part, sinceMs, nowMs);
  }

  long lastLsn() {
    return part.get(part.size() - 1).getLsn();
  }
}
