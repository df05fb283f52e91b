package halab.runtime.host;

import halab.admin.proto.DescribeRequest;
import halab.admin.proto.DiskFaultReply;
import halab.admin.proto.DiskFaultRequest;
import halab.admin.proto.DiskStatus;
import halab.admin.proto.FaultBite;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultSet;
import halab.admin.proto.HostGrpc;
import halab.admin.proto.HostStatus;
import halab.admin.proto.LaunchReply;
import halab.admin.proto.LaunchRequest;
import halab.admin.proto.ListLogsReply;
import halab.admin.proto.ListLogsRequest;
import halab.admin.proto.OwnDiskFault;
import halab.admin.proto.Piece;
import halab.admin.proto.ProbeReply;
import halab.admin.proto.ProbeRequest;
import halab.admin.proto.ReadLogReply;
import halab.admin.proto.ReadLogRequest;
import halab.admin.proto.SetAddressReply;
import halab.admin.proto.SetAddressRequest;
import halab.admin.proto.SignalReply;
import halab.admin.proto.SignalRequest;
import halab.kernel.Endpoint;
import halab.runtime.Daemon;
import halab.runtime.Life;
import halab.runtime.Net;
import halab.runtime.admin.AdminServer;
import halab.runtime.admin.ServiceTarget;
import halab.runtime.disk.OwnDisk;
import halab.runtime.faults.FaultFile;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.systems.Systems;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * The agent of one host: starts what it is asked to, restarts nothing, and is the host's power. Its
 * death is the host's power-off. Decides nothing about the cluster.
 */
public final class Hostd extends HostGrpc.HostImplBase {
  private final Lab lab;
  private final LabHost host;
  private final Net net;
  private final Children children;
  private final HostFaults faults;
  private final Addresses addresses;
  private final Probes probes;
  private final HostLogs logs;
  private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

  private Hostd(Lab lab, LabHost host, Net net, Programs programs) {
    this.lab = lab;
    this.host = host;
    this.net = net;
    this.children = new Children(lab, host.name(), programs);
    this.faults = new HostFaults(lab, host, net);
    this.addresses =
        lab.oneMachine() ? new AnnouncedAddresses(lab, host, net) : new CardAddresses(lab, host);
    this.probes = new Probes(lab, host, net, faults.rules());
    this.logs = new HostLogs(lab);
  }

  public static void main(String[] args) {
    Daemon.run(args, (lab, self) -> run(lab, self, Programs.ofHalab(Systems.ALL)));
  }

  /** Serves until the process is ended from outside; the calling thread does the work. */
  public static int run(Lab lab, Endpoint self, Programs programs) throws InterruptedException {
    LabHost host = lab.host(self.host());
    Endpoint hostd = new Endpoint(self.host(), LabHost.HOSTD);
    long incarnation = Life.begin(lab, hostd);
    Net net = new Net(lab.secret());
    Hostd service = new Hostd(lab, host, net, programs);
    ServiceTarget target = new ServiceTarget(hostd.toString(), incarnation);
    AdminServer admin = new AdminServer(net, new FaultRules(hostd.toString()), target);
    target.attach(admin);
    net.serve(
        lab,
        hostd.toString(),
        host.listenAddress(),
        host.port(LabHost.HOSTD),
        List.of(admin, service));
    service.probes.listen();
    if (!lab.oneMachine()) {
      service.comeUp();
    }
    while (true) {
      service.work.take().run();
    }
  }

  /** A machine of its own starts its start list by itself; nobody outside may be there to do it. */
  private void comeUp() {
    for (String role : host.startList()) {
      work.add(
          () -> {
            try {
              children.launch(role);
            } catch (IOException | RuntimeException e) {
              System.err.println("halab: " + host.name() + "/" + role + ": " + e.getMessage());
            }
          });
    }
    new Health(host, net).begin();
  }

