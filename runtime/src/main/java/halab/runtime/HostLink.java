package halab.runtime;

import halab.admin.proto.DescribeRequest;
import halab.admin.proto.HostGrpc;
import halab.admin.proto.HostStatus;
import halab.admin.proto.LaunchReply;
import halab.admin.proto.LaunchRequest;
import halab.admin.proto.SetAddressReply;
import halab.admin.proto.SetAddressRequest;
import halab.admin.proto.Sig;
import halab.admin.proto.SignalReply;
import halab.admin.proto.SignalRequest;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.runtime.host.ProcessId;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A daemon's requests to its own host's agent: launch or end a role, find a process, configure an
 * address. Every request is answered with an event, a missing or silent hostd with a failure.
 */
final class HostLink {
  private static final long DEADLINE_MS = 5000;

  private final Net net;
  private final Mailbox mailbox;
  private final LabHost host;
  private ManagedChannel channel;

  HostLink(Lab lab, Endpoint self, Net net, Mailbox mailbox) {
    this.net = net;
    this.mailbox = mailbox;
    this.host = lab.host(self.host());
  }

  private HostGrpc.HostStub hostd() {
    if (channel == null) {
      channel = net.channel(LabHost.LOOPBACK, host.port(LabHost.HOSTD));
    }
    return HostGrpc.newStub(channel).withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS);
  }

  /** Loop thread. */
  void launch(Effect.Launch launch) {
    LaunchRequest request = LaunchRequest.newBuilder().setRole(launch.role()).build();
    hostd()
        .launch(
            request,
            new Answer<LaunchReply>(
                reply ->
                    new Event.Launched(
                        launch.role(),
                        reply.getAlreadyRunning()
                            ? Event.Launched.alreadyRunning(launch.role())
                            : text(reply.getFailure())),
                f -> new Event.Launched(launch.role(), f)));
  }

  /** Loop thread. The agent answers when the process is gone; one that was not there is gone. */
  void end(Effect.EndRole end) {
    SignalRequest request =
        SignalRequest.newBuilder().setRole(end.role()).setSignal(Sig.SIG_KILL).build();
    hostd()
        .signal(
            request,
            new Answer<SignalReply>(
                reply ->
                    new Event.RoleEnded(
                        end.request(),
                        end.role(),
                        reply.getNotRunning() ? null : text(reply.getFailure())),
                f -> new Event.RoleEnded(end.request(), end.role(), f)));
  }

  /**
   * Loop thread. The agent knows whose process a number is; one that was given to another program
   * meanwhile is not the one that is looked for. Without the agent any living process will do.
   */
  void find(Effect.FindProcess find) {
    hostd()
        .describe(
            DescribeRequest.getDefaultInstance(),
            new Answer<HostStatus>(
                status -> new Event.ProcessFound(find.request(), find.pid(), has(status, find)),
                f ->
                    new Event.ProcessFound(
                        find.request(), find.pid(), ProcessId.of(find.pid()).isPresent())));
  }

  private static boolean has(HostStatus status, Effect.FindProcess find) {
    return status.getProcessList().stream()
        .anyMatch(p -> p.getPid() == find.pid() && !p.getState().equals("exited"));
  }

  /** Loop thread. */
  void setAddress(Effect.SetAddress set) {
    SetAddressRequest request =
        SetAddressRequest.newBuilder()
            .setNic(set.nic())
            .setAddress(set.address())
            .setMask(set.mask())
            .setUp(set.up())
            .build();
    hostd()
        .setAddress(
            request,
            new Answer<SetAddressReply>(
                reply -> addressSet(set, text(reply.getFailure())), f -> addressSet(set, f)));
  }

  private static Event addressSet(Effect.SetAddress set, String failure) {
    return new Event.AddressSet(set.nic(), set.address(), set.up(), failure);
  }

  private static String text(String failure) {
    return failure.isEmpty() ? null : failure;
  }

  /** One reply, or one failure, turned into exactly one event. */
  private final class Answer<T> implements StreamObserver<T> {
    private final Function<T, Event> answered;
    private final Function<String, Event> failed;
    private boolean told;

    Answer(Function<T, Event> answered, Function<String, Event> failed) {
      this.answered = answered;
      this.failed = failed;
    }

    @Override
    public void onNext(T reply) {
      tell(() -> answered.apply(reply));
    }

    @Override
    public void onError(Throwable cause) {
      tell(() -> failed.apply("hostd: " + Status.fromThrowable(cause).getCode()));
    }

    @Override
    public void onCompleted() {
      tell(() -> failed.apply("hostd gave no answer"));
    }

    private void tell(Supplier<Event> event) {
      net.run(
          () -> {
            if (!told) {
              told = true;
              mailbox.put(event.get());
            }
          });
    }
  }
}
