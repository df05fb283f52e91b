package halab.systems.dm;

import halab.systems.SqlView;
import halab.systems.SqlView.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the vendor's views are put together from. */
public final class SqlViewParts {
  private SqlViewParts() {}

  /** The columns of a view, in order. */
  public static List<SqlView.Column> columns(SqlView.Column... all) {
    return List.of(all);
  }

  /**
   * The columns of a view in short: names with blanks between them, each INTEGER unless {@code
   * :text}, {@code :bigint} or {@code :timestamp} follows its name.
   */
  public static List<SqlView.Column> columns(String names) {
    return Stream.of(names.split(" ")).map(SqlViewParts::column).toList();
  }

  private static SqlView.Column column(String text) {
    String name = text.replaceFirst(":.*", "");
    Type type =
        switch (text.substring(name.length())) {
          case "" -> Type.INTEGER;
          case ":text" -> Type.TEXT;
          case ":bigint" -> Type.BIGINT;
          case ":timestamp" -> Type.TIMESTAMP;
          default -> throw new IllegalArgumentException("column " + text);
        };
    return c(name, type);
  }

  /** One column. */
  public static SqlView.Column c(String name, SqlView.Type type) {
    return new SqlView.Column(name, type);
  }

  /** One row; values may be null. */
  public static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  /** A row of each. */
  public static <T> List<List<Object>> each(List<T> all, Function<T, List<Object>> row) {
    return all.stream().map(row).toList();
  }
}