  /** Does blocking work on the worker thread and answers on the network thread. */
  private <T> void answer(StreamObserver<T> out, Callable<T> asked, Function<String, T> failed) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) out;
    call.setOnCancelHandler(() -> {});
    work.add(
        () -> {
          T reply;
          try {
            reply = asked.call();
          } catch (IOException | IllegalArgumentException e) {
            reply = failed.apply(String.valueOf(e.getMessage()));
          } catch (Exception e) {
            reply = failed.apply(e.toString());
          }
          T settled = reply;
          net.run(() -> complete(call, settled));
        });
  }

  private static <T> void complete(ServerCallStreamObserver<T> call, T reply) {
    if (!call.isCancelled()) {
      call.onNext(reply);
      call.onCompleted();
    }
  }

  @Override
  public void launch(LaunchRequest request, StreamObserver<LaunchReply> out) {
    answer(
        out,
        () -> {
          Children.Launched launched = children.launch(request.getRole());
          return LaunchReply.newBuilder()
              .setPid(launched.pid())
              .setAlreadyRunning(launched.already())
              .build();
        },
        failure -> LaunchReply.newBuilder().setFailure(failure).build());
  }

  @Override
  public StreamObserver<Piece> relay(StreamObserver<Piece> out) {
    return new Relay(host, net, out);
  }

  @Override
  public void signal(SignalRequest request, StreamObserver<SignalReply> out) {
    answer(
        out,
        () -> {
          lab.port(new Endpoint(host.name(), request.getRole()));
          if (children.living(request.getRole()).isEmpty()) {
            String failure = host.name() + "/" + request.getRole() + " is not running";
            return SignalReply.newBuilder().setNotRunning(true).setFailure(failure).build();
          }
          long pid = children.signal(request.getRole(), request.getSignal());
          return SignalReply.newBuilder().setPid(pid).build();
        },
        failure -> SignalReply.newBuilder().setFailure(failure).build());
  }

  @Override
  public void describe(DescribeRequest request, StreamObserver<HostStatus> out) {
    answer(
        out,
        () ->
            HostStatus.newBuilder()
                .setHost(host.name())
                .setPid(ProcessHandle.current().pid())
                .addAllProcess(children.describe())
                .addAllFault(FaultFile.read(lab, host.name()).getRuleList())
                .addAllAddress(addresses.held())
                .addAllBite(faults.bites())
                .addAllDisk(disks())
                .build(),
        failure -> HostStatus.newBuilder().setHost(host.name()).build());
  }

  @Override
  public void setHostFaults(FaultSet request, StreamObserver<FaultReceipt> out) {
    ServerCallStreamObserver<FaultReceipt> call = (ServerCallStreamObserver<FaultReceipt>) out;
    call.setOnCancelHandler(() -> {});
    work.add(
        () -> {
          faults.set(request, living(), receipt -> net.run(() -> complete(call, receipt)));
        });
  }

  /** Roles of this host that have a process. */
  private List<String> living() {
    return host.ports().keySet().stream()
        .filter(r -> !r.equals(LabHost.HOSTD) && children.living(r).isPresent())
        .toList();
  }

  @Override
  public void setOwnDiskFault(DiskFaultRequest request, StreamObserver<DiskFaultReply> out) {
    ServerCallStreamObserver<DiskFaultReply> call = (ServerCallStreamObserver<DiskFaultReply>) out;
    call.setOnCancelHandler(() -> {});
    String problem = diskProblem(request);
    if (problem != null) {
      complete(call, DiskFaultReply.newBuilder().setFailure(problem).build());
      return;
    }
    OwnDiskFault fault =
        OwnDiskFault.newBuilder()
            .setDisk(request.getDisk())
            .setFault(request.getFault())
            .setDelayMs(request.getDelayMs())
            .build();
    work.add(
        () ->
            faults.setDisk(
                fault,
                living(),
                receipt ->
                    net.run(
                        () ->
                            complete(
                                call,
                                DiskFaultReply.newBuilder()
                                    .setFailure(receipt.getFailure())
                                    .build()))));
  }

  private String diskProblem(DiskFaultRequest request) {
    boolean known =
        lab.disks().stream()
            .anyMatch(d -> d.name().equals(request.getDisk()) && host.name().equals(d.host()));
    return known
        ? OwnDisk.problem(request.getFault(), request.getDelayMs())
        : "host " + host.name() + " has no disk " + request.getDisk() + " of its own";
  }

  /** The disks of this host alone, as they are now. */
  private List<DiskStatus> disks() {
    return lab.disks().stream()
        .filter(d -> host.name().equals(d.host()))
        .map(
            d -> {
              String fault =
                  faults.disks().stream()
                      .filter(f -> f.getDisk().equals(d.name()))
                      .map(OwnDisk::text)
                      .findFirst()
                      .orElse("ok");
              long bitten =
                  faults.bites().stream()
                      .filter(b -> b.getRule().equals(FaultRules.diskRule(d.name())))
                      .mapToLong(FaultBite::getRefused)
                      .sum();
              return DiskStatus.newBuilder()
                  .setName(d.name())
                  .setPath(d.path())
                  .setFault(fault)
                  .setBitten(bitten)
                  .putBittenFor("", bitten)
                  .build();
            })
        .toList();
  }

  @Override
  public void setAddress(SetAddressRequest request, StreamObserver<SetAddressReply> out) {
    ServerCallStreamObserver<SetAddressReply> call =
        (ServerCallStreamObserver<SetAddressReply>) out;
    call.setOnCancelHandler(() -> {});
    addresses.set(
        request,
        failure ->
            net.run(
                () -> complete(call, SetAddressReply.newBuilder().setFailure(failure).build())));
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeReply> out) {
    ServerCallStreamObserver<ProbeReply> call = (ServerCallStreamObserver<ProbeReply>) out;
    call.setOnCancelHandler(() -> {});
    net.run(() -> probes.round(request, reply -> complete(call, reply)));
  }

  @Override
  public void listLogs(ListLogsRequest request, StreamObserver<ListLogsReply> out) {
    answer(
        out,
        () -> logs.list(request),
        failure -> ListLogsReply.newBuilder().setFailure(failure).build());
  }

  @Override
  public void readLog(ReadLogRequest request, StreamObserver<ReadLogReply> out) {
    answer(
        out,
        () -> logs.read(request),
        failure -> ReadLogReply.newBuilder().setFailure(failure).build());
  }
}
