package halab.cli.lab;

import halab.cli.Failure;
import halab.cli.console.MonitorConsole;
import halab.cli.fault.Journal;
import halab.cli.sql.ServiceFile;
import halab.runtime.lab.AtomicFiles;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.LabHost;
import halab.runtime.lab.Secret;
import halab.runtime.lab.TextFiles;
import halab.runtime.vip.LabSwitch;
import halab.sim.Hosts;
import halab.systems.Brought;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Systems;
import halab.systems.dm.SvcConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes labs: from a plan to a folder with hosts, vendor files, disks, ports and a secret. The
 * folder is there as a whole or not at all. Nothing is started.
 */
public final class Creator {
  private static final long FILE_BYTES_MAX = 1 << 20;
  // The plan's daemons have ports 0 to 79 of a lab's range; these are the lab's own.
  private static final int AGENTS = 80;
  private static final int DISKD = 90;
  private static final int SWITCH = 91;
  private static final int VIPS = 92;
  private static final int VIPS_MAX = 8;

  /** Within a host's ten: where the switch listens for clients that name the host. */
  private static final int HOST_PORT = 6;

  /** Where hosts have ports of their own, dmserver's PORT_NUM is the vendor's 5236. */
  private static final int OWN_PORTS = 5233;

  /**
   * What the operator asked for.
   *
   * @param from folder with ini files of the user's, or null
   * @param net first two numbers of the addresses of hosts that are containers ("10.56"); null for
   *     hosts that are processes of this machine
   */
  public record Wish(
      String system,
      int hosts,
      boolean fast,
      double timeScale,
      Map<String, String> set,
      Path from,
      String net) {}

  /** A lab before it is known where its hosts stand. */
  public interface Planner {
    /**
     * @param portBase first of a range of free ports
     * @param publicNet see {@link LabPlan.Options}
     */
    LabPlan plan(int portBase, String publicNet);
  }

  private Creator() {}

  /** Makes the lab that was asked for in this folder, which must not exist. */
  public static LiveLab create(Path dir, Wish wish) throws IOException {
    return create(dir, planner(wish), wish.timeScale(), wish.net());
  }

  /**
   * As {@link #create}, in a folder that exists and is kept by somebody else: a volume. A lab that
   * was begun there and never finished is begun anew.
   */
  public static LiveLab fill(Path dir, String name, Wish wish) throws IOException {
    LabPlan plan = planner(wish).plan(OWN_PORTS, wish.net() + ".1");
    Lab lab = lab(dir, name, plan, OWN_PORTS, OWN_PORTS, wish.timeScale(), wish.net());
    for (LabPlan.DiskPlan disk : plan.disks()) {
      Trees.delete(lab.diskFile(lab.disk(disk.name())));
    }
    write(lab, plan);
    return LiveLab.open(dir);
  }

  /**
   * The plan that goes with a wish.
   *
   * @throws Failure if there is no such system, or no files where they are to come from
   */
  public static Planner planner(Wish wish) throws IOException {
    EmulatedSystem system = system(wish);
    Map<String, String> files = brought(wish).files();
    return (base, net) ->
        system.plan(new LabPlan.Options(wish.hosts(), wish.fast(), base, wish.set(), files, net));
  }

