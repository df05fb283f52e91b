package halab.cli.lab;

import halab.admin.proto.DaemonStatus;
import halab.admin.proto.HostStatus;
import halab.admin.proto.ProcessStatus;
import halab.cli.Failure;
import halab.cli.docker.Containers;
import halab.kernel.Endpoint;
import halab.runtime.lab.AtomicFiles;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.runtime.lab.TextFiles;
import halab.sim.Hosts;
import halab.sim.LabDriver;
import halab.sim.Subject;
import halab.systems.ConfigException;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.Systems;
import halab.systems.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A lab in the hands of one command: its files, its hosts and daemons, its measures. What hosts are
 * made of is the {@link Backend}'s affair.
 */
public final class LiveLab implements AutoCloseable {
  /** File in the folder of a host that stays off until somebody powers it on. */
  static final String SPARE = "spare";

  /** Folder of the vendor files by host as they were when the lab was last told to come up. */
  private static final String ACCEPTED = "accepted";

  private static final long LOOK_EVERY_MS = 50;
  private static final int LAST_WORDS = 5;
  private static final long FILE_BYTES_MAX = 1 << 20;

  private final Path dir;
  private final Lab lab;
  private final EmulatedSystem system;
  private final Backend backend;
  private final LabClient client;
  private final Measure measure;
  private final Power power;
  private LabPlan plan;
  private List<ConfigException.Problem> spoiled = List.of();

  /**
   * @param dir folder of what this command writes about the lab: journal of faults, history
   * @param lab its model, read from that folder or from the lab itself
   */
  public LiveLab(Path dir, Lab lab, Backend backend) {
    this.dir = dir;
    this.lab = lab;
    this.system = Systems.named(lab.system());
    this.backend = backend;
    this.client = new LabClient(lab, backend);
    this.measure = new Measure(this);
    this.power = new Power(this);
  }

  /** Opens the lab in this folder. A bad lab.ini is a ConfigException. */
  public static LiveLab open(Path dir) {
    Lab lab = Lab.read(dir);
    return new LiveLab(dir, lab, backend(lab));
  }

  private static Backend backend(Lab lab) {
    String here = System.getenv(Inside.HOST);
    if (lab.oneMachine()) {
      return new Processes(lab);
    }
    return here != null && !here.isEmpty() ? new Inside(lab, here) : new Containers(lab);
  }

  /** Whether anything of this lab runs. */
  public boolean isUp() {
    return backend.anyOn();
  }

  @Override
  public void close() {
    measure.close();
    client.close();
    backend.close();
  }

  /** Folder of what commands write about the lab. */
  public Path dir() {
    return dir;
  }

  /** The lab as its lab.ini describes it. */
  public Lab model() {
    return lab;
  }

  public Backend backend() {
    return backend;
  }

  public String name() {
    return lab.name();
  }

  public double timeScale() {
    return lab.timeScale();
  }

  public EmulatedSystem system() {
    return system;
  }

  /** The system with what judges it. */
  public Subject subject() {
    return Subject.named(system.name());
  }

  public LabClient client() {
    return client;
  }

  public Power power() {
    return power;
  }

  /**
   * The lab's files as they stand, checked as a whole, with the disks' first content. When somebody
   * has spoiled one while the lab is up, the files as {@code up} accepted them last: what runs can
   * be looked at and stopped whatever is written meanwhile, and who starts judges its files itself.
   *
   * @throws ConfigException with all problems
   */
  public LabPlan plan() {
    if (plan == null) {
      try {
        plan = system.concluded(asItStands(lab::etc));
      } catch (ConfigException e) {
        if (!Files.isDirectory(dir.resolve(ACCEPTED)) || !isUp()) {
          throw e;
        }
        plan = system.concluded(asItStands(this::accepted));
        spoiled = e.problems();
      }
    }
    return plan;
  }

  /** What is wrong with the files as they stand, while {@link #plan} is of accepted ones. */
  public List<ConfigException.Problem> spoiled() {
    return spoiled;
  }

  private Path accepted(String host) {
    return dir.resolve(ACCEPTED).resolve(host);
  }

  /** The plan without hosts that are spare: what has to run for the lab to be healthy. */
  public LabPlan cluster() {
    return plan().withHosts(plan().hosts().stream().filter(h -> !isSpare(h.name())).toList());
  }

