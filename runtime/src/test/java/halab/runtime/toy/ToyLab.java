package halab.runtime.toy;

import halab.kernel.Endpoint;
import halab.runtime.Await;
import halab.runtime.admin.AdminClient;
import halab.runtime.admin.AdminException;
import halab.runtime.host.JvmFlags;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.LabHost;
import halab.runtime.lab.Secret;
import halab.runtime.vip.LabSwitch;
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
import java.util.function.Function;

/** A lab of hosts n1, n2 and store on free loopback ports, and the processes a test started. */
public final class ToyLab implements AutoCloseable {
  /** Behind the 16 blocks of the one disk. */
  public static final int RANGE_BYTES = 4 << 20;

  public final Lab lab;
  private final List<Process> processes = new ArrayList<>();

  public ToyLab(Path dir) throws IOException {
    List<Integer> ports = freePorts(11);
    Map<String, Integer> n1 = Map.of("hostd", ports.get(0), Toy.ROLE, ports.get(1));
    Map<String, Integer> n2 = Map.of("hostd", ports.get(3), Toy.ROLE, ports.get(4));
    Map<String, Integer> store = Map.of("hostd", ports.get(6), "diskd", ports.get(7));
    lab =
        new Lab(
            dir,
            "toy",
            "toy",
            "process",
            System.currentTimeMillis(),
            1,
            "today",
            "secret",
            Lab.TRUST,
            List.of(
                host("n1", List.of(Toy.ROLE), n1, Map.of(Toy.ROLE, ports.get(2))),
                host("n2", List.of(Toy.ROLE), n2, Map.of(Toy.ROLE, ports.get(5))),
                host("store", List.of("diskd"), store, Map.of())),
            List.of(new LabDisk("toy", Toy.DISK, "voting", 16, RANGE_BYTES)),
            ports.get(8),
            new TreeMap<>(Map.of("10.0.0.1", ports.get(9))),
            new TreeMap<>(Map.of("n2", ports.get(10))));
    for (LabHost host : lab.hosts()) {
      Files.createDirectories(lab.etc(host.name()));
      Files.createDirectories(lab.run(host.name()));
    }
    Files.createDirectories(lab.data("store"));
    try (RandomAccessFile file = new RandomAccessFile(diskFile().toFile(), "rw")) {
      file.setLength(16 * 512 + RANGE_BYTES);
    }
    Secret.create(dir.resolve("secret"));
    lab.write();
  }

  private static LabHost host(
      String name, List<String> roles, Map<String, Integer> ports, Map<String, Integer> sql) {
    return new LabHost(
        name,
        LabHost.loopback(LabHost.NETWORKS),
        roles,
        List.of("eth0"),
        new TreeMap<>(ports),
        new TreeMap<>(sql));
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return ports;
  }

  public Path diskFile() {
    return lab.diskFile(lab.disk("toy"));
  }

  /** Starts a process of the lab as an operator would by hand. */
  public Process start(String host, String role) throws IOException {
    String main = role.equals(LabSwitch.NAME) ? LabSwitch.class.getName() : ToyMain.class.getName();
    Path out = lab.dir().resolve(host + "-" + role + ".out");
    Process process =
        JvmFlags.prepared(JvmFlags.command(main, lab.dir(), host, role))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
            .start();
    processes.add(process);
    return process;
  }

  /** What a process started by {@link #start} has printed. */
  public String out(String host, String role) throws IOException {
    return Files.readString(lab.dir().resolve(host + "-" + role + ".out"));
  }

  public AdminClient client(String host, String role) {
    return role.equals(LabSwitch.NAME)
        ? AdminClient.at("the switch", "127.0.0.1", lab.switchPort(), lab.secret(), 5000)
        : AdminClient.of(lab, new Endpoint(host, role), 5000);
  }

  /** Asks as soon as the process answers. */
  public <T> T ask(String host, String role, Function<AdminClient, T> question) {
    return Await.value(
        host + "/" + role + " answers",
        () -> {
          try (AdminClient client = client(host, role)) {
            return question.apply(client);
          } catch (AdminException e) {
            return null;
          }
        });
  }

  /** A fact that a member shows, or null while it does not answer. */
  public String fact(String host, String name) {
    try (AdminClient client = client(host, Toy.ROLE)) {
      return client.status().getFactList().stream()
          .filter(f -> f.getName().equals(name))
          .findFirst()
          .orElseThrow()
          .getValue();
    } catch (AdminException e) {
      return null;
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    for (Process process : processes) {
      Await.until("process " + process.pid() + " ends", () -> !process.isAlive());
    }
  }
}
