package halab.node.redo;

import static halab.node.redo.Logs.SMALL;
import static halab.node.redo.Logs.append;
import static halab.node.redo.Logs.lsns;
import static halab.node.redo.Logs.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Wire;
import halab.runtime.LabClock;
import halab.runtime.Mailbox;
import halab.runtime.Net;
import halab.runtime.admin.AdminClient;
import halab.runtime.admin.AdminException;
import halab.runtime.disk.DiskClient;
import halab.runtime.disk.DiskDaemon;
import halab.runtime.disk.FencedException;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.LabHost;
import halab.runtime.lab.Secret;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redo threads on a shared disk, served by the disk daemon. */
class DiskRedoDeviceTest {
  private static final Endpoint N1 = new Endpoint("n1", "dmserver");
  private static final Endpoint N2 = new Endpoint("n2", "dmserver");
  private static final Endpoint DISKD = new Endpoint("store", LabHost.DISKD);
  private static final String DISK = "/dev/raw/data0";
  private static final RedoOwner OWNER = new RedoOwner("DSC0", 0, 4711);
  private static final RedoOwner OTHER = new RedoOwner("DSC1", 1, 4711);
  @TempDir Path dir;
  private Lab lab;
  private Thread daemon;
  private Net net;
  private DiskClient n1;
  private DiskClient n2;

  @BeforeEach
  void begin() throws IOException {
    lab = lab();
    for (LabHost host : lab.hosts()) {
      Files.createDirectories(lab.etc(host.name()));
      Files.createDirectories(lab.run(host.name()));
    }
    LabDisk disk = lab.disk("data0");
    Files.createDirectories(lab.data("store"));
    try (RandomAccessFile file = new RandomAccessFile(lab.diskFile(disk).toFile(), "rw")) {
      file.setLength(disk.bytes());
    }
    Secret.create(dir.resolve("secret"));
    daemon = new Thread(this::serve, "diskd");
    daemon.setDaemon(true);
    daemon.start();
    net = new Net(lab.secret());
    n1 = client(N1, 1);
    n2 = client(N2, 1);
    inject("ok");
  }

  @AfterEach
  void end() {
    net.close();
    daemon.interrupt();
  }

  private Lab lab() throws IOException {
    List<Integer> ports = freePorts(4);
    return new Lab(
        dir,
        "redo",
        "dsc",
        "process",
        System.currentTimeMillis(),
        1,
        "today",
        "secret",
        List.of(
            host("n1", "dmserver", ports.get(0)),
            host("n2", "dmserver", ports.get(1)),
            host("store", LabHost.DISKD, ports.get(2))),
        List.of(new LabDisk("data0", DISK, "data", 64, 2 * SMALL.bytes())),
        ports.get(3),
        new TreeMap<>());
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return held.stream().map(ServerSocket::getLocalPort).toList();
  }

  private static LabHost host(String name, String role, int port) {
    return new LabHost(
        name,
        LabHost.loopback(LabHost.NETWORKS),
        List.of(role),
        List.of("eth0"),
        new TreeMap<>(Map.of(role, port)));
  }

