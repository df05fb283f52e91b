package halab.runtime.link;

import com.google.protobuf.Message;
import halab.admin.proto.Counter;
import halab.admin.proto.LinkState;
import halab.kernel.Endpoint;
import halab.kernel.Wire;
import halab.link.proto.Envelope;
import halab.link.proto.MalLinkGrpc;
import halab.runtime.LabClock;
import halab.runtime.Mailbox;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * All MAL links of a process: one bidirectional stream per pair, dialled or accepted. Never blocks
 * the caller and never throws for a dead peer. No transport keep-alive: the vendor's own rules must
 * be the ones that notice silence.
 */
public final class MalLinks {
  private static final long PROBE_MS = 1000;

  private final LinkPort port;
  private final BiFunction<Endpoint, Endpoint, String> network;
  private final Map<Endpoint, Link> links = new TreeMap<>();

  /** {@code network}: which network carries a pair. */
  public MalLinks(
      Endpoint self,
      long incarnation,
      Lab lab,
      Net net,
      LabClock clock,
      Wire wire,
      FaultRules faults,
      Mailbox mailbox,
      BiFunction<Endpoint, Endpoint, String> network) {
    this.port = new LinkPort(self, incarnation, lab, net, clock, wire, faults, mailbox);
    this.network = network;
    faults.onChange(() -> net.run(() -> links.values().forEach(Link::faultsChanged)));
    net.later(PROBE_MS, this::probe);
  }

  private void probe() {
    links.values().forEach(Link::probe);
    port.net().later(PROBE_MS, this::probe);
  }

  /** Dials this peer and keeps the link up from now on. */
  public void connect(Endpoint peer) {
    port.net().run(() -> link(peer).want());
  }

  /** Sends if the link stands; the message is dropped otherwise. */
  public void send(Endpoint to, Message message) {
    port.net().run(() -> link(to).send(message));
  }

  private Link link(Endpoint peer) {
    return links.computeIfAbsent(peer, p -> new Link(port, p, network.apply(port.self(), p)));
  }

  /** Hands the states and counters of all links to {@code look}, on the network thread. */
  public void inspect(Consumer<List<LinkState>> states, Consumer<List<Counter>> counters) {
    port.net()
        .run(
            () -> {
              states.accept(links.values().stream().map(Link::state).toList());
              counters.accept(counters());
            });
  }

  private List<Counter> counters() {
    List<Counter> all = new ArrayList<>();
    for (Link link : links.values()) {
      String name = "link." + link.peer + ".";
      all.add(Counter.newBuilder().setName(name + "sent").setValue(link.sent.sum()).build());
      all.add(Counter.newBuilder().setName(name + "heard").setValue(link.heard.sum()).build());
      all.add(Counter.newBuilder().setName(name + "lost").setValue(link.lost.sum()).build());
      all.add(Counter.newBuilder().setName(name + "refused").setValue(link.refused.sum()).build());
    }
    return all;
  }

  /** The service that peers dial. */
  public BindableService service() {
    return new MalLinkGrpc.MalLinkImplBase() {
      @Override
      public StreamObserver<Envelope> attach(StreamObserver<Envelope> out) {
        return new Accepted((ServerCallStreamObserver<Envelope>) out);
      }
    };
  }

  /** A stream that a peer opened; it is nobody's until a greeting says whose. */
  private final class Accepted implements StreamObserver<Envelope> {
    private final ServerCallStreamObserver<Envelope> out;
    private Link link;
    private Pipe pipe;
    private boolean over;

    Accepted(ServerCallStreamObserver<Envelope> out) {
      this.out = out;
      out.setOnCancelHandler(() -> ended("connection reset"));
    }

    @Override
    public void onNext(Envelope envelope) {
      port.net().run(() -> next(envelope));
    }

    private void next(Envelope envelope) {
      if (over) {
        return;
      }
      if (pipe != null) {
        link.received(pipe, envelope);
        return;
      }
      Endpoint peer = peer(envelope);
      if (peer == null) {
        turnAway(Status.INVALID_ARGUMENT, "greeting from a stranger or for someone else");
        return;
      }
      link = link(peer);
      switch (port.faults().onReceive(link.network, peer.host()).fate()) {
        case SWALLOW -> {
          over = true; // no answer; the peer gives up by itself
          return;
        }
        case REFUSE -> {
          turnAway(Status.UNAVAILABLE, "connection refused");
          return;
        }
        default -> {}
      }
      pipe =
          new Pipe(
              false, port.self(), port.incarnation(), out, this::hangUp, link.line(), link.line());
      pipe.isNew(envelope);
      if (link.accept(pipe, envelope.getIncarnation())) {
        pipe.greet(peer);
      } else {
        turnAway(Status.ALREADY_EXISTS, "not now");
      }
    }

    private Endpoint peer(Envelope greeting) {
      try {
        Endpoint peer = Endpoint.parse(greeting.getFrom());
        port.lab().port(peer);
        boolean forUs = greeting.getTo().equals(port.self().toString());
        return forUs && !peer.equals(port.self()) && greeting.getType().isEmpty() ? peer : null;
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    private void turnAway(Status status, String why) {
      over = true;
      out.onError(status.withDescription(why).asRuntimeException());
    }

    private void hangUp() {
      if (!over) {
        turnAway(Status.UNAVAILABLE, "connection reset");
      }
    }

    @Override
    public void onError(Throwable cause) {
      ended("connection reset");
    }

    @Override
    public void onCompleted() {
      ended("connection closed by peer");
    }

    private void ended(String reason) {
      port.net()
          .run(
              () -> {
                if (over) {
                  return;
                }
                over = true;
                if (pipe != null) {
                  link.broken(pipe, reason);
                }
              });
    }
  }
}
