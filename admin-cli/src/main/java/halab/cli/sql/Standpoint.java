package halab.cli.sql;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.runtime.vip.HostClients;
import java.io.IOException;

/** Where a client of a lab stands, and so by which ways it reaches instances. */
public final class Standpoint implements AutoCloseable {
  private final LiveLab lab;
  private final HostClients onHost;

  private Standpoint(LiveLab lab, HostClients onHost) {
    this.lab = lab;
    this.onHost = onHost;
  }

  /** Beside all hosts. */
  public static Standpoint outside(LiveLab lab) {
    return new Standpoint(lab, null);
  }

  /**
   * On a host of a lab whose hosts share this machine.
   *
   * @throws Failure if there is no such host, or it is off
   */
  public static Standpoint on(LiveLab lab, String host) throws IOException {
    if (!lab.hosts().contains(host)) {
      throw Failure.usage("--from " + host + ": hosts of lab " + lab.name() + ": " + lab.hosts());
    }
    if (!lab.backend().isOn(host)) {
      throw Failure.no("--from " + host + ": the host is off");
    }
    return new Standpoint(lab, new HostClients(lab.model(), host));
  }

  LiveLab lab() {
    return lab;
  }

  /** HOST:PORT of a movable address; null: none. */
  String address(String address) {
    return onHost == null ? lab.backend().vipPlace(address) : onHost.place(address);
  }

  /** HOST:PORT of a host's instance over the public network; null: none. */
  String host(String host) {
    return onHost == null ? lab.backend().hostPlace(host) : onHost.place(host);
  }

  /**
   * HOST:PORT of a host's instance, from outside past all networks.
   *
   * @throws IllegalArgumentException if the host has none
   */
  String instance(String host) {
    if (onHost == null) {
      return lab.backend().sqlPlace(host);
    }
    String place = onHost.place(host);
    if (place == null) {
      throw new IllegalArgumentException("host " + host + " has no instance");
    }
    return place;
  }

  @Override
  public void close() {
    if (onHost != null) {
      onHost.close();
    }
  }
}
