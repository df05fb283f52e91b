package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;

import halab.node.redo.RedoShape;
import halab.node.sql.PreparedSql;
import halab.node.sql.Result;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A single instance within the test, on a device that can be made to fail. */
final class Single implements AutoCloseable {
  static final RedoShape SMALL = new RedoShape(1 << 16, 4);

  final FaultyDevice device;
  final SingleData data;
  final AtomicReference<Throwable> end = new AtomicReference<>();

  Single(Path folder, RedoShape shape) throws IOException, SqlFailure {
    device = new FaultyDevice(SingleData.device(folder, shape));
    data = SingleData.open(folder, device, shape, 3_600_000, e -> end.compareAndSet(null, e));
  }

  Session session() throws SqlFailure {
    return data.database().session("ann");
  }

  /** Runs each and commits at the end. */
  void commit(String... sqls) throws SqlFailure {
    try (Session session = session()) {
      commit(session, sqls);
    }
  }

  static void commit(Session session, String... sqls) throws SqlFailure {
    for (String sql : sqls) {
      try (PreparedSql prepared = session.prepare(sql);
          Result result = prepared.execute(List.of())) {
        assertThat(result.rows()).isNull();
      }
    }
    session.commit();
  }

  /** Numbers of the first column, in the order of the query. */
  List<Long> numbers(String query) throws SqlFailure, SQLException {
    List<Long> numbers = new ArrayList<>();
    try (Session session = session();
        PreparedSql prepared = session.prepare(query);
        Result result = prepared.execute(List.of())) {
      ResultSet rows = result.rows();
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  @Override
  public void close() throws IOException, SqlFailure {
    data.close();
  }
}