  private static EmulatedSystem system(Wish wish) {
    try {
      return Systems.named(wish.system());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  /**
   * The user's files as the system takes them, and what it says about them.
   *
   * @throws Failure as {@link #planner}
   */
  public static Brought brought(Wish wish) throws IOException {
    EmulatedSystem system = system(wish);
    return wish.from() == null
        ? new Brought(Map.of(), List.of())
        : system.brought(files(wish.from()));
  }

  /**
   * Makes a lab from a plan.
   *
   * @param net see {@link Wish}
   */
  public static LiveLab create(Path dir, Planner planner, double timeScale, String net)
      throws IOException {
    if (Files.exists(dir.resolve(Lab.FILE)) || Files.exists(dir) && !isBare(dir)) {
      throw Failure.config(
          dir + " exists already; choose another --name, or: halab destroy --lab " + name(dir));
    }
    Files.createDirectories(dir.getParent());
    int free = Ports.freeRange(takenBeside(dir));
    int base = net == null ? free : OWN_PORTS;
    LabPlan plan = planner.plan(base, net == null ? null : net + ".1");
    Path draft = Files.createTempDirectory(dir.getParent(), "." + name(dir) + ".new");
    try {
      Lab lab = lab(draft, name(dir), plan, base, free, timeScale, net);
      if (net == null) {
        requireFreePorts(lab, base);
      }
      write(lab, plan);
      Trees.delete(dir);
      Files.move(draft, dir, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Trees.delete(draft);
    }
    return LiveLab.open(dir);
  }

  /** A folder that commands left about a lab of this name that others had started. */
  private static boolean isBare(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      List<String> left = List.of(Journal.FILE, MonitorConsole.HISTORY);
      return entries.allMatch(file -> left.contains(file.getFileName().toString()));
    }
  }

  /** Removes the lab in this folder with all that is in it. */
  public static void remove(Path dir) throws IOException {
    Trees.delete(dir);
  }

  private static String name(Path dir) {
    return dir.getFileName().toString();
  }

  /** The user's files by {@code NAME}, and by {@code HOST/NAME} where they lie in such a folder. */
  private static Map<String, String> files(Path from) throws IOException {
    if (!Files.isDirectory(from)) {
      throw Failure.usage(from + " is no folder; --from wants a folder with ini files");
    }
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(from, 2)) {
      for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
        if (Files.size(file) > FILE_BYTES_MAX) {
          throw Failure.config(file + " is larger than 1 MiB; that is no ini file");
        }
        files.put(from.relativize(file).toString(), TextFiles.read(file));
      }
    }
    if (files.isEmpty()) {
      throw Failure.usage(from + " has no files; --from wants ini files there");
    }
    return files;
  }

  private static Set<Integer> takenBeside(Path dir) throws IOException {
    Set<Integer> taken = new HashSet<>();
    try (Stream<Path> beside = Files.list(dir.getParent())) {
      for (Path other : beside.filter(f -> Files.exists(f.resolve(Lab.FILE))).toList()) {
        try {
          Lab lab = Lab.read(other);
          taken.add(lab.switchPort() - SWITCH);
          lab.vips().values().stream().findFirst().ifPresent(port -> taken.add(port - VIPS));
        } catch (RuntimeException e) {
          // A lab that cannot be read holds no ports that could be told.
          continue;
        }
      }
    }
    return taken;
  }

  /**
   * @param base first port of the daemons
   * @param clients first port of the range where clients find the lab; of this machine, too, where
   *     hosts are containers that halab makes
   */
  private static Lab lab(
      Path dir, String name, LabPlan plan, int base, int clients, double timeScale, String net) {
    List<LabHost> hosts = new ArrayList<>();
    Numbers numbers = new Numbers(net);
    for (LabPlan.HostPlan host : plan.hosts()) {
      SortedMap<String, Integer> ports = new TreeMap<>(host.ports());
      ports.put(LabHost.HOSTD, base + agent(net == null ? hosts.size() : 0));
      hosts.add(
          new LabHost(
              host.name(),
              numbers.of(host.networks()),
              host.startList(),
              host.nics(),
              ports,
              new TreeMap<>(host.sqlPorts())));
    }
    if (plan.disks().stream().anyMatch(d -> d.host() == null)) {
      hosts.add(store(base + agent(net == null ? hosts.size() : 0), base, numbers));
    }
    if (net != null) {
      hosts.add(client(base + AGENTS, base, numbers));
    }
    List<LabDisk> disks =
        plan.disks().stream()
            .map(
                d ->
                    new LabDisk(
                        d.name(), d.path(), d.kind(), d.blockCount(), d.rangeBytes(), d.host()))
            .toList();
    return new Lab(
        dir,
        name,
        plan.system(),
        net == null ? Lab.PROCESS : Lab.DOCKER,
        System.currentTimeMillis(),
        timeScale,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        "secret",
        Lab.TRUST,
        plan.dialects(),
        hosts,
        disks,
        base + SWITCH,
        vips(plan, clients + VIPS),
        hostPorts(plan, clients));
  }

  /** Ten agents have ports of their own; further ones take what the hosts' tens leave free. */
  private static int agent(int host) {
    return host < 10 ? AGENTS + host : host < 18 ? 10 * (host - 10) + 7 : 10 * (host - 18) + 38;
  }

  /** The first hosts each have ten ports, of which the plan leaves this one free. */
  private static SortedMap<String, Integer> hostPorts(LabPlan plan, int first) {
    SortedMap<String, Integer> ports = new TreeMap<>();
    for (LabPlan.HostPlan host : plan.hosts()) {
      if (!host.sqlPorts().isEmpty()) {
        ports.put(host.name(), first + 10 * ports.size() + HOST_PORT);
      }
    }
    return ports;
  }

