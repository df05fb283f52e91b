package halab.systems.dw;

import halab.dw.proto.ApplyStat;
import halab.dw.proto.ArchType;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * What a standby does with the packages that it takes, measured (reference 1.3c). A package is
 * received, answered, kept or not, queued, given to the engine, and shown by it. Times are us of
 * lab time.
 *
 * @param received lengths of packages
 * @param answered from the receipt to the acknowledgement
 * @param waited from the queue to the engine, the writing of both logs included
 * @param applied in the engine
 * @param tasks packages from the queue until the engine shows them, by their last LSN
 * @param applyCmtMs commit time of the last transaction that was replayed, wall clock; 0: none
 * @param lastCmtMs commit time of the last one received
 */
record Replays(
    Series received,
    Series answered,
    Series waited,
    Series applied,
    TreePMap<Long, Task> tasks,
    long applyCmtMs,
    long lastCmtMs) {
  /**
   * A package to be replayed.
   *
   * @param seq of its last transaction
   * @param queuedMs when it was queued, monotonic
   * @param handedMs when the engine got it, monotonic; -1: not yet
   */
  record Task(
      ArchType type, long firstLsn, long seq, long bytes, int ptx, long queuedMs, long handedMs) {
    boolean handed() {
      return handedMs >= 0;
    }

    private Task handed(Now now) {
      return new Task(type, firstLsn, seq, bytes, ptx, queuedMs, now.monoMs());
    }
  }

  /** {@code most}: RLOG_SEND_APPLY_MON. */
  static Replays of(int most) {
    Series none = Series.of(most);
    return new Replays(none, none, none, none, TreePMap.empty(), 0, 0);
  }

  static long bytes(List<RlogPkg> ptx) {
    return ptx.stream().mapToLong(RlogPkg::getSerializedSize).sum();
  }

  private static RlogPkg last(List<RlogPkg> ptx) {
    return ptx.get(ptx.size() - 1);
  }

  Replays received(List<RlogPkg> ptx) {
    Series next = received.plus(bytes(ptx), 0, ptx.size());
    return new Replays(next, answered, waited, applied, tasks, applyCmtMs, last(ptx).getAtMs());
  }

  Replays answered(long us) {
    Series next = answered.plus(0, us, 0);
    return new Replays(received, next, waited, applied, tasks, applyCmtMs, lastCmtMs);
  }

  Replays queued(ArchType type, List<RlogPkg> ptx, Now now) {
    RlogPkg last = last(ptx);
    long first = ptx.get(0).getLsn();
    Task task = new Task(type, first, last.getSeq(), bytes(ptx), ptx.size(), now.monoMs(), -1);
    return with(waited, applied, tasks.plus(last.getLsn(), task), applyCmtMs);
  }

  /** The engine has everything up to this LSN. */
  Replays handed(long lsn, Now now) {
    Series wait = waited;
    TreePMap<Long, Task> next = tasks;
    for (var entry : tasks.headMap(lsn, true).entrySet()) {
      Task task = entry.getValue();
      if (!task.handed()) {
        wait = wait.plus(task.bytes(), us(task.queuedMs(), now), task.ptx());
        next = next.plus(entry.getKey(), task.handed(now));
      }
    }
    return with(wait, applied, next, applyCmtMs);
  }

  /** The engine shows everything up to this LSN; these transactions last. */
  Replays shown(long lsn, List<RlogPkg> ptx, Now now) {
    Series apply = applied;
    List<Long> done = List.copyOf(tasks.headMap(lsn, true).keySet());
    for (Long at : done) {
      Task task = tasks.get(at);
      apply = apply.plus(task.bytes(), us(task.handedMs(), now), task.ptx());
    }
    return with(waited, apply, tasks.minusAll(done), last(ptx).getAtMs());
  }

  private static long us(long sinceMs, Now now) {
    return 1000 * (now.monoMs() - sinceMs);
  }

  private Replays with(Series wait, Series apply, TreePMap<Long, Task> next, long cmtMs) {
    return new Replays(received, answered, wait, apply, next, cmtMs, lastCmtMs);
  }

  /** SP_CLEAR_RAPPLY_STAT. What is in the queue stays there. */
  Replays cleared() {
    Series none = received.cleared();
    return new Replays(none, none, none, none, tasks, applyCmtMs, lastCmtMs);
  }

  /** What the queue holds and the engine has not got. */
  List<Task> waiting() {
    return tasks.values().stream().filter(t -> !t.handed()).toList();
  }

  /** The package that the engine works on; null: none. */
  Task current() {
    return tasks.values().stream().filter(Task::handed).findFirst().orElse(null);
  }

  ApplyStat stat() {
    return ApplyStat.newBuilder()
        .setReceived(received.count())
        .setLastBytes(received.last().bytes())
        .setTotalBytes(received.total().bytes())
        .setLastResponseUs(answered.last().us())
        .setMaxResponseUs(answered.longest().us())
        .setTotalResponseUs(answered.total().us())
        .setLastWaitUs(waited.last().us())
        .setMaxWaitUs(waited.longest().us())
        .setTotalWaitUs(waited.total().us())
        .setLastApplyBytes(applied.last().bytes())
        .setLastApplyUs(applied.last().us())
        .setMaxApplyUs(applied.longest().us())
        .setTotalApplyUs(applied.total().us())
        .setRecentCount(applied.window().size())
        .setRecentApplyUs(applied.recent().us())
        .setRecentBytes(applied.recent().bytes())
        .setApplyCmtMs(applyCmtMs)
        .setLastCmtMs(lastCmtMs)
        .build();
  }
}
