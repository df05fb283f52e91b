package halab.runtime.host;

import halab.admin.proto.AnnounceReply;
import halab.admin.proto.AnnounceRequest;
import halab.admin.proto.SetAddressRequest;
import halab.admin.proto.SwitchGrpc;
import halab.runtime.Net;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Addresses of hosts that share a machine: the card must exist on this host, and the lab's switch
 * must hear of it.
 */
final class AnnouncedAddresses implements Addresses {
  private static final long DEADLINE_MS = 2000;

  private final LabHost host;
  private final Net net;
  private final int switchPort;
  private final TreeSet<String> held = new TreeSet<>();
  private ManagedChannel channel;

  AnnouncedAddresses(Lab lab, LabHost host, Net net) {
    this.host = host;
    this.net = net;
    this.switchPort = lab.switchPort();
  }

  @Override
  public void set(SetAddressRequest request, Consumer<String> done) {
    net.run(
        () -> {
          if (!host.nics().contains(request.getNic())) {
            done.accept("no such interface " + request.getNic());
          } else {
            announce(request, done);
          }
        });
  }

  private void announce(SetAddressRequest request, Consumer<String> done) {
    if (channel == null) {
      channel = net.channel(LabHost.LOOPBACK, switchPort);
    }
    AnnounceRequest announce =
        AnnounceRequest.newBuilder()
            .setHost(host.name())
            .setAddress(request.getAddress())
            .setUp(request.getUp())
            .build();
    SwitchGrpc.newStub(channel)
        .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .announce(
            announce,
            new Once<AnnounceReply>(
                reply -> net.run(() -> answered(request, reply.getFailure(), done)),
                failure -> net.run(() -> done.accept("the switch " + failure))));
  }

  private void answered(SetAddressRequest request, String failure, Consumer<String> done) {
    if (failure.isEmpty()) {
      synchronized (held) {
        if (request.getUp()) {
          held.add(request.getNic() + " " + request.getAddress());
        } else {
          held.remove(request.getNic() + " " + request.getAddress());
        }
      }
    }
    done.accept(failure);
  }

  @Override
  public List<String> held() {
    synchronized (held) {
      return List.copyOf(held);
    }
  }
}
