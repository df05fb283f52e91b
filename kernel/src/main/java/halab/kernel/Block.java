package halab.kernel;

import com.google.protobuf.Message;

/**
 * What one block of a disk holds, as a role sees it: a message, nothing yet, or damage. Framing and
 * checksum are the edge's business ({@code bricks.Slots}), so that tables speak in messages only.
 *
 * @param payload the message, or null when the block is empty or damaged
 * @param damage what is wrong with the block ("checksum ..."), or null when nothing is
 * @param writer of one copy on a mirrored disk; null wherever nobody has to tell copies apart
 */
public record Block(Message payload, String damage, Writer writer) {
  public static final Block EMPTY = new Block(null, null, null);

  public static Block of(Message payload) {
    return new Block(payload, null, null);
  }

  public static Block damaged(String damage) {
    return new Block(null, damage, null);
  }

  /** The same content as one copy of several. */
  public Block by(Writer other) {
    return other == writer ? this : new Block(payload, damage, other);
  }

  /** The message if it is of this type, else null (empty, damaged or a stranger's). */
  public <T extends Message> T as(Class<T> type) {
    return type.isInstance(payload) ? type.cast(payload) : null;
  }
}
