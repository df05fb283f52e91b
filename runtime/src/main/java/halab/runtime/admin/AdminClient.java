package halab.runtime.admin;

import halab.admin.proto.AdminGrpc;
import halab.admin.proto.AnnounceRequest;
import halab.admin.proto.ConsoleLine;
import halab.admin.proto.ConsoleRequest;
import halab.admin.proto.DaemonStatus;
import halab.admin.proto.DescribeDisksRequest;
import halab.admin.proto.DescribeRequest;
import halab.admin.proto.DescribeSwitchRequest;
import halab.admin.proto.DiskAdminGrpc;
import halab.admin.proto.DiskFaultRequest;
import halab.admin.proto.DisksStatus;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultSet;
import halab.admin.proto.FaultsRequest;
import halab.admin.proto.HoldReply;
import halab.admin.proto.HoldRequest;
import halab.admin.proto.HostGrpc;
import halab.admin.proto.HostStatus;
import halab.admin.proto.LaunchReply;
import halab.admin.proto.LaunchRequest;
import halab.admin.proto.ListLogsReply;
import halab.admin.proto.ListLogsRequest;
import halab.admin.proto.Piece;
import halab.admin.proto.ProbeReply;
import halab.admin.proto.ProbeRequest;
import halab.admin.proto.ReadLogReply;
import halab.admin.proto.ReadLogRequest;
import halab.admin.proto.RunOutput;
import halab.admin.proto.RunRequest;
import halab.admin.proto.Sig;
import halab.admin.proto.SignalReply;
import halab.admin.proto.SignalRequest;
import halab.admin.proto.StatusRequest;
import halab.admin.proto.StepReply;
import halab.admin.proto.StepRequest;
import halab.admin.proto.SwitchGrpc;
import halab.admin.proto.SwitchStatus;
import halab.kernel.Endpoint;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.link.proto.DiskServiceGrpc;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.runtime.lab.Secret;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks one process of a lab: admin, host agent, disk and switch services. Blocking, every call with
 * a deadline; trouble is an {@link AdminException} with one clear line. Made for one thread at a
 * time except {@link #close}.
 */
public final class AdminClient implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 4 << 20;

  private final String who;
  private final ManagedChannel channel;
  private final Secret secret;
  private final long deadlineMs;

  private AdminClient(String who, String address, int port, Secret secret, long deadlineMs) {
    this.who = who;
    this.secret = secret;
    this.deadlineMs = deadlineMs;
    this.channel =
        NettyChannelBuilder.forAddress(address, port)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
  }

  /**
   * A client of one daemon or hostd of a lab on this machine; {@code deadlineMs} bounds every unary
   * call.
   */
  public static AdminClient of(Lab lab, Endpoint endpoint, long deadlineMs) {
    int port = lab.host(endpoint.host()).port(endpoint.role());
    return at(endpoint.toString(), LabHost.LOOPBACK, port, lab.secret(), deadlineMs);
  }

  /** A client of whatever listens there. */
  public static AdminClient at(
      String who, String address, int port, Secret secret, long deadlineMs) {
    return new AdminClient(who, address, port, secret, deadlineMs);
  }

  private <S extends AbstractStub<S>> S open(S stub) {
    return stub.withInterceptors(SecretHeader.send(secret));
  }

  private <S extends AbstractStub<S>> S timed(S stub) {
    return open(stub).withDeadlineAfter(deadlineMs, TimeUnit.MILLISECONDS);
  }

  private <T> T ask(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw AdminException.of(who, e);
    }
  }

  private AdminGrpc.AdminBlockingStub admin() {
    return timed(AdminGrpc.newBlockingStub(channel));
  }

  private HostGrpc.HostBlockingStub host() {
    return timed(HostGrpc.newBlockingStub(channel));
  }

  public DaemonStatus status() {
    return ask(() -> admin().status(StatusRequest.getDefaultInstance()));
  }

  /**
   * Gives an operator's words to the role and hands on its output piece by piece.
   *
   * @param limitMs how long the role may take in all, in wall milliseconds
   * @return the exit code that the role answered with
   */
  public int run(List<String> words, long limitMs, Consumer<String> output) {
    return ask(
        () -> {
          Iterator<RunOutput> answers =
              open(AdminGrpc.newBlockingStub(channel))
                  .withDeadlineAfter(limitMs, TimeUnit.MILLISECONDS)
                  .run(RunRequest.newBuilder().addAllWord(words).build());
          while (answers.hasNext()) {
            RunOutput answer = answers.next();
            // A last answer without a text only ends; before it, an empty line is one.
            if (!answer.getText().isEmpty() || !answer.getLast()) {
              output.accept(answer.getText());
            }
            if (answer.getLast()) {
              return answer.getExitCode();
            }
          }
          throw new AdminException(
              AdminException.Reason.FAILED, who + " ended without an answer", null);
        });
  }

  /** Holds the role of this process, or releases it; failure is in the reply. */
  public HoldReply hold(boolean held) {
    return ask(() -> admin().hold(HoldRequest.newBuilder().setRelease(!held).build()));
  }

  /**
   * Lets one event into the held role; failure is in the reply.
   *
   * @param waitMs how long one may be waited for, wall milliseconds; on top of the call's deadline
   */
  public StepReply step(long waitMs) {
    return ask(
        () ->
            open(AdminGrpc.newBlockingStub(channel))
                .withDeadlineAfter(deadlineMs + waitMs, TimeUnit.MILLISECONDS)
                .step(StepRequest.newBuilder().setWaitMs(waitMs).build()));
  }

  /**
   * Hears everything the role prints from now on, on a thread of the client's own; {@code ended}
   * gets null when {@link #close} ended it, else what went wrong.
   */
  public AutoCloseable console(Consumer<String> line, Consumer<AdminException> ended) {
    ConsoleEar ear = new ConsoleEar(line, ended);
    open(AdminGrpc.newStub(channel)).console(ConsoleRequest.getDefaultInstance(), ear);
    return ear;
  }

  private final class ConsoleEar
      implements ClientResponseObserver<ConsoleRequest, ConsoleLine>, AutoCloseable {
    private final Consumer<String> line;
    private final Consumer<AdminException> ended;
    private ClientCallStreamObserver<ConsoleRequest> call;
    private volatile boolean closed;

    ConsoleEar(Consumer<String> line, Consumer<AdminException> ended) {
      this.line = line;
      this.ended = ended;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ConsoleRequest> request) {
      call = request;
    }

    @Override
    public void onNext(ConsoleLine value) {
      line.accept(value.getText());
    }

    @Override
    public void onError(Throwable cause) {
      ended.accept(closed ? null : AdminException.of(who, cause));
    }

    @Override
    public void onCompleted() {
      ended.accept(null);
    }

    @Override
    public void close() {
      closed = true;
      call.cancel("console closed", null);
    }
  }

  /** Replaces all fault rules of this one process. */
  public FaultReceipt setFaults(FaultSet faults) {
    return ask(() -> admin().setFaults(faults));
  }

  /** What its rules have bitten so far. */
  public FaultReceipt faults() {
    return ask(() -> admin().faults(FaultsRequest.getDefaultInstance()));
  }

  /** Starts a role on this hostd's host; failure is in the reply. */
  public LaunchReply launch(String role) {
    return ask(() -> host().launch(LaunchRequest.newBuilder().setRole(role).build()));
  }

  /** Signals a daemon of this hostd's host; failure is in the reply. */
  public SignalReply signal(String role, Sig signal) {
    return ask(
        () -> host().signal(SignalRequest.newBuilder().setRole(role).setSignal(signal).build()));
  }

  /**
   * Opens a connection to a daemon of this hostd's host, carried by a stream.
   *
   * @param executor runs {@code far}, which may block it
   * @param far hears what the daemon sends, and the end
   * @return takes what is sent to the daemon
   */
  public StreamObserver<Piece> relay(String role, Executor executor, StreamObserver<Piece> far) {
    StreamObserver<Piece> near = open(HostGrpc.newStub(channel)).withExecutor(executor).relay(far);
    near.onNext(Piece.newBuilder().setRole(role).build());
    return near;
  }

  /** What runs on this hostd's host. */
  public HostStatus describe() {
    return ask(() -> host().describe(DescribeRequest.getDefaultInstance()));
  }

  /** Replaces the fault rules of the whole host; hostd keeps them and hands them on. */
  public FaultReceipt setHostFaults(FaultSet faults) {
    return ask(() -> host().setHostFaults(faults));
  }

  /**
   * Gives a disk of this disk daemon a fault.
   *
   * @param fault ok, fail, hang, slow, torn, stale, flipped or full
   * @param host the only host that meets it; empty for all
   * @return what was wrong with the request, or empty
   */
  public String setDiskFault(String disk, String fault, String host, long delayMs) {
    DiskFaultRequest request =
        DiskFaultRequest.newBuilder()
            .setDisk(disk)
            .setFault(fault)
            .setHost(host)
            .setDelayMs(delayMs)
            .build();
    return ask(
        () -> timed(DiskAdminGrpc.newBlockingStub(channel)).setDiskFault(request).getFailure());
  }

  /** As {@link #setDiskFault}, of a disk of this hostd's host alone. */
  public String setOwnDiskFault(String disk, String fault, long delayMs) {
    DiskFaultRequest request =
        DiskFaultRequest.newBuilder().setDisk(disk).setFault(fault).setDelayMs(delayMs).build();
    return ask(() -> host().setOwnDiskFault(request).getFailure());
  }

  public DisksStatus describeDisks() {
    return ask(
        () ->
            timed(DiskAdminGrpc.newBlockingStub(channel))
                .describeDisks(DescribeDisksRequest.getDefaultInstance()));
  }

  /**
   * Has this disk daemon carry out one request, on a stream of its own.
   *
   * @return its answer, which may be that the disk failed; a disk that hangs, or a network that is
   *     cut, is an {@link AdminException} after the deadline
   */
  public DiskReply disk(DiskRequest request) {
    CompletableFuture<DiskReply> answer = new CompletableFuture<>();
    StreamObserver<DiskReply> ear =
        new StreamObserver<>() {
          @Override
          public void onNext(DiskReply reply) {
            answer.complete(reply);
          }

          @Override
          public void onError(Throwable cause) {
            answer.completeExceptionally(cause);
          }

          @Override
          public void onCompleted() {
            answer.completeExceptionally(Status.CANCELLED.asRuntimeException());
          }
        };
    StreamObserver<DiskRequest> way = timed(DiskServiceGrpc.newStub(channel)).attach(ear);
    way.onNext(request);
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw AdminException.of(who, e.getCause());
    } finally {
      way.onCompleted();
    }
  }

  /** Tells the switch that a host brought an address up or down; returns the failure or empty. */
  public String announce(String host, String address, boolean up) {
    AnnounceRequest request =
        AnnounceRequest.newBuilder().setHost(host).setAddress(address).setUp(up).build();
    return ask(() -> timed(SwitchGrpc.newBlockingStub(channel)).announce(request).getFailure());
  }

  /** Has this hostd send probes; what it sent, and heard of the same round. */
  public ProbeReply probe(ProbeRequest request) {
    return ask(() -> host().probe(request));
  }

  /** Names of the log files of a host, in order; failure is in the reply. */
  public ListLogsReply listLogs(String host) {
    return ask(() -> host().listLogs(ListLogsRequest.newBuilder().setHost(host).build()));
  }

  /** A piece of a host's log file; empty at its end; failure is in the reply. */
  public ReadLogReply readLog(String host, String name, long from) {
    ReadLogRequest request =
        ReadLogRequest.newBuilder().setHost(host).setName(name).setFrom(from).build();
    return ask(() -> host().readLog(request));
  }

  public SwitchStatus describeSwitch() {
    return ask(
        () ->
            timed(SwitchGrpc.newBlockingStub(channel))
                .describeSwitch(DescribeSwitchRequest.getDefaultInstance()));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
