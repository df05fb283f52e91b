package halab.node.data;

import com.google.protobuf.ByteString;
import halab.node.sql.ChangeSet;
import halab.node.sql.Claim;
import halab.node.sql.SqlError;
import halab.redo.proto.WriteKey;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The changes of a transaction as a package carries them: one byte says how, then the bytes. Large
 * ones are compressed: rows repeat themselves, and a package has to fit into a segment.
 */
final class Payload {
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;
  private static final int COMPRESS_FROM_BYTES = 4096;
  private static final int BUFFER_BYTES = 1 << 16;

  private Payload() {}

  /** Why changes that would make a package of so many bytes are refused. */
  static SqlError tooLarge(int bytes, int most) {
    return new SqlError(
        "54000",
        "transaction too large: "
            + bytes
            + " bytes of redo, more than the "
            + most
            + " that fit into a redo segment",
        "",
        "Commit in smaller steps.");
  }

  /** What the transaction is judged by. */
  static List<WriteKey> keys(List<Claim> claims) {
    return claims.stream()
        .map(
            claim ->
                WriteKey.newBuilder()
                    .setKey(ByteString.copyFrom(claim.key().bytes()))
                    .setBase(claim.base())
                    .setShared(claim.shared())
                    .build())
        .toList();
  }

  static ByteString of(ChangeSet changes) {
    byte[] encoded = changes.encoded();
    return encoded.length < COMPRESS_FROM_BYTES
        ? ByteString.copyFrom(new byte[] {PLAIN}).concat(ByteString.copyFrom(encoded))
        : deflated(encoded);
  }

  private static ByteString deflated(byte[] encoded) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(encoded);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length / 4);
      out.write(DEFLATED);
      byte[] buffer = new byte[BUFFER_BYTES];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return ByteString.copyFrom(out.toByteArray());
    } finally {
      deflater.end();
    }
  }

  /**
   * @throws IllegalArgumentException when these are not the bytes of a change set
   */
  static ChangeSet read(ByteString payload) {
    if (payload.isEmpty()) {
      throw new IllegalArgumentException("an empty payload");
    }
    ByteString rest = payload.substring(1);
    return switch (payload.byteAt(0)) {
      case PLAIN -> ChangeSet.decode(rest.toByteArray());
      case DEFLATED -> ChangeSet.decode(inflated(rest.toByteArray()));
      default -> throw new IllegalArgumentException("a payload of kind " + payload.byteAt(0));
    };
  }

  private static byte[] inflated(byte[] bytes) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length * 4);
      byte[] buffer = new byte[BUFFER_BYTES];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new IllegalArgumentException("a compressed payload that ends too early");
        }
        if (out.size() + count > ChangeSet.BYTES_MOST) {
          throw new IllegalArgumentException("a compressed payload beyond 1 GiB");
        }
        out.write(buffer, 0, count);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a damaged compressed payload: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
