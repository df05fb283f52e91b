package halab.runtime;

import halab.admin.proto.HostGrpc;
import halab.admin.proto.LaunchReply;
import halab.admin.proto.LaunchRequest;
import halab.admin.proto.SetAddressReply;
import halab.admin.proto.SetAddressRequest;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A daemon's requests to its own host's agent: launch a role, configure an address. Every request
 * is answered with an event, a missing or silent hostd with a failure.
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
                    reply.getAlreadyRunning()
                        ? Event.Launched.alreadyRunning(launch.role())
                        : reply.getFailure(),
                f -> new Event.Launched(launch.role(), f)));
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
                SetAddressReply::getFailure,
                f -> new Event.AddressSet(set.nic(), set.address(), set.up(), f)));
  }

  /** One reply, or one failure, turned into exactly one event. */
  private final class Answer<T> implements StreamObserver<T> {
    private final Function<T, String> failure;
    private final Function<String, Event> event;
    private boolean told;

    Answer(Function<T, String> failure, Function<String, Event> event) {
      this.failure = failure;
      this.event = event;
    }

    @Override
    public void onNext(T reply) {
      String text = failure.apply(reply);
      tell(text.isEmpty() ? null : text);
    }

    @Override
    public void onError(Throwable cause) {
      tell("hostd: " + Status.fromThrowable(cause).getCode());
    }

    @Override
    public void onCompleted() {
      tell("hostd gave no answer");
    }

    private void tell(String text) {
      net.run(
          () -> {
            if (!told) {
              told = true;
              mailbox.put(event.apply(text));
            }
          });
    }
  }
}
