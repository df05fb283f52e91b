package halab.runtime.host;

import com.google.protobuf.UnsafeByteOperations;
import halab.admin.proto.Piece;
import halab.runtime.Net;
import halab.runtime.lab.LabHost;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One connection to a daemon of this host, carried by a stream of the agent: whoever reaches the
 * agent reaches its daemons, and hears at once of one that does not listen. Network thread only.
 */
final class Relay implements StreamObserver<Piece> {
  private static final int CONNECT_TIMEOUT_MS = 2000;
  private static final int WAITING_MOST = 64;

  private final LabHost host;
  private final Net net;
  private final ServerCallStreamObserver<Piece> out;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>();
  private Channel daemon;
  private boolean over;

  Relay(LabHost host, Net net, StreamObserver<Piece> out) {
    this.host = host;
    this.net = net;
    this.out = (ServerCallStreamObserver<Piece>) out;
    this.out.setOnCancelHandler(this::hangUp);
  }

  @Override
  public void onNext(Piece piece) {
    if (over) {
      return;
    }
    if (daemon == null) {
      connect(piece.getRole());
    }
    ByteBuf content = Unpooled.wrappedBuffer(piece.getContent().asReadOnlyByteBuffer());
    if (daemon != null && daemon.isActive()) {
      daemon.writeAndFlush(content);
    } else if (waiting.size() < WAITING_MOST) {
      waiting.add(content);
    } else {
      end(Status.RESOURCE_EXHAUSTED, "nobody takes what is sent");
    }
  }

  private void connect(String role) {
    Integer port = host.ports().get(role);
    if (port == null) {
      end(Status.INVALID_ARGUMENT, "host " + host.name() + " has no port for '" + role + "'");
      return;
    }
    daemon =
        new Bootstrap()
            .group(net.group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new Answers())
            .connect(LabHost.LOOPBACK, port)
            .addListener(
                f -> {
                  if (!f.isSuccess()) {
                    end(Status.FAILED_PRECONDITION, host.name() + "/" + role + " does not listen");
                  }
                })
            .channel();
  }

  private final class Answers extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      waiting.forEach(context::writeAndFlush);
      waiting.clear();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      if (!over) {
        byte[] content = ByteBufUtil.getBytes(bytes);
        out.onNext(Piece.newBuilder().setContent(UnsafeByteOperations.unsafeWrap(content)).build());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(Status.FAILED_PRECONDITION, "the daemon closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private void end(Status status, String why) {
    if (!over) {
      over = true;
      out.onError(status.withDescription(why).asRuntimeException());
    }
    hangUp();
  }

  private void hangUp() {
    over = true;
    waiting.clear();
    if (daemon != null) {
      daemon.close();
    }
  }

  @Override
  public void onError(Throwable cause) {
    hangUp();
  }

  @Override
  public void onCompleted() {
    if (!over) {
      over = true;
      out.onCompleted();
    }
    hangUp();
  }
}
