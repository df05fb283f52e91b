package halab.node.pg;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;

/**
 * What goes to one client. Messages gather here and go out in large pieces; a thread that runs
 * ahead of a slow reader waits, so that results never pile up in memory. Used by one thread at a
 * time.
 */
final class Out {
  private static final int PIECE = 32_768;
  private static final int NO_POSITION = 0;

  private final Channel channel;
  private final Object writable = new Object();
  private ByteBuf piece;
  private int lengthAt;

  Out(Channel channel) {
    this.channel = channel;
  }

  Out begin(char type) {
    if (piece == null) {
      piece = channel.alloc().buffer(PIECE / 4);
    }
    piece.writeByte(type);
    lengthAt = piece.writerIndex();
    piece.writeInt(0);
    return this;
  }

  Out int8(int value) {
    piece.writeByte(value);
    return this;
  }

  Out int16(int value) {
    piece.writeShort(value);
    return this;
  }

  Out int32(int value) {
    piece.writeInt(value);
    return this;
  }

  Out bytes(byte[] bytes) {
    piece.writeBytes(bytes);
    return this;
  }

  /** A value of a row with its length in front; null is SQL's null. */
  Out value(byte[] bytes) {
    if (bytes == null) {
      return int32(-1);
    }
    return int32(bytes.length).bytes(bytes);
  }

  Out text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8)).int8(0);
  }

  /** Drops a message that was begun. */
  void abandon() {
    piece.writerIndex(lengthAt - 1);
  }

  void end() {
    piece.setInt(lengthAt, piece.writerIndex() - lengthAt);
    if (piece.readableBytes() >= PIECE) {
      flush();
    }
  }

  /** Sends what has gathered; waits while the client is behind and its connection stands. */
  void flush() {
    if (piece == null) {
      return;
    }
    ByteBuf full = piece;
    piece = null;
    channel.writeAndFlush(full, channel.voidPromise());
    if (channel.isWritable() || channel.eventLoop().inEventLoop()) {
      return;
    }
    synchronized (writable) {
      while (channel.isActive() && !channel.isWritable()) {
        try {
          writable.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw PgError.fatal("57P01", "terminating connection due to administrator command");
        }
      }
    }
  }

  /** The connection's state changed: whoever waits looks again. */
  void wake() {
    synchronized (writable) {
      writable.notifyAll();
    }
  }

  /** Gives the memory back when nothing will be sent any more. */
  void drop() {
    if (piece != null) {
      piece.release();
      piece = null;
    }
  }

  void simple(char type) {
    begin(type).end();
  }

  void complete(String tag) {
    begin('C').text(tag).end();
  }

  void ready(char status) {
    begin('Z').int8(status).end();
  }

  void parameter(String name, String value) {
    begin('S').text(name).text(value).end();
  }

  void error(PgError e) {
    report('E', e.severity(), e.sqlState, e.getMessage(), e.detail, e.hint, e.position);
  }

  void warning(String sqlState, String message) {
    report('N', "WARNING", sqlState, message, "", "", NO_POSITION);
  }

  void notice(String sqlState, String message) {
    report('N', "NOTICE", sqlState, message, "", "", NO_POSITION);
  }

  private void report(
      char type,
      String severity,
      String sqlState,
      String message,
      String detail,
      String hint,
      int position) {
    begin(type).field('S', severity).field('V', severity).field('C', sqlState).field('M', message);
    field('D', detail).field('H', hint);
    field('P', position == NO_POSITION ? "" : Integer.toString(position));
    int8(0).end();
  }

  private Out field(char name, String value) {
    return value == null || value.isEmpty() ? this : int8(name).text(value.replace("\0", ""));
  }
}
