package halab.systems.dw;

import halab.dw.proto.Apply;
import halab.dw.proto.MalHello;
import halab.kernel.Effect;
import halab.kernel.Now;
import java.util.List;

/**
 * MAL between the instances: who is reached, and what everybody says about itself. A link is broken
 * when it does not stand, or was silent for MAL_CHECK_INTERVAL and MAL_CONN_FAIL_INTERVAL together
 * (reference 2.3).
 */
final class MalActs {
  /** Code of a broken MAL link (reference 9.1). */
  static final int BROKEN = -6021;

  /** A primary announces its FILE_LSN so often. */
  static final long HELLO_MS = 1000;

  private MalActs() {}

  static InstState dial(InstState s, List<Effect> out) {
    s.peers.forEach(
        (name, peer) -> {
          if (s.name().compareTo(name) < 0) {
            out.add(new Effect.Connect(peer.at()));
          }
        });
    return s;
  }

  static InstState up(InstState s, InstTrigger.MalUp t, Now now, List<Effect> out) {
    MalPeer peer = s.peers.get(t.instance()).up(now.monoMs());
    out.add(new Effect.Send(peer.at(), hello(s, true)));
    return s.with(x -> x.peers = x.peers.plus(t.instance(), peer)).tell();
  }

  static InstState down(InstState s, String instance) {
    MalPeer peer = s.peers.get(instance).down();
    boolean sender = instance.equals(s.kept.primary());
    return s.with(
            x -> {
              x.peers = x.peers.plus(instance, peer);
              x.kept = sender ? x.kept.unlinked() : x.kept;
            })
        .tell();
  }

  static InstState told(InstState s, InstTrigger.Told t, Now now, List<Effect> out) {
    MalPeer peer = s.peers.get(t.from()).said(t.message(), now.monoMs());
    if (t.message().getAsk()) {
      out.add(new Effect.Send(peer.at(), hello(s, false)));
    }
    return s.with(x -> x.peers = x.peers.plus(t.from(), peer));
  }

  /** Any message is a sign of life. */
  static InstState heard(InstState s, String instance, Now now) {
    MalPeer peer = s.peers.get(instance).heard(now.monoMs());
    return s.with(x -> x.peers = x.peers.plus(instance, peer));
  }

  /** A standby's position came with an acknowledgement. */
  static InstState applied(InstState s, String instance, Apply apply, Now now) {
    MalPeer peer = s.peers.get(instance);
    MalHello.Builder said = peer.said() == null ? MalHello.newBuilder() : peer.said().toBuilder();
    MalPeer next = peer.heard(now.monoMs());
    MalPeer updated = peer.up() ? next.said(said.setApply(apply).build(), now.monoMs()) : next;
    return s.with(x -> x.peers = x.peers.plus(instance, updated));
  }

  static boolean broken(InstState s, String instance, Now now) {
    MalPeer peer = s.peers.get(instance);
    return peer == null || !peer.up() || silent(s, peer, now);
  }

  private static boolean silent(InstState s, MalPeer peer, Now now) {
    return s.mal.checkIntervalS() > 0 && now.monoMs() - peer.heardMs() >= brokenMs(s);
  }

  /** How long a link may be silent. */
  static long brokenMs(InstState s) {
    return 1000L * (s.mal.checkIntervalS() + s.mal.connFailIntervalS());
  }

  /** To everybody who is linked; the links are probed by it. */
  static InstState hellos(InstState s, Now now, List<Effect> out) {
    MalHello hello = hello(s, true);
    for (MalPeer peer : s.peers.values()) {
      if (peer.up()) {
        out.add(new Effect.Send(peer.at(), hello));
      }
    }
    return s.with(x -> x.helloAtMs = now.monoMs() + HELLO_MS);
  }

  static MalHello hello(InstState s, boolean ask) {
    return MalHello.newBuilder()
        .setInstance(s.name())
        .setPermanentMagic(s.ctl.permanentMagic())
        .setMode(s.mode())
        .setStatus(s.phase.status())
        .setFlsn(s.way.flsn)
        .setApply(apply(s))
        .setNOpen(s.ctl.nOpen())
        .setAsk(ask)
        .build();
  }

  /** Where this instance is as a standby. */
  static Apply apply(InstState s) {
    return Apply.newBuilder()
        .setRseq(s.way.appliedSeq)
        .setRlsn(s.way.applied)
        .setSseq(s.way.takenSeq())
        .setSlsn(s.way.taken())
        .setKseq(s.kseq())
        .setKlsn(s.klsn())
        .setTasks(s.way.tasks())
        .setBytes(s.replays.tasks().values().stream().mapToLong(Replays.Task::bytes).sum())
        .build();
  }
}
