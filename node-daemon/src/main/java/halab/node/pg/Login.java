package halab.node.pg;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A client up to the moment when it has proved who it is: start-up, refusal of encryption, cancel
 * requests, authentication. Costs no thread. Network thread only.
 */
final class Login extends SimpleChannelInboundHandler<Frame> {
  private static final int CANCEL_REQUEST = 80877102;
  private static final int VERSION_3 = 3 << 16;
  private static final int AUTHENTICATION_OK = 0;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;

  private final PgServer server;
  private Out out;
  private Startup startup;
  private Scram scram;
  private boolean proofExpected;
  private boolean over;

  Login(PgServer server) {
    this.server = server;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    out = new Out(context.channel());
    context
        .executor()
        .schedule(
            () -> {
              if (!over) {
                end(context);
              }
            },
            server.config().loginMs(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) {
    if (over) {
      return;
    }
    try {
      if (frame.type == Frame.STARTUP) {
        startup(context, frame);
      } else if (frame.type == 'p' && scram != null) {
        sasl(context, frame);
      } else if (frame.type == 'X') {
        end(context);
      } else {
        throw PgError.protocol("expected an answer to the authentication request");
      }
      if (!over) {
        out.flush();
      }
    } catch (PgError e) {
      refuse(context, e);
    }
  }

  private void startup(ChannelHandlerContext context, Frame frame) {
    int code = frame.int32();
    if (code == FrameDecoder.SSL_REQUEST || code == FrameDecoder.GSS_REQUEST) {
      context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'N'}));
    } else if (code == CANCEL_REQUEST) {
      server.cancel(frame.int32(), frame.int32());
      end(context);
    } else {
      startup = Startup.read(code, frame);
      if (startup.minor() > 0 || !startup.unknown().isEmpty()) {
        out.begin('v').int32(VERSION_3).int32(startup.unknown().size());
        startup.unknown().forEach(out::text);
        out.end();
      }
      authenticate(context);
    }
  }

  private void authenticate(ChannelHandlerContext context) {
    if (server.config().users().trusts()) {
      accept(context);
      return;
    }
    Optional<Verifier> known = server.config().users().verifier(startup.user());
    Verifier verifier = known.orElseGet(() -> server.decoy(startup.user()));
    scram = new Scram(verifier, known.isPresent());
    out.begin('R').int32(SASL).text(Scram.MECHANISM).int8(0).end();
  }

  private void sasl(ChannelHandlerContext context, Frame frame) {
    if (!proofExpected) {
      String mechanism = frame.text();
      if (!mechanism.equals(Scram.MECHANISM)) {
        throw PgError.protocol("client selected an invalid SASL authentication mechanism");
      }
      String first = Frame.utf8(frame.bytes(Math.max(frame.int32(), 0)));
      frame.end();
      proofExpected = true;
      step(SASL_CONTINUE, scram.first(first));
      return;
    }
    String answer = scram.last(Frame.utf8(frame.bytes(frame.remaining())));
    if (answer.isEmpty()) {
      throw PgError.fatal(
          "28P01", "password authentication failed for user \"" + startup.user() + "\"");
    }
    step(SASL_FINAL, answer);
    accept(context);
  }

  private void step(int kind, String text) {
    out.begin('R').int32(kind).bytes(text.getBytes(StandardCharsets.UTF_8)).end();
  }

  private void accept(ChannelHandlerContext context) {
    out.begin('R').int32(AUTHENTICATION_OK).end();
    out.flush();
    over = true;
    // From here on the session's own thread writes, nobody else.
    server.admit(context.channel(), startup, out);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      over = true;
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof PgError e && !over) {
      refuse(context, e);
    } else {
      context.close();
    }
  }

  private void refuse(ChannelHandlerContext context, PgError e) {
    over = true;
    PgError fatal = e.fatal ? e : PgError.fatal(e.sqlState, e.getMessage()).detail(e.detail);
    out.error(fatal);
    out.flush();
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void end(ChannelHandlerContext context) {
    over = true;
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over = true;
    out.drop();
  }
}
