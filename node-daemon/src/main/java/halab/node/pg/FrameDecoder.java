package halab.node.pg;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts a client's bytes into frames and refuses what is too large before it is read. */
final class FrameDecoder extends ByteToMessageDecoder {
  static final int SSL_REQUEST = 80877103;
  static final int GSS_REQUEST = 80877104;

  private static final String TYPES = "BCDEFHPQSXcdfp";
  private static final int STARTUP_MOST = 10_000;
  private static final int LOGIN_MOST = 65_536;
  private static final int LARGE = 65_536;

  private final Budget budget;
  private final int messageMost;
  private boolean started;
  private boolean dead;
  private int budgeted;
  private volatile boolean trusted;

  FrameDecoder(Budget budget, int messageMost) {
    this.budget = budget;
    this.messageMost = messageMost;
  }

  /** The client has proved who it is: its messages may be large from now on. */
  void trust() {
    trusted = true;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (dead) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      Frame frame = started ? message(in) : startup(in);
      if (frame != null) {
        out.add(frame);
      }
    } catch (PgError e) {
      dead = true;
      in.skipBytes(in.readableBytes());
      context.fireExceptionCaught(e);
    }
  }

  private Frame startup(ByteBuf in) {
    if (in.readableBytes() < 8) {
      return null;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 8 || length > STARTUP_MOST) {
      throw PgError.protocol("invalid length of startup packet");
    }
    if (in.readableBytes() < length) {
      return null;
    }
    in.skipBytes(4);
    int code = in.getInt(in.readerIndex());
    started = code != SSL_REQUEST && code != GSS_REQUEST;
    return new Frame(Frame.STARTUP, take(in, length - 4), 0);
  }

  private Frame message(ByteBuf in) {
    if (in.readableBytes() < 5) {
      return null;
    }
    char type = (char) in.getUnsignedByte(in.readerIndex());
    int length = in.getInt(in.readerIndex() + 1);
    if (TYPES.indexOf(type) < 0) {
      throw PgError.protocol("invalid frontend message type " + (int) type);
    }
    if (length < 4 || length - 4 > (trusted ? messageMost : LOGIN_MOST)) {
      throw PgError.protocol("invalid message length");
    }
    reserve(length - 4);
    if (in.readableBytes() - 1 < length) {
      return null;
    }
    in.skipBytes(5);
    Frame frame = new Frame(type, take(in, length - 4), budgeted);
    budgeted = 0;
    return frame;
  }

  private void reserve(int bytes) {
    if (bytes > LARGE && budgeted == 0) {
      if (!budget.take(bytes)) {
        throw PgError.fatal("53200", "out of memory")
            .detail("Messages of all sessions together hold too much memory.");
      }
      budgeted = bytes;
    }
  }

  private static byte[] take(ByteBuf in, int count) {
    byte[] bytes = new byte[count];
    in.readBytes(bytes);
    return bytes;
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    budget.give(budgeted);
    budgeted = 0;
  }
}
