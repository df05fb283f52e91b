package halab.systems;

import halab.kernel.Block;
import java.util.List;
import java.util.function.Function;

/**
 * One of the vendor's views over what a role knows, as a table for SQL.
 *
 * @param name as the vendor writes it ("V$INSTANCE"); found in upper and lower case
 * @param looksAt what is read from a disk for one look, null when the state says it all
 * @param rows one list of values per row, in the order of the columns
 */
public record SqlView<S>(
    String name, List<Column> columns, Function<S, Look> looksAt, Rows<S> rows) {

  /** What a column holds: {@link String}, {@link Integer}, {@link Long}, or ms since 1970. */
  public enum Type {
    TEXT,
    INTEGER,
    BIGINT,
    TIMESTAMP
  }

  public record Column(String name, Type type) {}

  /** Blocks of a disk that a look needs, freshly read. */
  public record Look(String disk, int first, int count) {}

  /**
   * What the process itself knows.
   *
   * @param startedWallMs when this life began, lab time
   * @param blocks what {@link #looksAt} asked for, else empty
   */
  public record Scene(long startedWallMs, List<Block> blocks) {}

  /** Fills the view. */
  public interface Rows<S> {
    /** A value is a String, Integer, Long, or null; a TIMESTAMP is a Long. */
    List<List<Object>> of(S state, Scene scene);
  }

  /** A view that needs no disk. */
  public static <S> SqlView<S> of(String name, List<Column> columns, Rows<S> rows) {
    return new SqlView<>(name, columns, s -> null, rows);
  }
}
