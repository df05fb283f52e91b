package halab.cli.lab;

import halab.cli.Failure;
import halab.dsc.proto.DcrEp;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.LabHost;
import halab.runtime.lab.Secret;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Systems;
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
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Makes labs: from a plan to a folder with hosts, vendor files, disks, ports and a secret. The
 * folder is there as a whole or not at all. Nothing is started.
 */
public final class Creator {
  private static final long FILE_BYTES_MAX = 1 << 20;
  private static final String STORE = "store";

  // The plan's daemons have ports 0 to 79 of a lab's range; these are the lab's own.
  private static final int AGENTS = 80;
  private static final int DISKD = 90;
  private static final int SWITCH = 91;
  private static final int VIPS = 92;
  private static final int VIPS_MAX = 8;

  /**
   * What the operator asked for.
   *
   * @param from folder with ini files of the user's, or null
   */
  public record Wish(
      String system,
      int hosts,
      boolean fast,
      double timeScale,
      Map<String, String> set,
      Path from) {}

  private Creator() {}

  /** Makes the lab that was asked for in this folder, which must not exist. */
  public static LiveLab create(Path dir, Wish wish) throws IOException {
    EmulatedSystem system;
    try {
      system = Systems.named(wish.system());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
    Map<String, String> files = wish.from() == null ? Map.of() : brought(wish.from());
    return create(
        dir,
        base ->
            system.plan(new LabPlan.Options(wish.hosts(), wish.fast(), base, wish.set(), files)),
        wish.timeScale());
  }

  /**
   * Makes a lab from a plan.
   *
   * @param planned given the first port of a free range
   */
  public static LiveLab create(Path dir, IntFunction<LabPlan> planned, double timeScale)
      throws IOException {
    if (Files.exists(dir)) {
      throw Failure.config(
          dir + " exists already; choose another --name, or: halab destroy --lab " + name(dir));
    }
    Files.createDirectories(dir.getParent());
    int base = Ports.freeRange(takenBeside(dir));
    LabPlan plan = planned.apply(base);
    Path draft = Files.createTempDirectory(dir.getParent(), "." + name(dir) + ".new");
    try {
      Lab lab = lab(draft, name(dir), plan, base, timeScale);
      requireFreePorts(lab, base);
      write(lab, plan);
      Files.move(draft, dir, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Trees.delete(draft);
    }
    return LiveLab.open(dir);
  }

  /** Removes the lab in this folder with all that is in it. */
  public static void remove(Path dir) throws IOException {
    Trees.delete(dir);
  }

  private static String name(Path dir) {
    return dir.getFileName().toString();
  }

  /** The user's files by {@code NAME}, and by {@code HOST/NAME} where they lie in such a folder. */
  private static Map<String, String> brought(Path from) throws IOException {
    if (!Files.isDirectory(from)) {
      throw Failure.usage(from + " is no folder; --from wants a folder with ini files");
    }
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(from, 2)) {
      for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
        if (Files.size(file) > FILE_BYTES_MAX) {
          throw Failure.config(file + " is larger than 1 MiB; that is no ini file");
        }
        files.put(from.relativize(file).toString(), Files.readString(file));
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
          taken.add(Lab.read(other).switchPort() - SWITCH);
        } catch (RuntimeException e) {
          // A lab that cannot be read holds no ports that could be told.
          continue;
        }
      }
    }
    return taken;
  }

  private static Lab lab(Path dir, String name, LabPlan plan, int base, double timeScale) {
    List<LabHost> hosts = new ArrayList<>();
    int agent = base + AGENTS;
    for (LabPlan.HostPlan host : plan.hosts()) {
      SortedMap<String, Integer> ports = new TreeMap<>(host.ports());
      ports.put(LabHost.HOSTD, agent++);
      hosts.add(host(host.name(), host.startList(), host.nics(), ports));
    }
    SortedMap<String, Integer> storePorts = new TreeMap<>();
    storePorts.put(LabHost.HOSTD, agent);
    storePorts.put(LabHost.DISKD, base + DISKD);
    hosts.add(host(STORE, List.of(LabHost.DISKD), List.of(), storePorts));
    List<LabDisk> disks =
        plan.disks().stream()
            .map(d -> new LabDisk(d.name(), d.path(), d.kind(), d.blockCount()))
            .toList();
    return new Lab(
        dir,
        name,
        plan.system(),
        "process",
        System.currentTimeMillis(),
        timeScale,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        "secret",
        hosts,
        disks,
        base + SWITCH,
        vips(plan, base + VIPS));
  }

  private static LabHost host(
      String name, List<String> startList, List<String> nics, SortedMap<String, Integer> ports) {
    return new LabHost(name, "127.0.0.1", startList, nics, ports);
  }

  private static SortedMap<String, Integer> vips(LabPlan plan, int first) {
    SortedMap<String, Integer> vips = new TreeMap<>();
    plan.disks().stream()
        .flatMap(disk -> disk.blocks().values().stream())
        .filter(DcrEp.class::isInstance)
        .map(block -> ((DcrEp) block).getVip())
        .filter(vip -> !vip.isEmpty())
        .distinct()
        .limit(VIPS_MAX)
        .forEach(vip -> vips.put(vip, first + vips.size()));
    return vips;
  }

  /** Ports that the user's files name lie outside the range that was found free. */
  private static void requireFreePorts(Lab lab, int base) {
    for (LabHost host : lab.hosts()) {
      host.ports()
          .forEach(
              (role, port) -> {
                if ((port < base || port >= base + Ports.RANGE) && !Ports.free(port)) {
                  throw Failure.config(
                      "port "
                          + port
                          + " of "
                          + host.name()
                          + "/"
                          + role
                          + " is taken on 127.0.0.1; name another one in its vendor file");
                }
              });
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
    Files.createDirectories(lab.switchDir());
    for (LabPlan.HostPlan host : plan.hosts()) {
      for (Map.Entry<String, String> file : host.files().entrySet()) {
        Files.writeString(lab.etc(host.name()).resolve(file.getKey()), file.getValue());
      }
    }
    Secret.create(lab.dir().resolve(lab.secretFile()));
    for (LabPlan.DiskPlan disk : plan.disks()) {
      DiskFiles.write(lab.diskFile(lab.disk(disk.name())), disk);
    }
    lab.write();
  }
}