  private void serve() {
    try {
      DiskDaemon.run(lab, DISKD);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DiskClient client(Endpoint self, long life) {
    LabClock clock = new LabClock(lab.epochWallMs(), 1);
    FaultRules faults = new FaultRules(self.toString());
    Mailbox mailbox = new Mailbox(100);
    return new DiskClient(
        self, life, lab, net, clock, new Wire(List.of()), faults, mailbox, () -> {});
  }

  /** As soon as the daemon answers. */
  private void inject(String fault) {
    Logs.until(
        "the disk daemon answers",
        () -> {
          try (AdminClient admin = AdminClient.of(lab, DISKD, 5000)) {
            return admin.setDiskFault("data0", fault, "", 0).isEmpty();
          } catch (AdminException e) {
            return false;
          }
        });
  }

  /** How many requests the disk's faults have met. */
  private long bitten() {
    try (AdminClient admin = AdminClient.of(lab, DISKD, 5000)) {
      return admin.describeDisks().getDisk(0).getBitten();
    }
  }

  private static RedoDevice device(DiskClient client, int thread) {
    return new DiskRedoDevice(client, DISK, 64 * 512, thread, SMALL.bytes());
  }

  @Test
  void threadsLieSideBySideAndAnyInstanceReadsThem() throws IOException {
    RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, false);
    RedoFormat.write(device(n2, 1), OTHER, SMALL, 0, false);
    try (RedoWriter mine = start(device(n1, 0), RedoAlarms.NONE)) {
      RedoReader reader = RedoReader.open(device(n2, 1), OTHER);
      reader.settle();
      try (RedoWriter others = RedoWriter.start(reader, RedoAlarms.NONE)) {
        for (long lsn = 1; lsn < 6; lsn++) {
          append(mine, lsn, 2000);
          append(others, 10 * lsn, 2000);
        }
      }
    }
    assertThat(lsns(RedoReader.open(device(n2, 0), OWNER))).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(lsns(RedoReader.open(device(n1, 1), OTHER)))
        .containsExactly(10L, 20L, 30L, 40L, 50L);
    assertThatThrownBy(() -> RedoReader.open(device(n1, 1), OWNER)).isInstanceOf(RedoDamage.class);
    assertThatThrownBy(() -> device(n1, 0).read(SMALL.bytes() - 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFencedInstanceIsToldAndItsRedoIsReadAndSettled() throws IOException {
    RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, false);
    try (RedoWriter writer = start(device(n1, 0), RedoAlarms.NONE)) {
      append(writer, 1, 100);
      n2.fence(new Effect.Fence(1, DISK, N1, 1));
      RedoReader reader = RedoReader.open(device(n2, 0), OWNER);
      reader.settle();
      assertThat(lsns(reader)).containsExactly(1L);
      assertThatThrownBy(() -> append(writer, 2, 100))
          .isInstanceOf(FencedException.class)
          .hasMessageContaining("redo log " + DISK + " thread 0")
          .hasMessageContaining("fenced: n1/dmserver up to life 1");
    }
    try (RedoWriter next = start(device(client(N1, 2), 0), RedoAlarms.NONE)) {
      append(next, 2, 100);
    }
    assertThat(lsns(RedoReader.open(device(n2, 0)))).containsExactly(1L, 2L);
  }

  @Test
  void aFailingDiskBreaksTheWriterAndAHungOneHoldsIt() throws IOException {
    RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, false);
    RedoWriter broken = start(device(n1, 0), RedoAlarms.NONE);
    inject("full");
    assertThatThrownBy(() -> append(broken, 1, 100))
        .isNotInstanceOf(FencedException.class)
        .hasMessageContaining("no space left on device; mend the storage");
    broken.close();
    inject("ok");
    RedoWriter hung = start(device(n1, 0), RedoAlarms.NONE);
    long bitten = bitten();
    inject("hang");
    CompletableFuture<Void> waiting = hung.append(Logs.redo(1, 100));
    Logs.until("the disk holds the write", () -> bitten() > bitten);
    CompletableFuture<Void> other = n2.writeRanges(DISK, List.of());
    assertThat(waiting).isNotDone();
    hung.abort();
    assertThatThrownBy(() -> Logs.get(waiting)).hasMessageContaining("interrupted");
    inject("ok");
    // What was under way has reached the disk though nobody acknowledged it.
    Logs.get(other);
    assertThat(lsns(RedoReader.open(device(n1, 0)))).containsExactly(1L);
  }

  @Test
  void aDiskThatLiesIsFoundOut() throws IOException {
    for (String lie : List.of("torn", "flipped")) {
      RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, true);
      try (RedoWriter writer = start(device(n1, 0), RedoAlarms.NONE)) {
        append(writer, 1, 2000);
        inject(lie);
        append(writer, 2, 2000);
        inject("ok");
        append(writer, 3, 2000);
      }
      assertThatThrownBy(() -> RedoReader.open(device(n1, 0), OWNER))
          .isInstanceOf(RedoDamage.class)
          .hasMessageContaining(DISK + " thread 0, segment 0, offset 3584")
          .hasMessageContaining("but a later batch stands");
    }
  }
}
