package halab.node.pg;

import halab.node.sql.SqlFailure;
import java.util.List;

/** A statement that was understood and can be run, as often as its client likes. */
interface Command extends AutoCloseable {
  /** Numbers of the types of its parameters. */
  default int[] parameters() {
    return new int[0];
  }

  /** Columns of the rows it gives; null when it gives none. */
  default List<Column> columns() {
    return null;
  }

  /** Whether it runs in a transaction that has failed: what ends that transaction. */
  default boolean endsTransaction() {
    return false;
  }

  Answer run(List<Object> values) throws SqlFailure;

  @Override
  default void close() {}
}
