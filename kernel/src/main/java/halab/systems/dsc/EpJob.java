package halab.systems.dsc;

import halab.dsc.proto.Command;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalThaw;
import halab.redo.proto.RlogPkg;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * A command that needs more than the moment: which one, how far, and what it waits for. Immutable.
 *
 * @param stage counts from 0; each stage asks disks or peers and ends when all have answered
 * @param requests disk requests that are still open
 * @param peers seqnos whose MAL answer is still missing
 * @param sinceMs when the stage began
 * @param askedMs when the stage was last asked; unanswered questions are asked again
 * @param asks how often it was asked
 * @param found what earlier answers brought
 */
record EpJob(
    Command command,
    int stage,
    List<Long> requests,
    List<Integer> peers,
    long sinceMs,
    long askedMs,
    int asks,
    Found found) {

  /**
   * What a job has learned.
   *
   * @param records the EPs' records on the data disk
   * @param pkgs packages in redo threads, by LSN
   * @param positions what EPs have told of themselves
   * @param oldestLsn redo below it may be overwritten
   * @param lastLsn of the last package in any redo thread
   * @param thaw what the leader of a crash has decided; null before
   */
  record Found(
      List<EpRecord> records,
      TreePMap<Long, RlogPkg> pkgs,
      TreePMap<Integer, MalPosition> positions,
      long oldestLsn,
      long lastLsn,
      MalThaw thaw) {
    static final Found NOTHING =
        new Found(List.of(), TreePMap.empty(), TreePMap.empty(), 1, 0, null);

    Found with(List<EpRecord> read) {
      return new Found(List.copyOf(read), pkgs, positions, oldestLsn, lastLsn, thaw);
    }

    Found withPkgs(List<RlogPkg> read, long oldest, long last) {
      TreePMap<Long, RlogPkg> all = pkgs;
      for (RlogPkg pkg : read) {
        all = all.plus(pkg.getLsn(), pkg);
      }
      return new Found(
          records, all, positions, Math.max(oldest, oldestLsn), Math.max(last, lastLsn), thaw);
    }

    Found with(int ep, MalPosition position) {
      return new Found(records, pkgs, positions.plus(ep, position), oldestLsn, lastLsn, thaw);
    }

    Found with(MalThaw decided) {
      return new Found(records, pkgs, positions, oldestLsn, lastLsn, decided);
    }
  }

  static EpJob of(Command command, long nowMs) {
    return new EpJob(command, 0, List.of(), List.of(), nowMs, nowMs, 0, Found.NOTHING);
  }

  EpJob next(long nowMs) {
    return new EpJob(command, stage + 1, List.of(), List.of(), nowMs, nowMs, 0, found);
  }

  EpJob asked(List<Long> open, List<Integer> missing, long nowMs) {
    return new EpJob(
        command, stage, List.copyOf(open), List.copyOf(missing), sinceMs, nowMs, asks + 1, found);
  }

  boolean answeredBy(long request) {
    return requests.contains(request);
  }

  EpJob without(long request) {
    List<Long> open = requests.stream().filter(r -> r != request).toList();
    return new EpJob(command, stage, open, peers, sinceMs, askedMs, asks, found);
  }

  EpJob withoutPeer(int peer) {
    List<Integer> missing = peers.stream().filter(p -> p != peer).toList();
    return new EpJob(command, stage, requests, missing, sinceMs, askedMs, asks, found);
  }

  EpJob withFound(Found more) {
    return new EpJob(command, stage, requests, peers, sinceMs, askedMs, asks, more);
  }

  boolean answered() {
    return requests.isEmpty() && peers.isEmpty();
  }
}
