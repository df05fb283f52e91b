package halab.runtime;

import halab.runtime.admin.SecretHeader;
import halab.runtime.lab.Lab;
import halab.runtime.lab.Secret;
import halab.systems.ConfigException;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The one network thread of a process, shared by its server, its links and its disk client. State
 * that belongs to the network is touched on this thread only; nothing on it may block.
 */
public final class Net implements AutoCloseable {
  /** Bound of one message on a wire of the lab. */
  public static final int MAX_MESSAGE_BYTES = 1 << 20;

  /** The same between instances that hold rows, whose packages are larger. */
  public static final int MAX_PACKAGE_BYTES = 16 << 20;

  private static final int MAX_CALLS_PER_CONNECTION = 256;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop thread = group.next();
  private final Secret secret;
  private final int messageBytesMost;
  private Server server;

  public Net(Secret secret) {
    this(secret, MAX_MESSAGE_BYTES);
  }

  /** Of a process that takes messages up to so many bytes. */
  public Net(Secret secret, int messageBytesMost) {
    this.secret = secret;
    this.messageBytesMost = messageBytesMost;
  }

  /**
   * Listens for calls that carry the secret. A port that is taken is a {@link ConfigException}
   * naming it.
   *
   * @param who the process, for the error line
   */
  public void serve(Lab lab, String who, String address, int port, List<BindableService> services) {
    serve(lab, who, address, List.of(port), services);
  }

  /** As above, on several ports alike. */
  public void serve(
      Lab lab, String who, String address, List<Integer> ports, List<BindableService> services) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(address, ports.get(0)))
            .bossEventLoopGroup(group)
            .workerEventLoopGroup(group)
            .channelType(NioServerSocketChannel.class)
            .directExecutor()
            .maxInboundMessageSize(messageBytesMost)
            .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
            .intercept(SecretHeader.require(secret));
    services.forEach(builder::addService);
    ports.stream()
        .skip(1)
        .forEach(port -> builder.addListenAddress(new InetSocketAddress(address, port)));
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  lab.dir().resolve(Lab.FILE).toString(),
                  0,
                  who + " cannot listen on " + address + ":" + taken(ports) + ", the port is taken",
                  "end the other program or give " + who + " another port")));
    }
  }

  private static String taken(List<Integer> ports) {
    return String.join(" or ", ports.stream().map(String::valueOf).toList());
  }

  /** A new connection that carries the secret on every call; made when first used. */
  public ManagedChannel channel(String address, int port) {
    return NettyChannelBuilder.forAddress(new InetSocketAddress(address, port))
        .eventLoopGroup(group)
        .channelType(NioSocketChannel.class)
        .usePlaintext()
        .directExecutor()
        .maxInboundMessageSize(messageBytesMost)
        .intercept(SecretHeader.send(secret))
        .build();
  }

  /** Runs this on the network thread: at once if we are on it, else soon. */
  public void run(Runnable work) {
    if (thread.inEventLoop()) {
      work.run();
    } else {
      thread.execute(work);
    }
  }

  /** Runs this on the network thread after so many real milliseconds. */
  public ScheduledFuture<?> later(long realMs, Runnable work) {
    return thread.schedule(work, realMs, TimeUnit.MILLISECONDS);
  }

  public MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /** Waits, briefly, until what was handed to the network before has been written. */
  public void flush() {
    try {
      for (int pass = 0; pass < 2; pass++) {
        thread.submit(() -> {}).get(200, TimeUnit.MILLISECONDS);
      }
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** For tests: daemons end by halting. */
  @Override
  public void close() {
    if (server != null) {
      server.shutdownNow();
    }
    group.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS);
  }
}
