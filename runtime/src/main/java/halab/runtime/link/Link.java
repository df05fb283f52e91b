package halab.runtime.link;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import halab.admin.proto.LinkState;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.link.proto.Envelope;
import halab.runtime.DelayLine;
import halab.runtime.faults.FaultRules;
import halab.runtime.faults.FaultRules.Fate;
import halab.runtime.faults.FaultRules.Judgement;
import halab.runtime.lab.LabHost;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * The link to one peer: at most one stream that stands, an attempt to dial where the role asked for
 * one, and what the role has been told. Network thread only.
 *
 * <p>When both ends dial at once, the stream of the lower endpoint stays. A new life of the peer
 * replaces the old one's stream, an older life is turned away.
 */
final class Link {
  private static final long FIRST_BACKOFF_MS = 100;
  private static final long LAST_BACKOFF_MS = 1000;
  private static final long DIAL_TIMEOUT_MS = 3000;
  private static final long QUIET_NS = 1_500_000_000L;

  /** What the role knows. */
  private enum Told {
    NOTHING,
    UP,
    DOWN
  }

  final Endpoint peer;
  final String network;
  final LongAdder sent = new LongAdder();
  final LongAdder heard = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder refused = new LongAdder();
  private final LinkPort port;
  private Told told = Told.NOTHING;
  private Pipe standing;
  private Dial dialling;
  private ScheduledFuture<?> nextDial;
  private long backoffMs = FIRST_BACKOFF_MS;
  private boolean wanted;
  private long peerIncarnation;
  private long heardNs;
  private long sentNs;
  private boolean holed;

  Link(LinkPort port, Endpoint peer, String network) {
    this.port = port;
    this.peer = peer;
    this.network = network;
  }

  /** The role wants this link kept up from now on. */
  void want() {
    wanted = true;
    if (standing == null && dialling == null && nextDial == null) {
      dial();
    }
  }

  private void dial() {
    nextDial = null;
    if (standing != null || dialling != null) {
      return;
    }
    if (port.lab().hosts().stream().noneMatch(this::isPeer)) {
      down("lab.ini knows no " + peer + " on the " + network + " network");
      return;
    }
    switch (port.faults().standing(network, peer.host())) {
      case REFUSE -> {
        port.faults().onSend(network, peer.host());
        dialFailed("connection refused");
      }
      case SWALLOW -> {
        // Nothing leaves, nothing answers: the attempt runs into its own timeout.
        port.faults().onSend(network, peer.host());
        dialling = new Dial(this, port);
        dialling.intoTheVoid(DIAL_TIMEOUT_MS);
      }
      default -> {
        dialling = new Dial(this, port);
        dialling.start(DIAL_TIMEOUT_MS);
      }
    }
  }

  private boolean isPeer(LabHost host) {
    boolean within = network.equals(FaultRules.LOCAL) || host.addresses().containsKey(network);
    return host.name().equals(peer.host()) && host.ports().containsKey(peer.role()) && within;
  }

  /** An attempt of ours failed before the link stood. */
  void dialFailed(String reason) {
    dialling = null;
    if (standing == null) {
      down(reason);
      retryLater();
    }
  }

  /** The peer prefers its own attempt. */
  void turnedAway() {
    dialling = null;
    if (standing == null) {
      retryLater();
    }
  }

  private void retryLater() {
    if (wanted && nextDial == null) {
      nextDial = port.net().later(backoffMs, this::dial);
      backoffMs = Math.min(LAST_BACKOFF_MS, backoffMs * 2);
    }
  }

  /** The peer answered our greeting. */
  void dialled(Pipe pipe, long incarnation) {
    dialling = null;
    if (standing != null || incarnation < peerIncarnation) {
      pipe.close();
      return;
    }
    stand(pipe, incarnation);
  }

  /** The peer greeted us on a stream of its own; false turns it away. */
  boolean accept(Pipe pipe, long incarnation) {
    if (incarnation < peerIncarnation) {
      return false;
    }
    boolean ours = dialling != null || (standing != null && standing.dialled);
    boolean sameLife = incarnation == peerIncarnation || standing == null;
    if (ours && sameLife && port.self().compareTo(peer) < 0) {
      return false;
    }
    if (dialling != null) {
      dialling.abandon();
      dialling = null;
    }
    if (standing != null) {
      drop("replaced by a new connection");
    }
    stand(pipe, incarnation);
    return true;
  }

