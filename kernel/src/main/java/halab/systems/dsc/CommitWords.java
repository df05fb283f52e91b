package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.MalPackage;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalShown;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;

/** What EPs tell each other about commits over MAL. */
final class CommitWords {
  /** Bytes of packages in one message or one write, unless a single one is larger. */
  private static final int BATCH_BYTES = 1 << 20;

  private CommitWords() {}

  static List<RlogPkg> offeredBehind(EpState s, long position) {
    return s.commits.offered.tailMap(position, false).values().stream()
        .map(Commits.Offer::pkg)
        .toList();
  }

  static List<Integer> others(EpState s) {
    List<Integer> others = new ArrayList<>(s.commits.members);
    others.remove(Integer.valueOf(s.seat.ep));
    return others;
  }

  static void offer(EpState s, int ep, List<RlogPkg> pkgs, List<Effect> out) {
    for (List<RlogPkg> batch : batches(pkgs)) {
      send(s, ep, MalPackage.newBuilder().setEpoch(s.commits.epoch).addAllPkg(batch).build(), out);
    }
  }

  static void tell(EpState s, int ep, boolean ask, List<Effect> out) {
    MalShown.Builder shown = MalShown.newBuilder().setEpoch(s.commits.epoch).setAsk(ask);
    shown.setPosition(s.commits.position()).setGrantedLsn(s.commits.grantedLsn);
    shown.setDurableLsn(s.commits.durable).setImageLsn(s.commits.image);
    send(s, ep, shown.build(), out);
  }

  static EpState where(EpState s, EpTrigger.Where t, Now now, List<Effect> out) {
    Commits c = s.commits;
    MalPosition.Builder position = MalPosition.newBuilder().setCmdSeq(t.cmdSeq());
    position.setEpoch(c.epoch).setPosition(c.position()).setHighestLsn(c.known);
    position.setImaging(CheckpointActs.imaging(c, now));
    out.add(new Effect.Send(t.peer(), position.addAllClaim(c.claims()).build()));
    return s;
  }

  static void send(EpState s, int ep, Message message, List<Effect> out) {
    Endpoint peer = s.peers.get(ep);
    if (peer != null) {
      out.add(new Effect.Send(peer, message));
    }
  }

  static List<List<RlogPkg>> batches(Iterable<RlogPkg> pkgs) {
    List<List<RlogPkg>> batches = new ArrayList<>();
    long bytes = Long.MAX_VALUE;
    for (RlogPkg pkg : pkgs) {
      bytes = bytes > BATCH_BYTES ? BATCH_BYTES + 1L : bytes + pkg.getSerializedSize();
      if (bytes > BATCH_BYTES) {
        batches.add(new ArrayList<>());
        bytes = pkg.getSerializedSize();
      }
      batches.get(batches.size() - 1).add(pkg);
    }
    return batches;
  }
}
