package halab.node.sql;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What two transactions may quarrel about, as opaque bytes: a row by its primary key, a value of a
 * unique key, a table's definition. Equal bytes, equal thing, on every instance.
 */
public final class WriteKey {
  private final byte[] bytes;
  private final int hash;

  public WriteKey(byte[] bytes) {
    this.bytes = bytes.clone();
    this.hash = Arrays.hashCode(bytes);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WriteKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
