package halab.runtime.disk;

import halab.admin.proto.DescribeDisksRequest;
import halab.admin.proto.DiskAdminGrpc;
import halab.admin.proto.DiskFaultReply;
import halab.admin.proto.DiskFaultRequest;
import halab.admin.proto.DiskStatus;
import halab.admin.proto.DisksStatus;
import halab.kernel.Endpoint;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.link.proto.DiskServiceGrpc;
import halab.runtime.DelayLine;
import halab.runtime.LabClock;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.faults.FaultRules.Judgement;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Serves the lab's disks to its daemons and tools, and takes orders about disk faults. Looks into
 * no block, save for who wrote it when it is a copy: what a frame means is between those who read
 * and write it.
 */
final class DiskServer {
  private final Map<String, ServedDisk> byPath = new TreeMap<>();
  private final Net net;
  private final LabClock clock;
  private final FaultRules faults;
  private final Lab lab;

  /** Opens every disk; ConfigException when one is unusable. */
  DiskServer(Lab lab, Net net, LabClock clock, FaultRules faults, ScheduledExecutorService timer) {
    this.lab = lab;
    this.net = net;
    this.clock = clock;
    this.faults = faults;
    for (LabDisk disk : lab.sharedDisks()) {
      byPath.put(disk.path(), new ServedDisk(disk, lab.diskFile(disk), clock, timer));
    }
  }

  BindableService blocks() {
    return new DiskServiceGrpc.DiskServiceImplBase() {
      @Override
      public StreamObserver<DiskRequest> attach(StreamObserver<DiskReply> out) {
        return new Caller((ServerCallStreamObserver<DiskReply>) out);
      }
    };
  }

  /** One daemon's stream. */
  private final class Caller implements StreamObserver<DiskRequest> {
    private final ServerCallStreamObserver<DiskReply> out;
    private final DelayLine sending = new DelayLine(net, clock);
    private final DelayLine hearing = new DelayLine(net, clock);
    private Endpoint caller;
    private boolean over;

    Caller(ServerCallStreamObserver<DiskReply> out) {
      this.out = out;
      out.setOnCancelHandler(() -> net.run(() -> over = true));
    }

    @Override
    public void onNext(DiskRequest request) {
      net.run(() -> next(request));
    }

    private void next(DiskRequest request) {
      if (over || !sameCaller(request)) {
        return;
      }
      Judgement judgement = faults.onReceive(DiskClient.NETWORK, caller.host());
      switch (judgement.fate()) {
        case SWALLOW -> {}
        case REFUSE -> refuse(request, "storage network: connection refused");
        default -> hearing.pass(judgement.delayMs(), () -> submit(request));
      }
    }

    /**
     * A stream belongs to the program of a host that it first named: a daemon, or a tool, which has
     * no port.
     */
    private boolean sameCaller(DiskRequest request) {
      try {
        Endpoint named = Endpoint.parse(request.getCaller());
        lab.host(named.host());
        if (caller == null || caller.equals(named)) {
          caller = named;
          return true;
        }
      } catch (IllegalArgumentException e) {
        // Falls through: no host of this lab.
      }
      over = true;
      out.onError(
          Status.INVALID_ARGUMENT
              .withDescription("'" + request.getCaller() + "' may not ask on this stream")
              .asRuntimeException());
      return false;
    }

    /** What was still on its way when the stream ended must not overtake what its next one asks. */
    private void submit(DiskRequest request) {
      if (over) {
        return;
      }
      ServedDisk disk = byPath.get(request.getDisk());
      if (disk == null) {
        refuse(request, "there is no disk " + request.getDisk());
      } else {
        disk.submit(new ServedDisk.Job(request, caller, reply -> net.run(() -> answer(reply))));
      }
    }

    private void refuse(DiskRequest request, String reason) {
      DiskReply.Builder reply = DiskReply.newBuilder().setRequest(request.getRequest());
      put(reply.setDisk(request.getDisk()).setFailed(reason).build());
    }

    private void answer(DiskReply reply) {
      Judgement judgement = faults.onSend(DiskClient.NETWORK, caller.host());
      if (judgement.fate() == FaultRules.Fate.DELIVER) {
        sending.pass(judgement.delayMs(), () -> put(reply));
      }
    }

    private void put(DiskReply reply) {
      if (!over) {
        out.onNext(reply);
      }
    }

    @Override
    public void onError(Throwable cause) {
      net.run(() -> over = true);
    }

    @Override
    public void onCompleted() {
      net.run(
          () -> {
            if (!over) {
              over = true;
              out.onCompleted();
            }
          });
    }
  }

  BindableService admin() {
    return new DiskAdminGrpc.DiskAdminImplBase() {
      @Override
      public void setDiskFault(DiskFaultRequest request, StreamObserver<DiskFaultReply> out) {
        out.onNext(DiskFaultReply.newBuilder().setFailure(inject(request)).build());
        out.onCompleted();
      }

      @Override
      public void describeDisks(DescribeDisksRequest request, StreamObserver<DisksStatus> out) {
        List<DiskStatus> all = Collections.synchronizedList(new ArrayList<>());
        for (ServedDisk disk : byPath.values()) {
          disk.describe(
              status -> {
                all.add(status);
                if (all.size() == byPath.size()) {
                  net.run(() -> complete(out, all));
                }
              });
        }
        if (byPath.isEmpty()) {
          complete(out, all);
        }
      }
    };
  }

  private static void complete(StreamObserver<DisksStatus> out, List<DiskStatus> all) {
    List<DiskStatus> sorted = new ArrayList<>(all);
    sorted.sort(java.util.Comparator.comparing(DiskStatus::getName));
    out.onNext(DisksStatus.newBuilder().addAllDisk(sorted).build());
    out.onCompleted();
  }

  /** What is wrong with the order, or empty. */
  private String inject(DiskFaultRequest request) {
    try {
      LabDisk disk = lab.disk(request.getDisk());
      if (!disk.shared()) {
        return disk.name() + " is a disk of host " + disk.host() + " alone; ask its agent";
      }
      if (!request.getHost().isEmpty()) {
        lab.host(request.getHost());
      }
      DiskFault fault = DiskFault.parse(request.getFault(), request.getDelayMs());
      byPath.get(disk.path()).inject(fault, request.getHost());
      return "";
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
