package halab.node.sql;

import java.util.List;
import org.h2.value.Value;

/**
 * What a transaction changed, one net change per row, or one definition. Immutable. {@link
 * #encoded} is what a redo package carries.
 */
public sealed interface ChangeSet {
  /** At most 1 GiB, checked before it is decoded; the usual limit is {@code changeBytesMost}. */
  int BYTES_MOST = 1 << 30;

  /** Rows of tables, each row once. */
  record Rows(List<Change> changes) implements ChangeSet {}

  /** One statement, run with this schema as the current one. */
  record Definition(String schema, String sql) implements ChangeSet {}

  /** Numbers of this counter below {@code next} are granted. */
  record Counter(String name, long next) implements ChangeSet {}

  /** A table by its name at that point of the redo. */
  record TableName(String schema, String name) {
    @Override
    public String toString() {
      return schema + "." + name;
    }
  }

  /** What became of a row. The values of a {@code DELETE} are its key only. */
  enum Kind {
    INSERT,
    UPDATE,
    DELETE
  }

  /** One row: all column values in the order of the table, or its key. */
  record Change(TableName table, Kind kind, Value[] values) {}

  /** The bytes, in a format with a version. */
  default byte[] encoded() {
    return ChangeSetCodec.encode(this);
  }

  /**
   * Reads {@link #encoded} bytes; every count is checked against the bytes that are there.
   *
   * @throws IllegalArgumentException when they are not a change set of a known version
   */
  static ChangeSet decode(byte[] bytes) {
    return ChangeSetCodec.decode(bytes);
  }
}
