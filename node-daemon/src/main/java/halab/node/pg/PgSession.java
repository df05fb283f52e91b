package halab.node.pg;

import halab.node.sql.Session;
import halab.node.sql.SqlError;
import halab.node.sql.SqlFailure;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One client's session: the thread that works for it, and what others may do to it. The network's
 * threads put messages in at one end and take results at the other, and never wait.
 */
final class PgSession implements Runnable {
  static final SqlError CLOSING =
      SqlError.of("57P01", "terminating connection due to administrator command");

  /** A client that does not take its farewell for so long is left without. */
  private static final long FAREWELL_MS = 250;

  /** How long a statement goes on whose client has ended its side of the connection. */
  private static final long LEFT_MS = 2_000;

  private final PgServer server;
  private final int number;
  private final int key;
  private final Channel channel;
  private final Startup startup;
  private final Out out;
  private final Inbox inbox;
  private Session engine;
  private SqlError cut;

  PgSession(
      PgServer server, int number, int key, Channel channel, Startup startup, Out out, Inbox inbox) {
    this.server = server;
    this.number = number;
    this.key = key;
    this.channel = channel;
    this.startup = startup;
    this.out = out;
    this.inbox = inbox;
  }

  /** What the client is told as its backend's process number. */
  int number() {
    return number;
  }

  /** Who cancels its statements must know this. */
  int key() {
    return key;
  }

  /** Ends the running statement. From any thread. */
  synchronized void cancel() {
    if (engine != null) {
      engine.cancel();
    }
  }

  /** Ends the session; the client is told why if it listens. From any thread. */
  void cut(SqlError reason) {
    synchronized (this) {
      if (cut != null) {
        return;
      }
      cut = reason;
      if (engine != null) {
        engine.end(reason);
      }
    }
    inbox.close();
    channel.eventLoop().schedule(() -> channel.close(), FAREWELL_MS, TimeUnit.MILLISECONDS);
  }

  private synchronized void attach(Session session) throws SqlFailure {
    if (cut != null) {
      session.close();
      throw new SqlFailure(cut);
    }
    engine = session;
  }

  private synchronized Session detach() {
    Session session = engine;
    engine = null;
    return session;
  }

  @Override
  public void run() {
    try {
      attach(server.database().session(startup.user()));
      serve();
    } catch (SqlFailure e) {
      SqlError error = e.error();
      farewell(PgError.fatal(error.sqlState(), error.message()).hint(error.hint()));
    } catch (PgError e) {
      farewell(e.fatal ? e : PgError.fatal(e.sqlState, e.getMessage()));
    } catch (RuntimeException | Error e) {
      // Whatever it was, it must not leave a client waiting nor a session behind.
      System.err.println("halab: a SQL session failed: " + e);
      farewell(PgError.fatal("XX000", "internal error: " + e.getClass().getSimpleName()));
    } finally {
      end();
    }
  }

  private void serve() throws SqlFailure {
    String standby = server.readOnly() ? "on" : "off";
    Map<String, String> fixed =
        Map.of("in_hot_standby", standby, "session_authorization", startup.user());
    Settings settings = new Settings(fixed, startup.settings(), out::parameter);
    out.begin('K').int32(number).int32(key).end();
    new Conversation(server, engine, startup, number, settings, inbox, out).run();
    synchronized (this) {
      if (cut != null) {
        throw new SqlFailure(cut);
      }
    }
  }

  private void farewell(PgError e) {
    try {
      out.error(e);
      out.flush();
    } catch (RuntimeException failed) {
      // The client is gone; nobody is left to be told.
    }
  }

  private void end() {
    inbox.close();
    Session session = detach();
    try {
      if (session != null) {
        session.close();
      }
    } finally {
      out.drop();
      server.ended(this);
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  ChannelInboundHandler handler() {
    return new SimpleChannelInboundHandler<Frame>() {
      @Override
      protected void channelRead0(ChannelHandlerContext context, Frame frame) {
        inbox.put(frame);
      }

      @Override
      public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
          inbox.end();
          // Most often the client is gone: what it began and does not wait for ends soon.
          context.executor().schedule(PgSession.this::cancel, LEFT_MS, TimeUnit.MILLISECONDS);
        }
      }

      @Override
      public void channelWritabilityChanged(ChannelHandlerContext context) {
        out.wake();
      }

      @Override
      public void channelInactive(ChannelHandlerContext context) {
        inbox.close();
        out.wake();
        cancel();
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof PgError e) {
          cut(new SqlError(e.sqlState, e.getMessage(), e.detail, e.hint));
        } else {
          context.close();
        }
      }
    };
  }
}
