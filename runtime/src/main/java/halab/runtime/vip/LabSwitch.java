package halab.runtime.vip;

import halab.admin.proto.AnnounceReply;
import halab.admin.proto.AnnounceRequest;
import halab.admin.proto.DescribeSwitchRequest;
import halab.admin.proto.SwitchGrpc;
import halab.admin.proto.SwitchStatus;
import halab.admin.proto.VipStatus;
import halab.kernel.Endpoint;
import halab.runtime.Daemon;
import halab.runtime.Life;
import halab.runtime.Net;
import halab.runtime.admin.AdminServer;
import halab.runtime.admin.ServiceTarget;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.AtomicFiles;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Hosts;
import halab.systems.ConfigException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * The lab's switch: one process that owns a port per movable address, and one per host with data
 * for clients that name the host. Where hosts share a machine it stands outside all of them and
 * leads clients to whoever announced the address last, and who holds what outlives it. Where hosts
 * are machines of their own it stands on the client's host and leads to the address itself: the
 * network knows who holds it.
 */
public final class LabSwitch extends SwitchGrpc.SwitchImplBase {
  /** Role and host name of the switch; it belongs to no host. */
  public static final String NAME = "switch";

  private final Lab lab;
  private final Net net;
  private final Path holders;
  private final Map<String, Forwarder> forwarders = new TreeMap<>();
  private final Map<String, Forwarder> toHosts = new TreeMap<>();

  private LabSwitch(Lab lab, Net net, FaultRules faults) {
    this.lab = lab;
    this.net = net;
    this.holders = holdersFile(lab);
    // Between hosts that are machines of their own the network itself is cut.
    FaultRules here = lab.oneMachine() ? faults : new FaultRules(NAME);
    lab.vips().keySet().forEach(a -> forwarders.put(a, new Forwarder(NAME, here, h -> way(a, h))));
    for (String host : lab.hostPorts().keySet()) {
      toHosts.put(host, new Forwarder(NAME, here, LabSwitch.this::wayTo));
      toHosts.get(host).holder(host);
    }
    here.onChange(() -> net.run(this::faultsChanged));
  }

  public static void main(String[] args) {
    Daemon.run(args, (lab, self) -> run(lab));
  }

  private void faultsChanged() {
    forwarders.values().forEach(Forwarder::faultsChanged);
    toHosts.values().forEach(Forwarder::faultsChanged);
  }

  /** Where a connection to this host's instance goes. */
  private InetSocketAddress wayTo(String host) {
    return new InetSocketAddress(lab.host(host).address("public"), lab.host(host).sqlPort());
  }

  /** Where a connection to this address goes while this host holds it. */
  private InetSocketAddress way(String address, String holder) {
    LabHost host = lab.host(holder);
    return new InetSocketAddress(
        lab.oneMachine() ? host.address("public") : address, host.sqlPort());
  }

  private String listenAddress() {
    return lab.oneMachine() ? LabHost.LOOPBACK : lab.host(Hosts.CLIENT).listenAddress();
  }

  /** Serves until the process is ended from outside. */
  public static int run(Lab lab) throws InterruptedException {
    Daemon.dieWithHostd();
    Endpoint self = lab.switchEndpoint();
    Path run = lab.run(self.host());
    Net net = new Net(lab.secret());
    try {
      Files.createDirectories(run);
      Life.claim(run.resolve(NAME + ".pid"), self);
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  run.toString(), 0, "cannot be written: " + e, "make the folder writable")));
    }
    FaultRules faults = new FaultRules(NAME);
    LabSwitch service = new LabSwitch(lab, net, faults);
    service.restore();
    lab.vips().forEach((address, port) -> service.listen(service.forwarders.get(address), port));
    lab.hostPorts().forEach((host, port) -> service.listen(service.toHosts.get(host), port));
    ServiceTarget target = new ServiceTarget(NAME, 1);
    AdminServer admin = new AdminServer(net, faults, target);
    target.attach(admin);
    net.serve(
        lab, "the switch", service.listenAddress(), lab.switchPort(), List.of(admin, service));
    new CountDownLatch(1).await();
    return 0;
  }

  private void restore() {
    if (!lab.oneMachine()) {
      // All instances listen on the same port; which of them answers is for the network to say.
      String any = lab.hosts().get(0).name();
      forwarders.values().forEach(forwarder -> forwarder.holder(any));
      return;
    }
    try {
      holders(lab)
          .forEach(
              (address, host) -> {
                if (forwarders.containsKey(address)) {
                  forwarders.get(address).holder(host);
                }
              });
    } catch (IOException e) {
      System.err.println("halab: " + holders + " cannot be read, every address is free: " + e);
    }
  }

  private static Path holdersFile(Lab lab) {
    return lab.run(lab.switchEndpoint().host()).resolve("holders");
  }

  /** Which host holds which address now, of a lab whose switch runs or ran on this machine. */
  static Map<String, String> holders(Lab lab) throws IOException {
    Map<String, String> held = new TreeMap<>();
    Path file = holdersFile(lab);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ");
        if (words.length == 2) {
          held.put(words[0], words[1]);
        }
      }
    }
    return held;
  }

  private void listen(Forwarder forwarder, int port) {
    if (!forwarder.listen(net, listenAddress(), port).isSuccess()) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  lab.dir().resolve(Lab.FILE).toString(),
                  0,
                  "the switch cannot listen on port " + port,
                  "end the other program or change the port under [switch]")));
    }
  }

  @Override
  public void announce(AnnounceRequest request, StreamObserver<AnnounceReply> out) {
    net.run(
        () -> {
          out.onNext(AnnounceReply.newBuilder().setFailure(move(request)).build());
          out.onCompleted();
        });
  }

  /** What is wrong with the announcement, or empty. The file is a few lines: written in place. */
  private String move(AnnounceRequest request) {
    Forwarder forwarder = forwarders.get(request.getAddress());
    if (forwarder == null) {
      return "the switch owns no port for " + request.getAddress();
    }
    if (lab.hosts().stream()
        .noneMatch(h -> h.name().equals(request.getHost()) && !h.sqlPorts().isEmpty())) {
      return "the switch knows no host " + request.getHost() + " with data";
    }
    if (request.getUp()) {
      forwarder.holder(request.getHost());
    } else if (forwarder.holder().equals(request.getHost())) {
      forwarder.holder("");
    }
    StringBuilder text = new StringBuilder();
    forwarders.forEach((a, f) -> text.append(a).append(' ').append(f.holder()).append('\n'));
    try {
      AtomicFiles.write(holders, text.toString());
      return "";
    } catch (IOException e) {
      return "the switch cannot write " + holders + ": " + e.getMessage();
    }
  }

  @Override
  public void describeSwitch(DescribeSwitchRequest request, StreamObserver<SwitchStatus> out) {
    net.run(
        () -> {
          SwitchStatus.Builder status = SwitchStatus.newBuilder();
          forwarders.forEach(
              (address, forwarder) ->
                  status.addVip(
                      VipStatus.newBuilder()
                          .setAddress(address)
                          .setHolder(forwarder.holder())
                          .setPort(lab.vips().get(address))
                          .setConnections(forwarder.connections())));
          out.onNext(status.build());
          out.onCompleted();
        });
  }
}
