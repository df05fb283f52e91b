package halab.systems.dm;

import java.util.List;

/**
 * A client's session by the name of a service: connected to one of its places, or to none. Used by
 * one thread at a time.
 *
 * @param <C> a connection
 */
public final class SvcSession<C> {
  private static final int NOWHERE = -1;

  private final SvcDriver<C> driver;
  private C connection;
  private int at = NOWHERE;

  SvcSession(SvcDriver<C> driver) {
    this.driver = driver;
  }

  /** The connection; null when there is none. */
  public C connection() {
    return connection;
  }

  /** The place that it is connected to; null: none. */
  public SvcPlace place() {
    return at == NOWHERE ? null : driver.service().places().get(at);
  }

  /**
   * Connects: the list is gone through SWITCH_TIMES times with SWITCH_INTERVAL between two tries.
   *
   * @return null when it is connected, else why not
   */
  public SvcError connect() {
    List<Integer> order = driver.order();
    SvcService service = driver.service();
    for (long round = 0; round < service.switchTimes(); round++) {
      for (int i = 0; i < order.size(); i++) {
        if (round > 0 || i > 0) {
          driver.net().pause(service.switchIntervalMs());
        }
        if (go(order.get(i))) {
          return null;
        }
      }
    }
    return SvcError.NOBODY;
  }

  /**
   * The connection was lost amid a statement: with the summand 1 of AUTO_RECONNECT another one is
   * made, else the session is closed. Either way the statement has failed.
   *
   * @return what the user is told
   */
  public SvcError lost() {
    close();
    if (!driver.service().reconnects(SvcService.SWITCH)) {
      return SvcError.LOST;
    }
    SvcError failed = connect();
    return failed == null ? SvcError.SWITCHED : failed;
  }

  /**
   * What the driver does each CHECK_FREQ, between two transactions: goes where the session is
   * better off by the summands 2 and 4 of AUTO_RECONNECT. Each place is tried once.
   *
   * @return whether it is connected elsewhere now
   */
  public boolean check() {
    if (at == NOWHERE) {
      return false;
    }
    for (int place : driver.better(at)) {
      if (go(place)) {
        return true;
      }
    }
    return false;
  }

  private boolean go(int place) {
    C made = driver.accepted(place);
    if (made == null) {
      return false;
    }
    close();
    connection = made;
    at = place;
    driver.count(place, 1);
    return true;
  }

  /** Lets go of the connection; the session may connect again. */
  public void close() {
    if (at != NOWHERE) {
      driver.count(at, -1);
      driver.net().close(connection);
    }
    connection = null;
    at = NOWHERE;
  }
}
