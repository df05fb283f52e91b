package halab.node;

import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Wire;
import halab.runtime.LabClock;
import halab.runtime.Mailbox;
import halab.runtime.Net;
import halab.runtime.admin.AdminClient;
import halab.runtime.admin.AdminException;
import halab.runtime.disk.DiskClient;
import halab.runtime.disk.DiskDaemon;
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
import java.util.function.BooleanSupplier;

/** A shared data disk, served by a real disk daemon to two instances, with faults. */
public final class DiskLab implements AutoCloseable {
  private static final Endpoint DISKD = new Endpoint("store", LabHost.DISKD);
  private static final long WITHIN_NS = 20_000_000_000L;

  private final Lab lab;
  private final Thread daemon;
  private final Net net;

  /** Of so many blocks, with so many bytes behind them. */
  public DiskLab(Path dir, String path, int blocks, long rangeBytes) throws IOException {
    lab = lab(dir, new LabDisk("data0", path, "data", blocks, rangeBytes));
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
    inject("ok");
  }

  private static Lab lab(Path dir, LabDisk disk) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
    return new Lab(
        dir,
        "disks",
        "dsc",
        "process",
        System.currentTimeMillis(),
        1,
        "today",
        "secret",
        Lab.TRUST,
        List.of(
            host("n1", "dmserver", ports.get(0), ports.get(6), Map.of("dmserver", ports.get(4))),
            host("n2", "dmserver", ports.get(1), ports.get(7), Map.of("dmserver", ports.get(5))),
            host("store", LabHost.DISKD, ports.get(2), ports.get(8), Map.of())),
        List.of(disk),
        ports.get(3),
        new TreeMap<>(),
        new TreeMap<>());
  }

  private static LabHost host(
      String name, String role, int port, int hostd, Map<String, Integer> sql) {
    return new LabHost(
        name,
        LabHost.loopback(LabHost.NETWORKS),
        List.of(role),
        List.of("eth0"),
        new TreeMap<>(Map.of(role, port, LabHost.HOSTD, hostd)),
        new TreeMap<>(sql));
  }

  public Lab lab() {
    return lab;
  }

  private void serve() {
    try {
      DiskDaemon.run(lab, DISKD);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One life of an instance as the disk sees it. */
  public DiskClient client(Endpoint self, long life) {
    LabClock clock = new LabClock(lab.epochWallMs(), 1);
    FaultRules faults = new FaultRules(self.toString());
    Mailbox mailbox = new Mailbox(100);
    return new DiskClient(
        self, life, lab, net, clock, new Wire(List.of()), faults, mailbox, List.of(), () -> {});
  }

  /** Puts a fault on the disk, as soon as the daemon answers. */
  public void inject(String fault) {
    until(
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
  public long bitten() {
    try (AdminClient admin = AdminClient.of(lab, DISKD, 5000)) {
      return admin.describeDisks().getDisk(0).getBitten();
    }
  }

  /** Waits for a condition, within a bound. */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + WITHIN_NS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 20 s: " + what);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }

  /** One event that was heard, or null. */
  public static Event take(java.util.Queue<Event> heard) {
    until("an event", () -> !heard.isEmpty());
    return heard.poll();
  }

  @Override
  public void close() {
    net.close();
    daemon.interrupt();
  }
}
