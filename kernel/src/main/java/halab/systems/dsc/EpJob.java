package halab.systems.dsc;

import halab.dsc.proto.Command;
import halab.dsc.proto.EpRecord;
import java.util.List;

/**
 * A command that needs more than the moment: which one, how far, and what it waits for. Immutable.
 *
 * @param stage counts from 0; each stage asks disks or peers and ends when all have answered
 * @param requests disk requests that are still open
 * @param peers seqnos whose MAL answer is still missing
 * @param askedMs when the stage was last asked; unanswered questions are asked again
 * @param records the EPs' records as read from the data disk in an earlier stage
 */
record EpJob(
    Command command,
    int stage,
    List<Long> requests,
    List<Integer> peers,
    long askedMs,
    List<EpRecord> records) {

  boolean answeredBy(long request) {
    return requests.contains(request);
  }

  EpJob without(long request) {
    return new EpJob(
        command,
        stage,
        requests.stream().filter(r -> r != request).toList(),
        peers,
        askedMs,
        records);
  }

  EpJob withoutPeer(int peer) {
    return new EpJob(
        command, stage, requests, peers.stream().filter(p -> p != peer).toList(), askedMs, records);
  }

  EpJob withRecords(List<EpRecord> read) {
    return new EpJob(command, stage, requests, peers, askedMs, List.copyOf(read));
  }

  boolean stageDone() {
    return requests.isEmpty() && peers.isEmpty();
  }
}
