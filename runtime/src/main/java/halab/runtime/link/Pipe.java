package halab.runtime.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import halab.kernel.Endpoint;
import halab.kernel.Wire;
import halab.link.proto.Envelope;
import halab.runtime.DelayLine;
import io.grpc.stub.CallStreamObserver;

/**
 * One open stream to a peer, dialled or accepted, with its numbering and its delay lines. Network
 * thread only.
 */
final class Pipe {
  final boolean dialled;
  final DelayLine sending;
  final DelayLine hearing;
  private final Endpoint self;
  private final long incarnation;
  private final CallStreamObserver<Envelope> out;
  private final Runnable close;
  private long seq;
  private long heardSeq;
  private boolean closed;

  /** {@code close}: ends the stream for good, whoever opened it. */
  Pipe(
      boolean dialled,
      Endpoint self,
      long incarnation,
      CallStreamObserver<Envelope> out,
      Runnable close,
      DelayLine sending,
      DelayLine hearing) {
    this.dialled = dialled;
    this.self = self;
    this.incarnation = incarnation;
    this.out = out;
    this.close = close;
    this.sending = sending;
    this.hearing = hearing;
  }

  /** An envelope without a message: who we are, and that we are here. */
  void greet(Endpoint peer) {
    put(peer, Envelope.newBuilder());
  }

  /** False when the stream is full or gone: the message is lost, as a network may do. */
  boolean send(Endpoint peer, Message message) {
    if (closed || !out.isReady()) {
      return false;
    }
    ByteString body = message.toByteString();
    put(peer, Envelope.newBuilder().setType(Wire.nameOf(message)).setBody(body));
    return true;
  }

  private void put(Endpoint peer, Envelope.Builder envelope) {
    if (!closed) {
      out.onNext(
          envelope
              .setFrom(self.toString())
              .setTo(peer.toString())
              .setIncarnation(incarnation)
              .setSeq(++seq)
              .build());
    }
  }

  /** Whether this envelope is the next of its stream; an old number is a repetition. */
  boolean isNew(Envelope envelope) {
    if (envelope.getSeq() <= heardSeq) {
      return false;
    }
    heardSeq = envelope.getSeq();
    return true;
  }

  /** Ends the stream; what was queued on it is lost. */
  void close() {
    if (!closed) {
      closed = true;
      sending.cut();
      hearing.cut();
      close.run();
    }
  }
}
