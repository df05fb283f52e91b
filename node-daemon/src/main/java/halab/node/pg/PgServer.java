package halab.node.pg;

import halab.node.sql.Database;
import halab.node.sql.SqlError;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves a database to PostgreSQL's clients: psql, pgbench and every driver, by the wire protocol,
 * version 3. What is spoken and what is refused stands in docs/sql.md.
 */
public final class PgServer implements AutoCloseable {
  /** Connections beyond the sessions: for cancel requests and for telling others why not. */
  private static final int CONNECTIONS_MORE = 50;

  private static final int NETWORK_THREADS = 2;
  private static final int UNSENT_LOW = 64 << 10;
  private static final int UNSENT_HIGH = 256 << 10;
  private static final long END_MS = 5_000;

  private final Database database;
  private final PgConfig config;
  private final Catalogue catalogue;
  private final Budget budget = new Budget(PgConfig.MESSAGES_MOST);
  private final MultiThreadIoEventLoopGroup network =
      new MultiThreadIoEventLoopGroup(NETWORK_THREADS, NioIoHandler.newFactory());
  private final ExecutorService workers = Executors.newCachedThreadPool(PgServer::worker);
  private final Map<Integer, PgSession> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger numbers = new AtomicInteger();
  private final byte[] secret = new byte[32];
  private final SecureRandom random = new SecureRandom();
  private volatile boolean readOnly;
  private volatile boolean closing;
  private Channel listener;

  private PgServer(Database database, PgConfig config) {
    this.database = database;
    this.config = config;
    this.catalogue = new Catalogue(database.name(), config.users().names());
    random.nextBytes(secret);
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "sql session");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Listens and serves.
   *
   * @throws IOException when the address cannot be listened on; says which and why
   */
  public static PgServer start(Database database, PgConfig config) throws IOException {
    PgServer server = new PgServer(database, config);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(server.network)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(UNSENT_LOW, UNSENT_HIGH))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    server.accepted(client);
                  }
                });
    ChannelFuture bound = bootstrap.bind(config.host(), config.port()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      server.close();
      throw new IOException(
          String.format(
              "SQL cannot listen on %s:%d (%s): end the other program or change the port",
              config.host(), config.port(), bound.cause().getMessage()),
          bound.cause());
    }
    server.listener = bound.channel();
    return server;
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Sessions that are served now. */
  public int sessions() {
    return sessions.size();
  }

  /** Connections that stand now, those that have not logged in included. */
  public int connections() {
    return connections.get();
  }

  /** From now on changes are refused (25006), and drivers that look for a primary pass on. */
  public void readOnly(boolean standby) {
    readOnly = standby;
  }

  boolean readOnly() {
    return readOnly;
  }

  PgConfig config() {
    return config;
  }

  Database database() {
    return database;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  long largeMessageBytes() {
    return budget.taken();
  }

  private void accepted(Channel client) {
    if (closing || connections.incrementAndGet() > config.connectionsMost() + CONNECTIONS_MORE) {
      connections.decrementAndGet();
      client.close();
      return;
    }
    client.closeFuture().addListener(f -> connections.decrementAndGet());
    client.pipeline().addLast(new FrameDecoder(budget, PgConfig.MESSAGE_MOST), new Login(this));
  }

  Verifier decoy(String user) {
    return Verifier.decoy(secret, user);
  }

  /** The client has proved who it is: gives it a session with a thread of its own. */
  void admit(Channel client, Startup startup, Out out) {
    if (sessions.size() >= config.connectionsMost()) {
      throw PgError.fatal("53300", "sorry, too many clients already");
    }
    int number = numbers.incrementAndGet();
    PgSession session =
        new PgSession(this, number, random.nextInt(), client, startup, out, new Inbox(client, budget));
    sessions.put(number, session);
    client.pipeline().get(FrameDecoder.class).trust();
    client.pipeline().replace(Login.class, "session", session.handler());
    if (closing) {
      session.cut(PgSession.CLOSING);
    }
    workers.execute(session);
  }

  void ended(PgSession session) {
    sessions.remove(session.number());
  }

  void cancel(int number, int key) {
    PgSession session = sessions.get(number);
    if (session != null && session.key() == key) {
      session.cancel();
    }
  }

  /** Ends every session at once; each client is told this. New ones may come. */
  public void cut(SqlError reason) {
    new ArrayList<>(sessions.values()).forEach(s -> s.cut(reason));
  }

  /** Stops listening and ends every session with 57P01. Waits up to five seconds for their ends. */
  @Override
  public void close() {
    closing = true;
    if (listener != null) {
      listener.close().awaitUninterruptibly(END_MS);
    }
    cut(PgSession.CLOSING);
    workers.shutdown();
    try {
      if (!workers.awaitTermination(END_MS, TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
    network.shutdownGracefully(0, END_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(END_MS);
    catalogue.close();
  }
}
