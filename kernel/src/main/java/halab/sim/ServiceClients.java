package halab.sim;

import halab.bricks.Rng;
import halab.kernel.ExitCode;
import halab.systems.dm.SvcDriver;
import halab.systems.dm.SvcError;
import halab.systems.dm.SvcPlace;
import halab.systems.dm.SvcService;
import halab.systems.dm.SvcSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The clients of a scenario that find instances by a service of the vendor's, all in one program:
 * those of equal services share a driver. The same for every executor.
 *
 * @param <C> a connection
 */
public final class ServiceClients<C> {
  /**
   * Connections, and what is asked over them.
   *
   * @param <C> a connection
   */
  public interface Wire<C> extends SvcDriver.Net<C> {
    /**
     * Asks the instance for its name, by SQL.
     *
     * @return null when the connection is lost; empty when no answer came in time
     */
    String ask(C connection, long atMostMs);
  }

  private final Wire<C> wire;
  private final Map<SvcService, SvcDriver<C>> drivers = new LinkedHashMap<>();
  private final Map<String, Client<C>> clients = new TreeMap<>();
  private boolean busy;

  private static final class Client<C> {
    final SvcSession<C> session;
    final SvcService service;
    long checkedMs;

    Client(SvcDriver<C> driver, long nowMs) {
      this.service = driver.service();
      this.session = driver.session();
      this.checkedMs = nowMs;
    }
  }

  public ServiceClients(Wire<C> wire) {
    this.wire = wire;
  }

  /** Connects a client of this name; one that is there already lets go of its connection. */
  public LabDriver.Answer open(String name, SvcService service, long nowMs) {
    close(name);
    SvcDriver<C> driver =
        drivers.computeIfAbsent(service, s -> new SvcDriver<>(s, wire, new Rng(drivers.size())));
    Client<C> client = new Client<>(driver, nowMs);
    clients.put(name, client);
    busy = true;
    SvcError failed = client.session.connect();
    busy = false;
    return said(failed, failed == null ? client.session.place().toString() : "");
  }

  /**
   * A client asks its instance for its name. One that has no connection connects first.
   *
   * @return exit code 1 and the vendor's error, or -1 when no answer came in time
   */
  public LabDriver.Answer ask(String name, long atMostMs) {
    SvcSession<C> session = clients.get(name).session;
    busy = true;
    try {
      SvcError failed = session.connection() == null ? session.connect() : null;
      if (failed != null) {
        return said(failed, "");
      }
      String answer = wire.ask(session.connection(), atMostMs);
      if (answer == null) {
        return said(session.lost(), "");
      }
      return new LabDriver.Answer(answer.isEmpty() ? -1 : ExitCode.OK, answer);
    } finally {
      busy = false;
    }
  }

  private static LabDriver.Answer said(SvcError failed, String otherwise) {
    return failed == null
        ? new LabDriver.Answer(ExitCode.OK, otherwise)
        : new LabDriver.Answer(ExitCode.NO, failed.text());
  }

  /** The place that a client is connected to as far as it knows; null: none. */
  public SvcPlace at(String name) {
    Client<C> client = clients.get(name);
    return client == null ? null : client.session.place();
  }

  /** Lets drivers look whose CHECK_FREQ has gone by; called again and again. */
  public void tick(long nowMs) {
    if (busy) {
      return;
    }
    for (Client<C> client : clients.values()) {
      if (client.service.checks() && nowMs - client.checkedMs >= client.service.checkFreqMs()) {
        client.checkedMs = nowMs;
        client.session.check();
      }
    }
  }

  private void close(String name) {
    Client<C> before = clients.remove(name);
    if (before != null) {
      before.session.close();
    }
  }
}