  private void stand(Pipe pipe, long incarnation) {
    standing = pipe;
    peerIncarnation = incarnation;
    heardNs = System.nanoTime();
    backoffMs = FIRST_BACKOFF_MS;
    told = Told.UP;
    port.tell(new Event.LinkUp(peer, incarnation));
  }

  private void down(String reason) {
    if (told != Told.DOWN) {
      told = Told.DOWN;
      port.tell(new Event.LinkDown(peer, reason));
    }
  }

  /** Ends the stream that stands, tells the role, and leaves dialling to {@link #retryLater}. */
  private void drop(String reason) {
    Pipe old = standing;
    standing = null;
    old.close();
    down(reason);
  }

  /** A stream broke. */
  void broken(Pipe pipe, String reason) {
    if (pipe == standing) {
      drop(reason);
      retryLater();
    }
  }

  /** Rules changed: a refused pair is reset, and so is one whose black hole has ended. */
  void faultsChanged() {
    Fate fate = port.faults().standing(network, peer.host());
    boolean reset = fate == Fate.REFUSE || (holed && fate == Fate.DELIVER);
    holed = fate == Fate.SWALLOW;
    if (!reset) {
      return;
    }
    if (dialling != null) {
      dialling.abandon();
      dialFailed("connection reset");
    } else if (standing != null) {
      broken(standing, "connection reset");
    }
    if (fate == Fate.DELIVER && nextDial != null) {
      nextDial.cancel(false);
      backoffMs = FIRST_BACKOFF_MS;
      dial();
    }
  }

  void send(Message message) {
    if (standing == null) {
      lost.increment();
      return;
    }
    Judgement judgement = port.faults().onSend(network, peer.host());
    switch (judgement.fate()) {
      case SWALLOW -> {}
      case REFUSE -> broken(standing, "connection reset");
      default -> {
        Pipe pipe = standing;
        pipe.sending.pass(judgement.delayMs(), () -> put(pipe, message, judgement.twice()));
      }
    }
  }

  /** Says hello on a link that has been quiet, so that reachability is measured, not guessed. */
  void probe() {
    if (standing == null || System.nanoTime() - sentNs < QUIET_NS) {
      return;
    }
    sentNs = System.nanoTime();
    Judgement judgement = port.faults().onSend(network, peer.host());
    switch (judgement.fate()) {
      case SWALLOW -> {}
      case REFUSE -> broken(standing, "connection reset");
      default -> {
        Pipe pipe = standing;
        pipe.sending.pass(judgement.delayMs(), () -> pipe.greet(peer));
      }
    }
  }

  private void put(Pipe pipe, Message message, boolean twice) {
    sentNs = System.nanoTime();
    for (int copy = 0; copy < (twice ? 2 : 1); copy++) {
      (pipe.send(peer, message) ? sent : lost).increment();
    }
  }

  /** Something after the greeting arrived. */
  void received(Pipe pipe, Envelope envelope) {
    if (pipe != standing || !pipe.isNew(envelope)) {
      return;
    }
    Judgement judgement = port.faults().onReceive(network, peer.host());
    switch (judgement.fate()) {
      case SWALLOW -> {}
      case REFUSE -> broken(pipe, "connection reset");
      default -> {
        for (int copy = 0; copy < (judgement.twice() ? 2 : 1); copy++) {
          pipe.hearing.pass(judgement.delayMs(), () -> hand(envelope));
        }
      }
    }
  }

  private void hand(Envelope envelope) {
    heardNs = System.nanoTime();
    if (envelope.getType().isEmpty()) {
      return; // a probe
    }
    try {
      Message message = port.wire().parse(envelope.getType(), envelope.getBody().toByteArray());
      (port.tell(peer, message) ? heard : lost).increment();
    } catch (InvalidProtocolBufferException e) {
      refused.increment();
    }
  }

  DelayLine line() {
    return new DelayLine(port.net(), port.clock());
  }

  LinkState state() {
    return LinkState.newBuilder()
        .setPeer(peer.toString())
        .setNetwork(network)
        .setUp(standing != null)
        .setSilentMs(heardNs == 0 ? -1 : (System.nanoTime() - heardNs) / 1_000_000)
        .build();
  }
}
