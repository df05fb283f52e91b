package halab.runtime.link;

import halab.link.proto.Envelope;
import halab.link.proto.MalLinkGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.ScheduledFuture;

/**
 * One attempt to reach a peer, and the stream that comes of it. Each attempt has a connection of
 * its own, so that nothing queued on an old one can ever arrive and no back-off but ours counts.
 */
final class Dial implements ClientResponseObserver<Envelope, Envelope> {
  private final Link link;
  private final LinkPort port;
  private ManagedChannel channel;
  private ClientCallStreamObserver<Envelope> call;
  private ScheduledFuture<?> timeout;
  private Pipe pipe;
  private boolean standing;
  private boolean over;

  Dial(Link link, LinkPort port) {
    this.link = link;
    this.port = port;
  }

  void start(long timeoutMs) {
    var host = port.lab().host(link.peer.host());
    channel = port.net().channel(host.address(link.network), host.port(link.peer.role()));
    timeout = port.net().later(timeoutMs, () -> fail("connection timed out"));
    MalLinkGrpc.newStub(channel).attach(this);
    pipe =
        new Pipe(
            true, port.self(), port.incarnation(), call, this::hangUp, link.line(), link.line());
    pipe.greet(link.peer);
  }

  /** An attempt that a black hole swallows. */
  void intoTheVoid(long timeoutMs) {
    timeout = port.net().later(timeoutMs, () -> fail("connection timed out"));
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Envelope> request) {
    call = request;
  }

  @Override
  public void onNext(Envelope envelope) {
    port.net().run(() -> next(envelope));
  }

  private void next(Envelope envelope) {
    if (over) {
      return;
    }
    if (standing) {
      link.received(pipe, envelope);
    } else if (!envelope.getFrom().equals(link.peer.toString())) {
      fail("'" + envelope.getFrom() + "' answers in its place");
    } else {
      standing = true;
      timeout.cancel(false);
      pipe.isNew(envelope);
      link.dialled(pipe, envelope.getIncarnation());
    }
  }

  @Override
  public void onError(Throwable cause) {
    Status status = Status.fromThrowable(cause);
    if (status.getCode() == Status.Code.ALREADY_EXISTS) {
      port.net().run(this::turnedAway);
      return;
    }
    String reason =
        switch (status.getCode()) {
          case UNAVAILABLE -> standing ? "connection reset" : "connection refused";
          case UNAUTHENTICATED -> "the lab's secret was refused";
          default -> status.getCode() + ": " + status.getDescription();
        };
    port.net().run(() -> fail(reason));
  }

  @Override
  public void onCompleted() {
    port.net().run(() -> fail("connection closed by peer"));
  }

  private void fail(String reason) {
    if (over) {
      return;
    }
    boolean stood = standing;
    abandon();
    if (stood) {
      link.broken(pipe, reason);
    } else {
      link.dialFailed(reason);
    }
  }

  /** The peer is dialling us itself: no news for the role. */
  private void turnedAway() {
    if (!over) {
      abandon();
      link.turnedAway();
    }
  }

  /** Gives the attempt up without a word. */
  void abandon() {
    over = true;
    timeout.cancel(false);
    if (pipe != null) {
      pipe.close();
    }
  }

  private void hangUp() {
    over = true;
    channel.shutdownNow();
  }
}
