package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.EpRecord;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects the questions of one stage of a job of dmserver, each request with its number. */
final class EpAsker {
  final List<Long> requests = new ArrayList<>();
  final List<Integer> peers = new ArrayList<>();
  private final EpState s;
  private final List<Effect> out;
  private long next;

  EpAsker(EpState s, List<Effect> out) {
    this.s = s;
    this.out = out;
    this.next = s.seat.nextRequest;
  }

  /** The state with the job waiting for these answers. */
  EpState asked(long nowMs) {
    EpJob job = s.job.asked(requests, peers, nowMs);
    return s.with(
        x -> {
          x.seat = s.seat.with(y -> y.nextRequest = next);
          x.job = job;
        });
  }

  private long number() {
    requests.add(next);
    return next++;
  }

  void read(String disk, int first, int count) {
    out.add(new Effect.ReadBlocks(number(), disk, first, count));
  }

  void readRecords() {
    read(s.dataDisk(), DataLayout.FIRST, DataLayout.USED);
  }

  void write(EpRecord.Builder record) {
    EpRecord written = record.setLsn(record.getLsn() + 1).build();
    int block = DataLayout.record(written.getSeqno(), written.getLsn());
    out.add(new Effect.WriteBlock(number(), s.dataDisk(), block, written));
  }

  void fence(Endpoint victim, long incarnation) {
    out.add(new Effect.Fence(number(), s.dataDisk(), victim, incarnation));
  }

  void openEngine() {
    out.add(new Effect.OpenEngine(number()));
  }

  void loadImage() {
    out.add(new Effect.LoadImage(number(), s.dataDisk()));
  }

  void readRedo(int thread, long fromLsn) {
    out.add(new Effect.ReadRedo(number(), s.dataDisk(), thread, fromLsn));
  }

  void tell(Collection<Integer> eps, Message message) {
    for (int ep : eps) {
      Endpoint peer = s.peers.get(ep);
      if (peer != null) {
        peers.add(ep);
        out.add(new Effect.Send(peer, message));
      }
    }
  }

  /** To every member that is not broken itself. */
  void tellOthers(Message message) {
    tell(
        s.members.stream().filter(m -> !s.job.command().getEpList().contains(m)).toList(), message);
  }
}
