package halab.node.pg;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One message of a client, read from the front to the end. Every read is checked: a message that is
 * shorter than it says is a broken protocol.
 */
final class Frame {
  /** Type of the packets that come before a session stands; they carry no type byte. */
  static final char STARTUP = 0;

  final char type;
  final int size;

  /** Bytes of the server's budget for large messages that this one holds; 0 when it is small. */
  final int budgeted;

  private final ByteBuffer body;

  Frame(char type, byte[] body, int budgeted) {
    this.type = type;
    this.size = body.length;
    this.budgeted = budgeted;
    this.body = ByteBuffer.wrap(body);
  }

  int remaining() {
    return body.remaining();
  }

  byte int8() {
    need(1);
    return body.get();
  }

  short int16() {
    need(2);
    return body.getShort();
  }

  int int32() {
    need(4);
    return body.getInt();
  }

  byte[] bytes(int count) {
    if (count < 0) {
      throw PgError.protocol("invalid length " + count + " in message");
    }
    need(count);
    byte[] bytes = new byte[count];
    body.get(bytes);
    return bytes;
  }

  /** A count of things of which each takes at least this many bytes of the message. */
  int count(int bytesEach) {
    int count = int16() & 0xffff;
    need(count * bytesEach);
    return count;
  }

  /** Text up to its zero byte. */
  String text() {
    int start = body.position();
    int end = start;
    while (end < body.limit() && body.get(end) != 0) {
      end++;
    }
    if (end == body.limit()) {
      throw PgError.protocol("invalid string in message");
    }
    byte[] bytes = bytes(end - start);
    body.get();
    return utf8(bytes);
  }

  void end() {
    if (body.hasRemaining()) {
      throw PgError.protocol("invalid message format");
    }
  }

  static String utf8(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') >= 0) {
        throw PgError.of("22021", "invalid byte sequence for encoding \"UTF8\": 0x00");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw PgError.of("22021", "invalid byte sequence for encoding \"UTF8\"");
    }
  }

  private void need(int count) {
    if (body.remaining() < count) {
      throw PgError.protocol("insufficient data left in message");
    }
  }
}
