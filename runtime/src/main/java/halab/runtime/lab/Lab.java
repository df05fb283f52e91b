package halab.runtime.lab;

import halab.kernel.Endpoint;
import halab.sim.Hosts;
import halab.systems.ConfigException;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One lab as its {@code lab.ini} describes it: hosts, disks, ports and clock. What a vendor has a
 * file for is in the hosts' {@code etc} instead.
 *
 * @param dir the lab's directory
 * @param epochWallMs wall clock at which lab time and wall time agree
 * @param timeScale lab milliseconds per wall millisecond, 0.1 to 100
 * @param created when the lab was made, for people
 * @param secretFile name of the secret's file inside {@code dir}
 * @param sqlAuth how SQL clients prove who they are: {@link #TRUST} or {@link #SCRAM}
 * @param dialects how its daemons speak
 * @param switchPort admin port of the lab's switch
 * @param vips loopback port that the switch owns, by the address that daemons announce
 * @param hostPorts loopback port that the switch owns and that leads to a host's instance, by host
 */
public record Lab(
    Path dir,
    String name,
    String system,
    String backend,
    long epochWallMs,
    double timeScale,
    String created,
    String secretFile,
    String sqlAuth,
    Dialects dialects,
    List<LabHost> hosts,
    List<LabDisk> disks,
    int switchPort,
    SortedMap<String, Integer> vips,
    SortedMap<String, Integer> hostPorts) {
  public static final String FILE = "lab.ini";
  public static final String PROCESS = "process";
  public static final String DOCKER = "docker";

  /** Everybody is who they say they are. */
  public static final String TRUST = "trust";

  /** Users of {@link #sqlUsersFile} by password, nobody else. */
  public static final String SCRAM = "scram-sha-256";

  /** Name of the file of users inside the lab's directory. */
  public static final String SQL_USERS = "sql-users";

  public Lab {
    hosts = List.copyOf(hosts);
    disks = List.copyOf(disks);
    vips = Collections.unmodifiableSortedMap(new TreeMap<>(vips));
    hostPorts = Collections.unmodifiableSortedMap(new TreeMap<>(hostPorts));
  }

  /** A lab that speaks as one does that says nothing about it. */
  public Lab(
      Path dir,
      String name,
      String system,
      String backend,
      long epochWallMs,
      double timeScale,
      String created,
      String secretFile,
      String sqlAuth,
      List<LabHost> hosts,
      List<LabDisk> disks,
      int switchPort,
      SortedMap<String, Integer> vips,
      SortedMap<String, Integer> hostPorts) {
    this(
        dir,
        name,
        system,
        backend,
        epochWallMs,
        timeScale,
        created,
        secretFile,
        sqlAuth,
        Dialects.DEFAULT,
        hosts,
        disks,
        switchPort,
        vips,
        hostPorts);
  }

  /** Reads and checks {@code DIR/lab.ini}; {@link ConfigException} lists every problem. */
  public static Lab read(Path dir) {
    return LabReader.read(dir);
  }

  /** Checks this lab and writes {@code lab.ini} atomically. */
  public void write() throws IOException {
    LabReader.check(this);
    AtomicFiles.write(dir.resolve(FILE), LabReader.text(this));
  }

  /** The host, or an {@link IllegalArgumentException} that lists the known ones. */
  public LabHost host(String host) {
    return hosts.stream()
        .filter(h -> h.name().equals(host))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "lab "
                        + name
                        + " has no host "
                        + host
                        + "; known: "
                        + String.join(", ", hosts.stream().map(LabHost::name).toList())));
  }

  /** The host whose start list holds {@code diskd}. */
  public LabHost diskHost() {
    return hosts.stream()
        .filter(h -> h.startList().contains(LabHost.DISKD))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("lab " + name + " has no disk host"));
  }

  /** The disks that the disk daemon serves; none where every host has disks of its own. */
  public List<LabDisk> sharedDisks() {
    return disks.stream().filter(LabDisk::shared).toList();
  }

  /** The own disk of this host at this path; null: what lies there is shared, or no disk. */
  public LabDisk ownDisk(String host, String path) {
    return disks.stream()
        .filter(d -> host.equals(d.host()) && d.path().equals(path))
        .findFirst()
        .orElse(null);
  }

  /** Paths of the disks that are read and written by majority; none in most labs. */
  public List<String> mirrorDisks() {
    return disks.stream()
        .filter(d -> d.kind().equals(LabPlan.DiskPlan.DCRV))
        .map(LabDisk::path)
        .toList();
  }

  /** The disk of this name, or an {@link IllegalArgumentException} that lists the known ones. */
  public LabDisk disk(String disk) {
    return disks.stream()
        .filter(d -> d.name().equals(disk))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "lab "
                        + name
                        + " has no disk "
                        + disk
                        + "; known: "
                        + String.join(", ", disks.stream().map(LabDisk::name).toList())));
  }

  /** Lab time at this wall clock, milliseconds since 1970; what {@code LabClock} shows then. */
  public long labMs(long wallMs) {
    return epochWallMs + (long) ((wallMs - epochWallMs) * timeScale);
  }

  public int port(Endpoint endpoint) {
    return host(endpoint.host()).port(endpoint.role());
  }

  public Path hostDir(String host) {
    return dir.resolve(host);
  }

  public Path etc(String host) {
    return hostDir(host).resolve("etc");
  }

  public Path log(String host) {
    return hostDir(host).resolve("log");
  }

  public Path data(String host) {
    return hostDir(host).resolve("data");
  }

  /**
   * Where a host keeps what its database knows of itself (SYSTEM_PATH); made with the first file.
   */
  public Path system(String host) {
    return data(host).resolve("system");
  }

  public Path run(String host) {
    return hostDir(host).resolve("run");
  }

  /** Who may log in to SQL, with {@link #SCRAM}; may be missing. */
  public Path sqlUsersFile() {
    return dir.resolve(SQL_USERS);
  }

  /** The real file behind a disk, or the folder of one for archives. */
  public Path diskFile(LabDisk disk) {
    String host = disk.shared() ? diskHost().name() : disk.host();
    return data(host).resolve(disk.name() + ".disk");
  }

  /** Whether all hosts share this machine and its ports; else each has addresses of its own. */
  public boolean oneMachine() {
    return backend.equals(PROCESS);
  }

  /**
   * The process that leads clients to the movable addresses: outside all hosts where hosts share a
   * machine, else on the client's host.
   */
  public Endpoint switchEndpoint() {
    return new Endpoint(oneMachine() ? "switch" : Hosts.CLIENT, "switch");
  }

  /** Reads the lab's secret; {@link ConfigException} when it cannot be read. */
  public Secret secret() {
    Path file = dir.resolve(secretFile);
    try {
      return Secret.read(file);
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  file.toString(),
                  0,
                  "the lab's secret cannot be read (" + e.getMessage() + ")",
                  "restore the file, or destroy the lab and init it again")));
    }
  }
}
