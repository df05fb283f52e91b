package halab.cli.load;

import halab.bricks.Rng;
import halab.cli.sql.ServiceNet;
import halab.cli.sql.Standpoint;
import halab.systems.dm.SvcDriver;
import halab.systems.dm.SvcError;
import halab.systems.dm.SvcPeer;
import halab.systems.dm.SvcPlace;
import halab.systems.dm.SvcService;
import halab.systems.dm.SvcSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A lab by the name of a service: the vendor's driver chooses the instance of each client. Whoever
 * loses a connection is told so by PostgreSQL's driver, and gets the next one by the service.
 */
public final class ServiceWhere implements Where {
  private final ReentrantLock lock = new ReentrantLock();
  private final SvcDriver<Connection> driver;
  private final List<Held> held = new ArrayList<>();

  /** A client's session and when its driver last looked for a better place. */
  private static final class Held {
    final SvcSession<Connection> session;
    long lookedNs = System.nanoTime();

    Held(SvcSession<Connection> session) {
      this.session = session;
    }
  }

  /** The net of a driver that several threads use: who waits for an instance lets others in. */
  private final class Shared implements SvcDriver.Net<Connection> {
    private final ServiceNet net;

    Shared(ServiceNet net) {
      this.net = net;
    }

    @Override
    public Connection connect(SvcPlace place) {
      return unlocked(() -> net.connect(place));
    }

    @Override
    public SvcPeer peer(Connection connection) {
      return unlocked(() -> net.peer(connection));
    }

    @Override
    public void close(Connection connection) {
      net.close(connection);
    }

    @Override
    public void pause(long ms) {
      unlocked(
          () -> {
            net.pause(ms);
            return null;
          });
    }

    private <T> T unlocked(Supplier<T> wait) {
      lock.unlock();
      try {
        return wait.get();
      } finally {
        lock.lock();
      }
    }
  }

  private ServiceWhere(ServiceNet net, SvcService service) {
    this.driver =
        new SvcDriver<>(service, new Shared(net), new Rng(ThreadLocalRandom.current().nextLong()));
  }

  /**
   * A service of a lab.
   *
   * @param from where the clients are
   * @param user who they are
   * @param answerMs how long an answer is waited for, rounded up to a second
   */
  public static ServiceWhere of(Standpoint from, SvcService service, String user, long answerMs) {
    return new ServiceWhere(new ServiceNet(from, user, "halab load", answerMs), service);
  }

  @Override
  public Connection connection() throws SQLException {
    lock.lock();
    try {
      forgetClosed();
      SvcSession<Connection> session = driver.session();
      SvcError failed = session.connect();
      if (failed != null) {
        throw new SQLException(failed.text(), "08001", failed.code());
      }
      held.add(new Held(session));
      return session.connection();
    } finally {
      lock.unlock();
    }
  }

  private void forgetClosed() throws SQLException {
    for (int i = held.size() - 1; i >= 0; i--) {
      if (held.get(i).session.connection().isClosed()) {
        held.remove(i).session.close();
      }
    }
  }

  @Override
  public Connection current(Connection before) {
    SvcService service = driver.service();
    if (!service.checks()) {
      return before;
    }
    lock.lock();
    try {
      for (Held each : held) {
        if (each.session.connection() == before) {
          if ((System.nanoTime() - each.lookedNs) / 1_000_000 >= service.checkFreqMs()) {
            each.lookedNs = System.nanoTime();
            each.session.check();
          }
          return each.session.connection();
        }
      }
      return before;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String place() {
    return "service " + driver.service().name() + " " + driver.service().places();
  }

  @Override
  public String address(Connection connection) throws SQLException {
    return LabWhere.instance(connection);
  }
}
