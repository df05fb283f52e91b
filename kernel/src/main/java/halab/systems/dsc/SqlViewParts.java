package halab.systems.dsc;

import halab.systems.SqlView;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What the vendor's views are put together from. */
final class SqlViewParts {
  private SqlViewParts() {}

  static List<SqlView.Column> columns(SqlView.Column... all) {
    return List.of(all);
  }

  static SqlView.Column c(String name, SqlView.Type type) {
    return new SqlView.Column(name, type);
  }

  static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  static <T> List<List<Object>> each(List<T> all, Function<T, List<Object>> row) {
    return all.stream().map(row).toList();
  }
}
