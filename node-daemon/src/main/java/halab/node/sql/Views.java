package halab.node.sql;

import java.util.List;
import java.util.function.Supplier;

/** Views over the state of the instance itself: read only, no part of redo or of the store. */
public interface Views {
  /** A column: its name as written ({@code STATUS$}) and its SQL type ({@code VARCHAR}). */
  record Column(String name, String type) {}

  /**
   * Defines (or replaces) a view that any session reads by its name, unquoted and in any case, e.g.
   * {@code v$instance}. The supplier is asked once per scan, on the session's thread, and must not
   * wait; each row has one value per column, as JDBC objects or null.
   */
  void define(String name, List<Column> columns, Supplier<List<Object[]>> rows);
}
