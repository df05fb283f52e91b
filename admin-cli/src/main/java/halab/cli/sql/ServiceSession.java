package halab.cli.sql;

import halab.bricks.Rng;
import halab.cli.Out;
import halab.cli.lab.LiveLab;
import halab.systems.dm.SvcDriver;
import halab.systems.dm.SvcError;
import halab.systems.dm.SvcService;
import halab.systems.dm.SvcSession;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** A user's session by the name of a service: the vendor's driver chooses the instance. */
public final class ServiceSession implements SqlSource, AutoCloseable {
  private final LiveLab lab;
  private final SvcSession<Connection> session;
  private final SvcService service;
  private final int answerMs;
  private long lookedNs = System.nanoTime();

  ServiceSession(LiveLab lab, SvcDriver<Connection> driver, int answerMs) {
    this.lab = lab;
    this.answerMs = answerMs;
    this.service = driver.service();
    this.session = driver.session();
  }

  /**
   * A session of this user; nothing is connected before the first statement.
   *
   * @param answerMs how long an answer is waited for; 0 for ever
   */
  public static ServiceSession of(Standpoint from, SvcService service, String user, int answerMs) {
    ServiceNet net = new ServiceNet(from, user, "halab sql", answerMs);
    Rng rng = new Rng(ThreadLocalRandom.current().nextLong());
    return new ServiceSession(from.lab(), new SvcDriver<>(service, net, rng), answerMs);
  }

  /** As {@link SqlSession#talk}. */
  public int talk(Out out, boolean json, List<String> statements, boolean typed)
      throws IOException {
    return new SqlConsole(this, out, json)
        .talk(
            statements,
            typed,
            lab.dir().resolve(SqlSession.HISTORY),
            "service " + service.name() + " of lab " + lab.name());
  }

  @Override
  public Connection connection() throws SQLException {
    look();
    SvcError failed = session.connection() == null ? session.connect() : null;
    if (failed != null) {
      throw new SQLException(failed.text(), "08001", failed.code());
    }
    return session.connection();
  }

  /** In the vendor's words when the connection is lost, after another one has been looked for. */
  @Override
  public String failed(SQLException error) {
    if (error.getErrorCode() == SvcError.NOBODY.code()) {
      return error.getMessage();
    }
    if (!SqlErrors.loses(error)) {
      return SqlSource.super.failed(error);
    }
    // To the vendor's driver an answer that does not come in time is a connection that is lost.
    String silent =
        SqlErrors.silent(error)
            ? SqlErrors.unanswered(String.valueOf(session.place()), answerMs) + "\n"
            : "";
    return silent + session.lost().text();
  }

  /** Once each CHECK_FREQ, before the first statement of a transaction. */
  private void look() {
    long sinceMs = (System.nanoTime() - lookedNs) / 1_000_000;
    if (service.checks() && sinceMs >= service.checkFreqMs() && idle(session.connection())) {
      lookedNs = System.nanoTime();
      session.check();
    }
  }

  private static boolean idle(Connection connection) {
    try {
      return connection != null
          && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