  /** Whether the host is no part of the cluster yet: it has never been powered on. */
  public boolean isSpare(String host) {
    return Files.exists(dir.resolve(host).resolve(SPARE));
  }

  /** The host is powered on: it counts from now on. */
  void takeIn(String host) {
    try {
      Files.deleteIfExists(dir.resolve(host).resolve(SPARE));
    } catch (IOException e) {
      throw Failure.config("cannot remove " + dir.resolve(host).resolve(SPARE) + ": " + e);
    }
  }

  /** Refuses to go on when files, machine or disks are not as needed; all problems together. */
  public void precheck() {
    plan();
    if (!spoiled.isEmpty()) {
      throw new ConfigException(spoiled);
    }
    backend.precheck(plan);
  }

  /** Notes the files that the lab comes up with. */
  void accept() {
    try {
      for (LabPlan.HostPlan host : plan().hosts()) {
        Files.createDirectories(accepted(host.name()));
        for (Map.Entry<String, String> file : host.files().entrySet()) {
          AtomicFiles.write(accepted(host.name()).resolve(file.getKey()), file.getValue());
        }
      }
    } catch (IOException e) {
      throw Failure.config("cannot note the accepted files in " + dir + ": " + e);
    }
  }

  private LabPlan asItStands(Function<String, Path> folder) {
    List<LabPlan.HostPlan> hosts = new ArrayList<>();
    for (LabHost host : lab.hosts()) {
      if (!List.of(Hosts.STORE, Hosts.CLIENT).contains(host.name())) {
        hosts.add(
            new LabPlan.HostPlan(
                host.name(),
                host.startList(),
                host.nics(),
                host.ports(),
                files(folder.apply(host.name()))));
      }
    }
    List<LabPlan.DiskPlan> disks =
        lab.disks().stream()
            .map(
                d ->
                    new LabPlan.DiskPlan(
                        d.name(), d.path(), d.kind(), d.blocks(), d.rangeBytes(), new TreeMap<>()))
            .toList();
    return new LabPlan(lab.system(), hosts, disks, lab.oneMachine(), lab.dialects(), List.of());
  }

