package halab.node.pg;

import halab.node.sql.Committer;
import halab.node.sql.Database;
import halab.node.sql.Gate;
import halab.node.sql.Options;
import halab.node.sql.Outcome;
import halab.node.sql.Proposal;
import halab.node.sql.SequenceSource;
import halab.node.sql.SqlError;
import halab.node.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A database alone in the world, served on a free port. */
final class Served implements AutoCloseable {
  private static final AtomicLong NAMES = new AtomicLong();
  static final int CONNECTIONS_MOST = 20;

  final Database database;
  final PgServer server;

  /** How often a statement has asked the instance to stop. */
  final AtomicInteger stops = new AtomicInteger();

  /** What the instance was asked to carry out; it refuses what holds "no". */
  final List<List<String>> carriedOut = new CopyOnWriteArrayList<>();

  final Gate gate = new Gate(Gate.State.OPEN, 10_000);

  Served() throws SqlFailure, IOException {
    this(Users.trust());
  }

  Served(Users users) throws SqlFailure, IOException {
    this(null, users, 0, CONNECTIONS_MOST);
  }

  /**
   * @param folder null for memory
   */
  Served(Path folder, Users users, int port, int connectionsMost) throws SqlFailure, IOException {
    Options options =
        new Options(folder, "test" + NAMES.incrementAndGet(), 0, connectionsMost, 1L << 30);
    database = Database.open(options, new Alone(), new Numbers(), gate);
    server =
        PgServer.start(
            database, new PgConfig("127.0.0.1", port, connectionsMost, 5_000, users, new Noted()));
  }

  private final class Noted implements Operations {
    @Override
    public List<String> procedures() {
      return List.of("SP_SET_GLOBAL_DW_STATUS", "SP_SET_PARA_VALUE");
    }

    @Override
    public void stop() {
      stops.incrementAndGet();
    }

    @Override
    public void carryOut(List<String> words) throws SqlFailure {
      carriedOut.add(words);
      if (words.contains("no")) {
        throw new SqlFailure(SqlError.of("55000", "it cannot be"));
      }
    }
  }

  String url(String more) {
    return "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database.name() + more;
  }

  Connection connect() throws SQLException {
    return connect(Map.of());
  }

  Connection connect(Map<String, String> properties) throws SQLException {
    Properties all = new Properties();
    all.setProperty("user", "ann");
    all.putAll(properties);
    return DriverManager.getConnection(url(""), all);
  }

  @Override
  public void close() throws SqlFailure {
    server.close();
    database.close();
  }

  /** Agrees to everything. */
  private static final class Alone implements Committer {
    private final AtomicLong lsn = new AtomicLong();

    @Override
    public Outcome commit(Proposal proposal) {
      long next = lsn.incrementAndGet();
      proposal.commitLocally(next);
      return Outcome.committed(next);
    }

    @Override
    public long position() {
      return lsn.get();
    }

    @Override
    public void broken(Throwable cause) {
      throw new AssertionError("the engine is broken", cause);
    }
  }

  private static final class Numbers implements SequenceSource {
    private final Map<String, Long> next = new HashMap<>();

    @Override
    public synchronized long next(String counter, int count) {
      long first = next.getOrDefault(counter, 0L);
      next.put(counter, first + count);
      return first;
    }
  }
}
