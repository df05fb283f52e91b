package halab.runtime.host;

import halab.admin.proto.AdminGrpc;
import halab.admin.proto.DaemonStatus;
import halab.admin.proto.StatusRequest;
import halab.runtime.Net;
import halab.runtime.disk.DiskClient;
import halab.runtime.lab.LabHost;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Whether a host that is a machine of its own has come up, told once a second in a file that costs
 * nothing to look at: {@code ok} from the first heartbeat of the first daemon on its start list.
 * What becomes of its daemons later is the lab's business and no illness of the host. A file that
 * grows old means that the agent stands still.
 */
final class Health {
  private static final long EVERY_MS = 1000;
  private static final Path FILE = Path.of(System.getProperty("java.io.tmpdir"), "halab.health");

  private final LabHost host;
  private final Net net;
  private ManagedChannel channel;
  private boolean ok;

  Health(LabHost host, Net net) {
    this.host = host;
    this.net = net;
  }

  /** Begins to tell. */
  void begin() {
    net.run(this::tick);
  }

  private void tick() {
    write(ok ? "ok" : "starting: waiting for the first heartbeat of " + host.startList());
    if (!ok) {
      String first = host.startList().get(0);
      if (channel == null) {
        channel = net.channel(LabHost.LOOPBACK, host.port(first));
      }
      channel.resetConnectBackoff();
      AdminGrpc.newStub(channel)
          .withDeadlineAfter(EVERY_MS, TimeUnit.MILLISECONDS)
          .status(StatusRequest.getDefaultInstance(), new Once<>(this::heard, failure -> {}));
    }
    net.later(EVERY_MS, this::tick);
  }

  /** Only who reaches disks has heartbeats to write. */
  private void heard(DaemonStatus status) {
    if (status.getFirstBeatMs() > 0 || !host.addresses().containsKey(DiskClient.NETWORK)) {
      ok = true;
      channel.shutdown();
    }
  }

  private static void write(String text) {
    try {
      Files.writeString(FILE, text + "\n");
    } catch (IOException e) {
      System.err.println("halab: cannot write " + FILE + ": " + e.getMessage());
    }
  }
}
