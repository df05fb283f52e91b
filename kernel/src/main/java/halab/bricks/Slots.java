package halab.bricks;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import halab.kernel.Block;
import halab.kernel.Check;
import halab.kernel.Endpoint;
import halab.kernel.Wire;
import halab.kernel.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The framing of a disk block: who wrote what, when in its life, and a checksum over all of it.
 * Knows nothing of what the blocks mean. An all-zero block is empty; everything else that is not a
 * sound frame for its own place is damaged, with a reason.
 *
 * <pre>
 *  0 magic "HALB"   4 version   5 owner length   6 type length   7 zero   8 payload length (2)
 * 10 block number (4)   14 owner's incarnation (8)   22 write counter (8)
 * 30 owner, type, payload, zeros   508 CRC32C of bytes 0 to 507
 * </pre>
 */
public final class Slots {
  public static final int BLOCK_BYTES = 512;
  private static final int MAGIC = 0x48414C42;
  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 30;
  private static final int CRC_AT = BLOCK_BYTES - 4;

  private Slots() {}

  /** Frames a message; one that does not fit is a {@link Check} failure. */
  public static byte[] frame(int block, Writer writer, Message payload) {
    byte[] owner = writer.owner().toString().getBytes(StandardCharsets.UTF_8);
    byte[] type = Wire.nameOf(payload).getBytes(StandardCharsets.UTF_8);
    byte[] body = payload.toByteArray();
    int used = HEADER_BYTES + owner.length + type.length + body.length;
    Check.that(
        used <= CRC_AT && owner.length < 256 && type.length < 256,
        "%s of %d bytes does not fit into a block",
        Wire.nameOf(payload),
        body.length);
    ByteBuffer out = ByteBuffer.allocate(BLOCK_BYTES);
    out.putInt(MAGIC).put(VERSION).put((byte) owner.length).put((byte) type.length).put((byte) 0);
    out.putShort((short) body.length).putInt(block);
    out.putLong(writer.incarnation()).putLong(writer.counter());
    out.put(owner).put(type).put(body);
    out.putInt(CRC_AT, checksum(out.array()));
    return out.array();
  }

  /** What the frame holds for someone who asked for this block number. */
  public static Block read(int block, byte[] frame, Wire wire) {
    String damage = damage(block, frame);
    if (damage != null) {
      return Block.damaged(damage);
    }
    if (isEmpty(frame)) {
      return Block.EMPTY;
    }
    ByteBuffer in = ByteBuffer.wrap(frame);
    int typeAt = HEADER_BYTES + Byte.toUnsignedInt(in.get(5));
    int bodyAt = typeAt + Byte.toUnsignedInt(in.get(6));
    String type = new String(frame, typeAt, bodyAt - typeAt, StandardCharsets.UTF_8);
    int bodyEnd = bodyAt + Short.toUnsignedInt(in.getShort(8));
    try {
      return Block.of(wire.parse(type, Arrays.copyOfRange(frame, bodyAt, bodyEnd)));
    } catch (InvalidProtocolBufferException e) {
      return Block.damaged("payload: " + e.getMessage());
    }
  }

  /** As {@link #read}, with its writer, for those who compare copies. */
  public static Block copy(int block, byte[] frame, Wire wire) {
    return read(block, frame, wire).by(writer(block, frame));
  }

  /** The writer of a sound, filled frame; null for any other. */
  public static Writer writer(int block, byte[] frame) {
    if (damage(block, frame) != null || isEmpty(frame)) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(frame);
    int length = Byte.toUnsignedInt(in.get(5));
    String owner = new String(frame, HEADER_BYTES, length, StandardCharsets.UTF_8);
    return new Writer(Endpoint.parse(owner), in.getLong(14), in.getLong(22));
  }

  /** What is wrong with the frame, or null. The payload's own sense is not looked at. */
  private static String damage(int block, byte[] frame) {
    if (frame.length != BLOCK_BYTES) {
      return "length " + frame.length + " instead of " + BLOCK_BYTES;
    }
    if (isEmpty(frame)) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(frame);
    if (in.getInt(0) != MAGIC) {
      return "magic wrong";
    }
    if (in.getInt(CRC_AT) != checksum(frame)) {
      return "checksum wrong";
    }
    if (in.get(4) != VERSION) {
      return "version " + in.get(4) + " instead of " + VERSION;
    }
    if (in.getInt(10) != block) {
      return "block number " + in.getInt(10) + " instead of " + block;
    }
    int used =
        HEADER_BYTES
            + Byte.toUnsignedInt(in.get(5))
            + Byte.toUnsignedInt(in.get(6))
            + Short.toUnsignedInt(in.getShort(8));
    return used <= CRC_AT ? null : "lengths beyond the block";
  }

  private static boolean isEmpty(byte[] frame) {
    for (byte b : frame) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static int checksum(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