  /** Serves the disks that hosts share. */
  private static LabHost store(int agent, int base, Numbers numbers) {
    SortedMap<String, Integer> ports = new TreeMap<>();
    ports.put(LabHost.HOSTD, agent);
    ports.put(LabHost.DISKD, base + DISKD);
    SortedMap<String, String> addresses = numbers.of(List.of("private", "storage"), Numbers.STORE);
    return new LabHost(Hosts.STORE, addresses, List.of(LabHost.DISKD), List.of(), ports);
  }

  private static LabHost client(int agent, int base, Numbers numbers) {
    SortedMap<String, Integer> ports = new TreeMap<>();
    ports.put(LabHost.HOSTD, agent);
    ports.put(LabSwitch.NAME, base + SWITCH);
    SortedMap<String, String> address = numbers.of(List.of("public"), Numbers.CLIENT);
    return new LabHost(Hosts.CLIENT, address, List.of(LabSwitch.NAME), List.of(), ports);
  }

  /** Hands out addresses: all the loopback, or each host its own number in every network. */
  private static final class Numbers {
    static final int STORE = 31;
    static final int CLIENT = 41;
    private final String net;
    private int node = 11;
    private int other = 21;

    Numbers(String net) {
      this.net = net;
    }

    /** Database hosts count from 11, monitors from 21. */
    SortedMap<String, String> of(List<String> networks) {
      return of(networks, networks.contains("private") ? node++ : other++);
    }

    SortedMap<String, String> of(List<String> networks, int number) {
      if (net == null) {
        return LabHost.loopback(networks);
      }
      SortedMap<String, String> addresses = new TreeMap<>();
      for (String network : networks) {
        int third = LabHost.NETWORKS.indexOf(network) + 1;
        addresses.put(network, net + "." + third + "." + number);
      }
      return addresses;
    }
  }

  private static SortedMap<String, Integer> vips(LabPlan plan, int first) {
    SortedMap<String, Integer> vips = new TreeMap<>();
    Systems.named(plan.system()).movable(plan).stream()
        .limit(VIPS_MAX)
        .forEach(vip -> vips.put(vip, first + vips.size()));
    return vips;
  }

  /** Ports that the user's files name lie outside the range that was found free. */
  private static void requireFreePorts(Lab lab, int base) {
    for (LabHost host : lab.hosts()) {
      host.ports().forEach((role, port) -> requireFree(host.name() + "/" + role, port, base));
      host.sqlPorts()
          .forEach((role, port) -> requireFree(host.name() + "/" + role + " (SQL)", port, base));
    }
  }

  private static void requireFree(String whose, int port, int base) {
    if ((port < base || port >= base + Ports.RANGE) && !Ports.free(port)) {
      throw Failure.config(
          "port "
              + port
              + " of "
              + whose
              + " is taken on 127.0.0.1; name another one in its vendor file");
    }
  }

  private static void write(Lab lab, LabPlan plan) throws IOException {
    for (LabHost host : lab.hosts()) {
      for (Path folder :
          List.of(
              lab.etc(host.name()),
              lab.log(host.name()),
              lab.data(host.name()),
              lab.run(host.name()))) {
        Files.createDirectories(folder);
      }
    }
    Files.createDirectories(lab.run(lab.switchEndpoint().host()));
    for (LabPlan.HostPlan host : plan.hosts()) {
      for (Map.Entry<String, String> file : host.files().entrySet()) {
        Files.writeString(lab.etc(host.name()).resolve(file.getKey()), file.getValue());
      }
      for (Map.Entry<String, String> file : host.saved().entrySet()) {
        Files.createDirectories(lab.system(host.name()));
        AtomicFiles.write(lab.system(host.name()).resolve(file.getKey()), file.getValue());
      }
    }
    for (String host : plan.spare()) {
      Files.writeString(
          lab.dir().resolve(host).resolve(LiveLab.SPARE),
          "no part of the cluster until: halab poweron " + host + "\n");
    }
    String services = ServiceFile.text(lab);
    if (services != null) {
      Files.writeString(lab.dir().resolve(SvcConf.FILE), services);
    }
    Secret.create(lab.dir().resolve(lab.secretFile()));
    // A host makes its own disks by itself when it first writes to them.
    for (LabPlan.DiskPlan disk : plan.disks().stream().filter(d -> d.host() == null).toList()) {
      DiskFiles.write(lab.diskFile(lab.disk(disk.name())), disk);
    }
    lab.write();
  }
}
