package halab.runtime.vip;

import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.faults.FaultRules.Fate;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One address that clients connect to, and the host that holds it now. Connections go to the
 * holder's instance; those to a former holder are reset. Network thread only.
 */
final class Forwarder {
  private static final String NETWORK = "public";
  private static final int CONNECT_TIMEOUT_MS = 3000;
  private static final int MAX_CONNECTIONS = 2000;

  private final String here;
  private final FaultRules faults;
  private final Function<String, InetSocketAddress> way;
  private final List<Pair> pairs = new ArrayList<>();
  private String holder = "";
  private boolean holed;

  /** A client's connection and the one behind it, which may not stand yet. */
  private static final class Pair {
    final Channel client;
    Channel server;

    Pair(Channel client) {
      this.client = client;
    }
  }

  /**
   * An address that nobody holds yet.
   *
   * @param here the host where its clients stand, which nothing cuts off from itself
   * @param faults what holds between that host and all others
   * @param way where connections go while a host holds the address
   */
  Forwarder(String here, FaultRules faults, Function<String, InetSocketAddress> way) {
    this.here = here;
    this.faults = faults;
    this.way = way;
  }

  /** Listens for clients; the future says whether it could. */
  ChannelFuture listen(Net net, String address, int port) {
    return new ServerBootstrap()
        .group(net.group())
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel client) {
                net.run(() -> accepted(client));
              }
            })
        .bind(address, port)
        .awaitUninterruptibly();
  }

  String holder() {
    return holder;
  }

  int connections() {
    return pairs.size();
  }

  /** The address moved; an empty host means that nobody has it. */
  void holder(String host) {
    if (!host.equals(holder)) {
      resetAll();
      holder = host;
    }
  }

  void faultsChanged() {
    Fate fate = holder.isEmpty() ? Fate.DELIVER : faults.standing(network(), holder);
    if (fate == Fate.REFUSE || (holed && fate == Fate.DELIVER)) {
      resetAll();
    }
    holed = fate == Fate.SWALLOW;
  }

  private String network() {
    return holder.equals(here) ? FaultRules.LOCAL : NETWORK;
  }

  private void resetAll() {
    List.copyOf(pairs).forEach(this::reset);
  }

  private void reset(Pair pair) {
    pairs.remove(pair);
    abort(pair.client);
    if (pair.server != null) {
      abort(pair.server);
    }
  }

  /** Closes with a reset instead of a farewell. */
  private static void abort(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  /** A client connected; reading is off until the other side stands. */
  void accepted(Channel client) {
    Fate fate = holder.isEmpty() ? Fate.REFUSE : faults.onSend(network(), holder).fate();
    if (fate == Fate.REFUSE || pairs.size() >= MAX_CONNECTIONS) {
      abort(client);
      return;
    }
    Pair pair = new Pair(client);
    pairs.add(pair);
    client.closeFuture().addListener(f -> gone(pair));
    if (fate == Fate.DELIVER) {
      connect(pair);
    }
  }

  private void connect(Pair pair) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(pair.client.eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Copier(pair.client));
    ChannelFuture connecting = bootstrap.connect(way.apply(holder));
    pair.server = connecting.channel();
    pair.server.closeFuture().addListener(f -> gone(pair));
    connecting.addListener(
        f -> {
          if (!f.isSuccess()) {
            reset(pair);
          } else if (!holed && pair.client.isOpen()) {
            pair.client.pipeline().addLast(new Copier(pair.server));
            pair.client.read();
            pair.server.read();
          }
        });
  }

  /** One side ended: the other ends when what is under way has been written. */
  private void gone(Pair pair) {
    if (pairs.remove(pair)) {
      finish(pair.client);
      if (pair.server != null) {
        finish(pair.server);
      }
    }
  }

  private static void finish(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Copies what one side sends to the other, reading on only when it was taken. */
  private final class Copier extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Copier(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      other
          .writeAndFlush(bytes)
          .addListener(
              f -> {
                if (f.isSuccess() && !holed) {
                  context.channel().read();
                }
              });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      abort(context.channel());
    }
  }
}
