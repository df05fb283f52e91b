package halab.systems.dw;

import halab.bricks.OneEngineCertifier;
import halab.redo.proto.RlogPkg;
import java.util.List;
import java.util.function.Consumer;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/** What a primary has under way: commits that wait, and the package that is being delivered. */
final class Ship implements Cloneable {
  /**
   * A commit, or redo of the system, that is in no package yet.
   *
   * @param tx of the session; 0: nobody waits for it
   */
  record Waiting(long tx, RlogPkg pkg) {}

  /**
   * A package (RLOG_PKG) between its closing and its delivery.
   *
   * @param number of the sending; acknowledgements repeat it
   * @param beforeLsn last LSN before it
   * @param waiting when it was sent to each target that has not acknowledged it
   * @param failing targets among them that cannot be reached or refused it
   * @param logged it is in the online log already (timely archive)
   */
  record Parcel(
      long number,
      List<RlogPkg> ptx,
      long beforeLsn,
      TreePMap<String, Long> waiting,
      TreePSet<String> failing,
      boolean logged) {
    long firstLsn() {
      return ptx.get(0).getLsn();
    }

    long lastLsn() {
      return ptx.get(ptx.size() - 1).getLsn();
    }

    Parcel acked(String dest) {
      return new Parcel(number, ptx, beforeLsn, waiting.minus(dest), failing.minus(dest), logged);
    }

    Parcel sent(String dest, long nowMs) {
      return new Parcel(
          number, ptx, beforeLsn, waiting.plus(dest, nowMs), failing.minus(dest), logged);
    }

    Parcel failed(String dest) {
      return new Parcel(number, ptx, beforeLsn, waiting, failing.plus(dest), logged);
    }
  }

  PVector<Waiting> queue = TreePVector.empty();

  /** Transactions of sessions by LSN, from their package until they are acknowledged. */
  TreePMap<Long, Long> own = TreePMap.empty();

  /** Null: none is being delivered. */
  Parcel parcel;

  /** CUR_LSN: the last LSN given to anything. */
  long clsn;

  long cseq;

  OneEngineCertifier certifier = OneEngineCertifier.from(0, OneEngineCertifier.WINDOW_KEYS);

  Ship with(Consumer<Ship> change) {
    try {
      Ship copy = (Ship) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  boolean failing() {
    return parcel != null && !parcel.failing().isEmpty();
  }

  boolean failing(String dest) {
    return parcel != null && parcel.failing().contains(dest);
  }

  /** Nobody waits for anything. */
  boolean idle() {
    return queue.isEmpty() && parcel == null && own.isEmpty();
  }
}
