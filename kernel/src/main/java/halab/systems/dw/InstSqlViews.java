package halab.systems.dw;

import halab.systems.SqlView;
import java.util.List;

/** The vendor's views of an instance (reference 9.1). */
final class InstSqlViews {
  static final List<SqlView<InstState>> ALL = List.of();

  private InstSqlViews() {}
}
