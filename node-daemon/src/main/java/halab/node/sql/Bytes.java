package halab.node.sql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes being written or read: numbers with variable length, blocks with their length first. */
final class Bytes {
  private Bytes() {}

  /** Grows as it is written. */
  static final class Out extends ByteArrayOutputStream {
    Out one(int value) {
      write(value);
      return this;
    }

    Out number(long value) {
      long rest = (value << 1) ^ (value >> 63);
      while ((rest & ~0x7FL) != 0) {
        write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      write((int) rest);
      return this;
    }

    Out block(byte[] bytes) {
      number(bytes.length);
      writeBytes(bytes);
      return this;
    }

    Out text(String text) {
      return block(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Throws {@link IllegalArgumentException} when the bytes end early or make no sense. */
  static final class In {
    private final byte[] bytes;
    private int at;

    In(byte[] bytes) {
      this.bytes = bytes;
    }

    int one() {
      if (at >= bytes.length) {
        throw new IllegalArgumentException("change set ends early at byte " + at);
      }
      return bytes[at++] & 0xFF;
    }

    long number() {
      long rest = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int next = one();
        rest |= (long) (next & 0x7F) << shift;
        if (next < 0x80) {
          return (rest >>> 1) ^ -(rest & 1);
        }
      }
      throw new IllegalArgumentException("change set has a bad number at byte " + at);
    }

    /** A count of things that take at least one byte each. */
    int count() {
      long count = number();
      if (count < 0 || count > bytes.length - at) {
        throw new IllegalArgumentException("change set has a bad count at byte " + at);
      }
      return (int) count;
    }

    byte[] block() {
      int length = count();
      byte[] block = java.util.Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      return block;
    }

    String text() {
      return new String(block(), StandardCharsets.UTF_8);
    }

    void end() {
      if (at != bytes.length) {
        throw new IllegalArgumentException("change set goes on after its end at byte " + at);
      }
    }
  }
}
