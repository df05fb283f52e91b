package halab.runtime.vip;

import halab.admin.proto.FaultSet;
import halab.runtime.Net;
import halab.runtime.faults.FaultFile;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ports for clients that stand on one host of a lab, where hosts share this machine: what goes
 * through them is under that host's fault rules of the public network, as they are at the moment. A
 * host always reaches itself. Addresses lead to whoever holds them. The ports are this process's
 * and go with it.
 */
public final class HostClients implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 100;

  private final Lab lab;
  private final String host;
  private final FaultRules faults;
  private final Net net;
  private final Map<String, Forwarder> forwarders = new TreeMap<>();
  private final Map<String, String> places = new TreeMap<>();
  private FaultSet inForce = FaultSet.getDefaultInstance();

  /**
   * Ports for clients on this host.
   *
   * @throws IOException if this process can open none, or the lab's files cannot be read
   */
  public HostClients(Lab lab, String host) throws IOException {
    this.lab = lab;
    this.host = host;
    this.faults = new FaultRules(host + "/client");
    this.net = new Net(lab.secret());
    lab.vips().keySet().forEach(this::open);
    for (String target : lab.hostPorts().keySet()) {
      open(target);
      forwarders.get(target).holder(target);
    }
    for (Map.Entry<String, Forwarder> way : forwarders.entrySet()) {
      ChannelFuture bound = way.getValue().listen(net, LabHost.LOOPBACK, 0);
      if (!bound.isSuccess()) {
        net.close();
        throw new IOException("no port can be opened for clients on " + host, bound.cause());
      }
      int port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
      places.put(way.getKey(), LabHost.LOOPBACK + ":" + port);
    }
    inForce = FaultFile.read(lab, host);
    faults.replace(inForce);
    LabSwitch.holders(lab).forEach(this::held);
    faults.onChange(() -> forwarders.values().forEach(Forwarder::faultsChanged));
    net.run(this::look);
  }

  private void open(String name) {
    forwarders.put(name, new Forwarder(host, faults, this::way));
  }

  private InetSocketAddress way(String holder) {
    LabHost target = lab.host(holder);
    return new InetSocketAddress(target.address("public"), target.sqlPort());
  }

  private void held(String address, String holder) {
    Forwarder forwarder = forwarders.get(address);
    if (forwarder != null) {
      forwarder.holder(holder);
    }
  }

  /** Rules and holders are files that change under us: the host's agent and the switch write. */
  private void look() {
    try {
      FaultSet now = FaultFile.read(lab, host);
      if (!now.equals(inForce)) {
        inForce = now;
        faults.replace(now);
      }
      Map<String, String> holders = LabSwitch.holders(lab);
      lab.vips().keySet().forEach(a -> held(a, holders.getOrDefault(a, "")));
    } catch (IOException | RuntimeException e) {
      // What was in force stays so until the next look.
      System.err.println("halab: clients on " + host + ": " + e.getMessage());
    }
    net.later(LOOK_EVERY_MS, this::look);
  }

  /** HOST:PORT of this machine for a movable address or a host of the lab; null: none. */
  public String place(String addressOrHost) {
    return places.get(addressOrHost);
  }

  @Override
  public void close() {
    net.close();
  }
}
