package halab.cli.lab;

import halab.cli.Failure;
import halab.cli.fault.Links;
import halab.kernel.Endpoint;
import halab.runtime.admin.AdminClient;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.systems.LabPlan;
import java.util.List;
import java.util.Map;

/**
 * A lab as seen from one of its own hosts: the vendor's tools work there, over the networks that
 * the host is on, and what is done to hosts and networks is refused, for that comes from outside.
 */
final class Inside implements Backend {
  /** Environment variable that names the host on which a command runs. */
  static final String HOST = "HALAB_HOST";

  private final Lab lab;
  private final LabHost here;

  Inside(Lab lab, String here) {
    this.lab = lab;
    this.here = lab.host(here);
  }

  @Override
  public AdminClient dial(Endpoint process, long deadlineMs) {
    LabHost host = lab.host(process.host());
    String address =
        host.name().equals(here.name())
            ? LabHost.LOOPBACK
            : host.addresses().keySet().stream()
                .filter(here.addresses()::containsKey)
                .map(host::address)
                .findFirst()
                // Out of reach: a port that nobody listens on says so.
                .orElse(LabHost.LOOPBACK);
    return AdminClient.at(
        process.toString(), address, host.port(process.role()), lab.secret(), deadlineMs);
  }

  private Failure refused() {
    return Failure.no(
        "this is host "
            + here.name()
            + " of lab "
            + lab.name()
            + "; power and networks are changed from outside: run halab on the engine's machine");
  }

  @Override
  public boolean isOn(String host) {
    return true;
  }

  @Override
  public boolean anyOn() {
    return true;
  }

  @Override
  public String on(String host) {
    throw refused();
  }

  @Override
  public String off(String host) {
    throw refused();
  }

  @Override
  public String besides() {
    throw refused();
  }

  @Override
  public int offEverything() {
    throw refused();
  }

  @Override
  public void retire() {
    throw refused();
  }

  @Override
  public void remove() {
    throw refused();
  }

  @Override
  public void precheck(LabPlan plan) {
    throw refused();
  }

  @Override
  public LogFolder logs(String host) {
    return new LogFolder.Local(lab.log(host));
  }

  @Override
  public String outFile(Endpoint process) {
    return lab.log(process.host()).resolve(process.role() + ".out").toString();
  }

  @Override
  public Links links() {
    return new Links() {
      @Override
      public String apply(Change change) {
        throw refused();
      }

      @Override
      public Map<String, Long> bitten(List<Held> held) {
        return Map.of();
      }
    };
  }

  @Override
  public int clientPort(String address) {
    return lab.vips().getOrDefault(address, 0);
  }

  @Override
  public String sqlPlace(String host) {
    String address = host.equals(here.name()) ? LabHost.LOOPBACK : lab.host(host).address("public");
    return address + ":" + lab.host(host).sqlPort();
  }

  /** The network itself knows who holds it. */
  @Override
  public String vipPlace(String address) {
    return lab.hosts().stream()
        .flatMap(host -> host.sqlPorts().values().stream())
        .findFirst()
        .map(port -> address + ":" + port)
        .orElse(null);
  }

  @Override
  public String hostPlace(String host) {
    return lab.host(host).sqlPorts().isEmpty() ? null : sqlPlace(host);
  }

  @Override
  public List<String> within(String host, boolean typed) {
    if (host.equals(here.name())) {
      return null; // here is there
    }
    throw Failure.usage("--from: this is host " + here.name() + " already; run halab on " + host);
  }

  @Override
  public String madeOf() {
    return "containers";
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
