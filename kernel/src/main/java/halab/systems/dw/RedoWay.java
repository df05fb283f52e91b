package halab.systems.dw;

import halab.redo.proto.RlogPkg;
import java.util.List;
import java.util.function.Consumer;
import org.pcollections.TreePMap;

/**
 * The way of redo through an instance, its own and what it replays alike: into the online log, then
 * into the local archive, then into the engine (reference 3.3 step 5). Frozen once made.
 */
final class RedoWay implements Cloneable {
  /**
   * Transactions that are being written.
   *
   * @param failures in a row
   */
  record Batch(long request, List<RlogPkg> pkgs, long askedMs, int failures) {
    RlogPkg last() {
      return pkgs.get(pkgs.size() - 1);
    }

    Batch failed(long nowMs) {
      return new Batch(request, pkgs, nowMs, failures + 1);
    }
  }

  /** By LSN: not in the online log yet. */
  TreePMap<Long, RlogPkg> toOnline = TreePMap.empty();

  /** Null: nothing is being written. */
  Batch online;

  /** FILE_LSN: the last LSN in the online log, and its package. */
  long flsn;

  long fseq;

  /** By LSN: in the online log, not in the archive. */
  TreePMap<Long, RlogPkg> toArchive = TreePMap.empty();

  Batch archive;

  /** The last LSN in the local archive. */
  long archived;

  /** By LSN: in both, not given to the engine yet. */
  TreePMap<Long, RlogPkg> toEngine = TreePMap.empty();

  /** The last LSN given to the engine. */
  long handed;

  /** The last LSN that the engine shows. */
  long applied;

  long appliedSeq;

  /** By LSN: given to the engine, not shown; without payload. */
  TreePMap<Long, RlogPkg> inEngine = TreePMap.empty();

  /** CKPT_LSN: what outlives a crash of the engine without redo. */
  long ckptLsn;

  /** Of the checkpoint under way; 0: none is. */
  long checkpoint;

  /** When the next one is due. */
  long checkpointAtMs = Long.MAX_VALUE;

  RedoWay with(Consumer<RedoWay> change) {
    try {
      RedoWay copy = (RedoWay) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Nothing is on its way. */
  boolean idle() {
    return settled() && handed == applied;
  }

  /** Everything is in both logs and with the engine. */
  boolean settled() {
    return toOnline.isEmpty()
        && online == null
        && toArchive.isEmpty()
        && archive == null
        && toEngine.isEmpty();
  }

  /** Nothing waits for the online log. */
  boolean onlineIdle() {
    return toOnline.isEmpty() && online == null;
  }

  /** The local archive takes nothing at present: what is behind it waits. */
  boolean archiveFails() {
    return archive != null && archive.failures() > 0;
  }

  /** The last LSN that this instance has taken in, wherever it is by now. */
  long taken() {
    return toOnline.isEmpty() ? online == null ? flsn : online.last().getLsn() : toOnline.lastKey();
  }

  /** SEQ of {@link #taken}. */
  long takenSeq() {
    if (!toOnline.isEmpty()) {
      return toOnline.get(toOnline.lastKey()).getSeq();
    }
    return online == null ? fseq : online.last().getSeq();
  }

  /** How many transactions the engine does not show yet. */
  int tasks() {
    return toOnline.size()
        + (online == null ? 0 : online.pkgs().size())
        + toArchive.size()
        + (archive == null ? 0 : archive.pkgs().size())
        + toEngine.size()
        + inEngine.size();
  }
}