  /** Vendor files in a folder, by name. */
  private static Map<String, String> files(Path etc) {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(etc)) {
      for (Path file : entries.filter(Files::isRegularFile).sorted().toList()) {
        if (Files.size(file) > FILE_BYTES_MAX) {
          throw Failure.config(file + " is larger than 1 MiB; that is no ini file");
        }
        files.put(file.getFileName().toString(), TextFiles.read(file));
      }
      return files;
    } catch (IOException e) {
      throw Failure.config("cannot read the files in " + etc + ": " + e);
    }
  }

  /** Names of all hosts, as lab.ini orders them. */
  public List<String> hosts() {
    return lab.hosts().stream().map(LabHost::name).toList();
  }

  /** Movable addresses of the lab, sorted. */
  public List<String> addresses() {
    return List.copyOf(lab.vips().keySet());
  }

  /** The host with the disk daemon. */
  public String store() {
    return Hosts.STORE;
  }

  /** Hosts in the order of powering on: storage before those that need it. */
  List<String> hostsByPower() {
    List<String> order = new ArrayList<>(hosts());
    if (order.remove(Hosts.STORE)) {
      order.add(0, Hosts.STORE);
    }
    return order;
  }

  /** Every daemon of the start lists, without those of spare hosts. */
  public List<Endpoint> daemons() {
    List<Endpoint> daemons = new ArrayList<>();
    for (LabHost host : lab.hosts()) {
      if (!isSpare(host.name())) {
        host.startList().forEach(role -> daemons.add(new Endpoint(host.name(), role)));
      }
    }
    return daemons;
  }

  /** What the daemons that answer show of themselves now. */
  public Map<Endpoint, View> views() {
    return measure.views(daemons());
  }

  public LabStatus status() throws IOException {
    return measure.status();
  }

  /** Worst stall that each daemon's loop measured within the last minute, wall ms. */
  public Map<Endpoint, Long> lateness() {
    return measure.lateness(daemons());
  }

  /**
   * A process as its host's agent sees it in {@code /proc}.
   *
   * @param pid as on its host
   */
  public record Running(long pid, boolean paused) {}

  /** The process that plays this daemon now; null when none does. */
  public Running processOf(Endpoint daemon) {
    return running(described(daemon));
  }

  private static Running running(ProcessStatus status) {
    boolean paused = status.getState().equals("paused");
    return paused || status.getState().equals("running")
        ? new Running(status.getPid(), paused)
        : null;
  }

  /** What the host's agent says of a daemon; a powered-off host has killed it. */
  public LabDriver.ProcessStatus processStatus(Endpoint daemon) {
    ProcessStatus status = described(daemon);
    Running process = running(status);
    if (process != null) {
      return new LabDriver.ProcessStatus(
          process.paused() ? LabDriver.ProcessState.PAUSED : LabDriver.ProcessState.RUNNING, 0);
    }
    return new LabDriver.ProcessStatus(LabDriver.ProcessState.GONE, status.getExitCode());
  }

  private ProcessStatus described(Endpoint daemon) {
    HostStatus host = client.host(daemon.host());
    if (host == null) {
      return ProcessStatus.newBuilder().setState("exited").setExitCode(137).build();
    }
    return host.getProcessList().stream()
        .filter(p -> p.getRole().equals(daemon.role()))
        .findFirst()
        .orElse(ProcessStatus.getDefaultInstance());
  }

  /** Whether a role of the system plays this daemon; the disk daemon is HALab's own. */
  public boolean hasVendorLog(Endpoint daemon) {
    return system.roles().stream().anyMatch(role -> role.name().equals(daemon.role()));
  }

  /** The daemons that a target names: HOST/ROLE, or {@code @SELECTOR GROUP} at this moment. */
  public List<Endpoint> who(String target) {
    if (!target.startsWith("@")) {
      try {
        return List.of(Endpoint.parse(target));
      } catch (IllegalArgumentException e) {
        throw Failure.usage(e.getMessage() + "; daemons are " + daemons());
      }
    }
    String[] words = target.substring(1).split("\\s+", 2);
    if (!subject().checks().selectors().containsKey(words[0])) {
      throw Failure.usage(
          "there is no selector @"
              + words[0]
              + "; there are "
              + subject().checks().selectors().keySet());
    }
    List<Endpoint> found =
        subject().checks().select(words[0], words.length > 1 ? words[1] : null, views());
    if (found.isEmpty()) {
      throw Failure.no(nobody(target, held()));
    }
    return found;
  }

  /** What is said of a selector that fits nobody; one who is held may have been it just before. */
  static String nobody(String target, List<Endpoint> held) {
    String hint =
        held.isEmpty()
            ? "see: halab status"
            : "held are: " + String.join(", ", held.stream().map(Endpoint::toString).toList());
    return "nobody is " + target + " at this moment; " + hint;
  }

  private List<Endpoint> held() {
    return daemons().stream()
        .filter(
            daemon -> {
              DaemonStatus status = client.daemon(daemon);
              return status != null && status.getHeld();
            })
        .toList();
  }

  /** Name of the vendor's log file that the daemon writes at this moment. */
  public String logFile(Endpoint daemon) {
    return logFile(system.role(daemon.role()), daemon);
  }

  private <S> String logFile(Role<S> role, Endpoint daemon) {
    String instance = system.instance(plan(), daemon);
    if (instance == null) {
      S first = role.boot().apply(new Site(daemon, files(lab.etc(daemon.host())), lab.dialects()));
      instance = role.instance().apply(first);
    }
    return role.log().file(instance, LocalDateTime.now());
  }

  /** The end of a process's own output, for error messages; empty when there is none. */
  String lastWords(Endpoint process) {
    return lastWords(backend.logs(process.host()), process);
  }

  static String lastWords(LogFolder logs, Endpoint process) {
    try {
      String text = new String(logs.read(process.role() + ".out", 0), StandardCharsets.UTF_8);
      List<String> lines = text.lines().toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size());
      return last.isEmpty() ? "" : ":\n  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "";
    }
  }

  /** Polls until the condition holds or this much wall time is over; what it said last. */
  public static boolean await(long atMostMs, BooleanSupplier condition) {
    long endNanos = System.nanoTime() + atMostMs * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > endNanos) {
        return condition.getAsBoolean();
      }
      sleep(LOOK_EVERY_MS);
    }
    return true;
  }

  /** Sleeps; an interrupt ends the command. */
  public static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }
}
