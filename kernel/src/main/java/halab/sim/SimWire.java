package halab.sim;

import halab.systems.SqlView;
import halab.systems.dm.SvcPeer;
import halab.systems.dm.SvcPlace;
import java.util.List;

/** How clients of a service reach simulated instances: past all networks, as users do. */
final class SimWire implements ServiceClients.Wire<SimWire.Line> {
  private static final String WHO = "V$INSTANCE";

  private final SimDriver driver;

  /** A connection ends with the life of the instance. */
  record Line(SimProcess instance, long life) {
    boolean up() {
      return instance.running() && instance.incarnation() == life;
    }
  }

  SimWire(SimDriver driver) {
    this.driver = driver;
  }

  @Override
  public Line connect(SvcPlace place) {
    for (SimProcess process : driver.world().engines()) {
      String host = process.endpoint().host();
      Integer port = driver.plan().host(host).sqlPorts().get(process.endpoint().role());
      if (host.equals(place.host()) && port == place.port() && process.servesReads()) {
        return new Line(process, process.incarnation());
      }
    }
    return null;
  }

  /** By the view that SQL shows, from the state alone. */
  @Override
  public SvcPeer peer(Line line) {
    if (!line.up()) {
      return null;
    }
    SqlView<Object> view =
        line.instance().role().data().views().stream()
            .filter(v -> v.name().equals(WHO))
            .findFirst()
            .orElseThrow();
    Object state = line.instance().state();
    List<Object> row = view.rows().of(state, new SqlView.Scene(0, List.of())).get(0);
    List<String> wanted = List.of(SvcPeer.COLUMNS.split(", "));
    List<String> names = view.columns().stream().map(SqlView.Column::name).toList();
    List<String> values = wanted.stream().map(w -> (String) row.get(names.indexOf(w))).toList();
    return new SvcPeer(values.get(0), values.get(1), values.get(2));
  }

  @Override
  public void close(Line line) {
    // Nothing is held.
  }

  @Override
  public void pause(long ms) {
    driver.await(ms, () -> false);
  }

  @Override
  public String ask(Line line, long atMostMs) {
    driver.await(atMostMs, () -> !line.up() || line.instance().servesReads());
    return !line.up() ? null : line.instance().servesReads() ? peer(line).instance() : "";
  }
}
