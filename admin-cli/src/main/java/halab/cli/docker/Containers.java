package halab.cli.docker;

import halab.cli.Failure;
import halab.cli.fault.Links;
import halab.cli.lab.Backend;
import halab.cli.lab.LabClient;
import halab.cli.lab.LogFolder;
import halab.cli.lab.Precheck;
import halab.kernel.Endpoint;
import halab.runtime.admin.AdminClient;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Hosts;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Hosts as containers of an engine, found by their labels, so that it does not matter who made
 * them: {@code halab up} or Compose. On starts the container, off kills it; its networks are real
 * ones. The engine's command line is the only way in: no host path, no host address is needed.
 */
public final class Containers implements Backend {
  /** Label on everything of a lab: its name. */
  static final String LAB = "halab.lab";

  static final String HOST = "halab.host";
  static final String NETWORK = "halab.network";
  static final String VOLUME = "halab.volume";

  /** Label on what {@code halab up} made: which lab of this name, for names are not for ever. */
  static final String BORN = "halab.born";

  /** Label on what {@code halab up} made: the lab's folder, where it is looked after. */
  static final String FOLDER = "halab.folder";

  private static final long FRESH_MS = 150;

  private final Lab lab;

  /** Which lab of this name, by its label; empty for one that Compose made. */
  private final String born;

  private final Moments moments;
  private final LabClient client;
  private final Tunnels tunnels = new Tunnels();

  /** Clients of agents that connections to daemons are relayed by. */
  private final Map<String, AdminClient> agents = new ConcurrentHashMap<>();

  private Map<String, Container> known = new TreeMap<>();
  private long knownAtNanos;
  private boolean retired;

  /** One host's container. */
  private record Container(String id, String state, String image) {
    boolean running() {
      return state.equals("running") || paused();
    }

    boolean paused() {
      return state.equals("paused");
    }
  }

  /** A lab that {@code halab init} made; its containers come and go with up and destroy. */
  public Containers(Lab lab) {
    this(lab, Long.toString(lab.epochWallMs()));
  }

  /** A lab that is there already, whose containers may be somebody else's to make. */
  Containers(Lab lab, String born) {
    this.lab = lab;
    this.born = born;
    this.moments = new Moments(lab.name() + "/" + born, this);
    this.client = new LabClient(lab, this);
  }

  /** Compose made the containers, and makes them again. */
  private boolean ofCompose() {
    return born.isEmpty();
  }

  /** Whether there is an engine to ask. */
  public static boolean engineAnswers() {
    return Engine.isThere();
  }

  /** Names of all labs that have containers, with an engine or without. */
  public static List<String> labs() {
    return labs(line -> true);
  }

  /** Those of them that no folder of labs looks after: Compose made them. */
  public static List<String> labsOfNoFolder() {
    return labs(line -> line.startsWith("/"));
  }

  private static List<String> labs(Predicate<String> wanted) {
    if (!Engine.isThere()) {
      return List.of();
    }
    String format = "{{.Label \"" + BORN + "\"}}/{{.Label \"" + LAB + "\"}}";
    return Engine.ask("ps", "--all", "--filter", "label=" + HOST, "--format", format)
        .lines()
        .stream()
        .filter(wanted)
        .map(line -> line.substring(line.indexOf('/') + 1))
        .distinct()
        .sorted()
        .toList();
  }

  /** Options that put the lab's labels on something. */
  static List<String> labels(Lab lab) {
    List<String> labels = new ArrayList<>(List.of("--label", LAB + "=" + lab.name()));
    labels.addAll(List.of("--label", BORN + "=" + lab.epochWallMs()));
    labels.addAll(List.of("--label", FOLDER + "=" + lab.dir().toAbsolutePath()));
    return labels;
  }

  /** What the engine lists of this very lab, and of no older or other one of its name. */
  private List<String> ours(List<String> list, String format) {
    return ours(lab.name(), born, list, format);
  }

  static List<String> ours(String lab, String born, List<String> list, String format) {
    List<String> words = new ArrayList<>(list);
    words.addAll(List.of("--filter", "label=" + LAB + "=" + lab, "--format"));
    words.add("{{.Label \"" + BORN + "\"}}/" + format);
    return Engine.must("looking for what lab " + lab + " has", words).lines().stream()
        .filter(line -> line.startsWith(born + "/"))
        .map(line -> line.substring(born.length() + 1))
        .toList();
  }

  private synchronized Map<String, Container> all() {
    if (System.nanoTime() - knownAtNanos > FRESH_MS * 1_000_000) {
      List<String> list = new ArrayList<>(List.of("ps", "--all", "--no-trunc"));
      list.addAll(List.of("--filter", "label=" + HOST));
      Map<String, Container> now = new TreeMap<>();
      String format = "{{.Label \"" + HOST + "\"}} {{.ID}} {{.State}} {{.Image}}";
      for (String line : ours(list, format)) {
        String[] words = line.split(" ", -1);
        now.put(words[0], new Container(words[1], words[2], words[3]));
      }
      known = now;
      knownAtNanos = System.nanoTime();
    }
    return known;
  }

  private synchronized void changed() {
    knownAtNanos = System.nanoTime() - FRESH_MS * 1_000_000 - 1;
  }

  /** The container of a host, or a failure that says how to get it. */
  String id(String host) {
    Container container = all().get(host);
    if (container == null) {
      throw Failure.no("host " + host + " has no container; see: halab up --lab " + lab.name());
    }
    return container.id();
  }

  @Override
  public AdminClient dial(Endpoint process, long deadlineMs) {
    int port =
        process.role().equals(LabHost.HOSTD)
            ? agentPort(process)
            : tunnels.relayed(process, () -> agent(process.host(), deadlineMs), this::lost);
    return AdminClient.at(process.toString(), LabHost.LOOPBACK, port, lab.secret(), 2 * deadlineMs);
  }

  private int agentPort(Endpoint hostd) {
    Container container = all().get(hostd.host());
    return container == null || !container.running()
        ? tunnels.toNobody()
        : tunnels.to(container.id(), lab.port(hostd));
  }

  private AdminClient agent(String host, long deadlineMs) {
    return agents.computeIfAbsent(host, h -> dial(LabClient.hostd(h), deadlineMs));
  }

  private void lost(AdminClient agent) {
    agents.values().remove(agent);
    agent.close();
  }

  @Override
  public boolean isOn(String host) {
    Container container = all().get(host);
    return container != null && container.running();
  }

  @Override
  public boolean isPaused(String host) {
    Container container = all().get(host);
    return container != null && container.paused();
  }

  /** Lets a host run on that somebody made stand still. */
  void unpause(String host) {
    Engine.must("letting " + host + " run on", "unpause", id(host));
    changed();
  }

  @Override
  public boolean anyOn() {
    return all().values().stream().anyMatch(Container::running);
  }

  @Override
  public synchronized String on(String host) {
    requireNotRetired();
    Container container = all().get(host);
    if (container != null && container.paused()) {
      unpause(host);
      return host + " goes on: container " + shortly(container.id()) + " was paused";
    }
    if (container != null && container.running()) {
      return host + " is on already: container " + shortly(container.id());
    }
    if (container == null && ofCompose()) {
      throw Failure.no(
          "host " + host + " has no container; who made the lab makes it: docker compose up");
    }
    if (!ofCompose() && (container == null || container.state().equals("created"))) {
      // One that was never started may have been left half made.
      new Making(lab, this).host(lab.host(host), container == null ? "" : container.id());
      changed();
    }
    String id = id(host);
    Engine.must("starting the container of " + host, "start", id);
    changed();
    return "powered on " + host + ": container " + shortly(id);
  }

  private static String shortly(String id) {
    return id.substring(0, Math.min(12, id.length()));
  }

  @Override
  public String off(String host) {
    if (!isOn(host)) {
      return host + " is off already";
    }
    String id = id(host);
    Engine.Result processes = Engine.ask("top", id, "-eo", "pid");
    int count = Math.max(0, processes.lines().size() - 1);
    Engine.must("killing the container of " + host, "kill", "--signal", "KILL", id);
    changed();
    if (isOn(host)) {
      throw Failure.no("the container of " + host + " still runs; see: docker ps");
    }
    return "powered off "
        + host
        + ": container "
        + shortly(id)
        + " is killed with its "
        + count
        + " processes";
  }

  @Override
  public synchronized String besides() {
    requireNotRetired();
    if (!ofCompose()) {
      new Making(lab, this).ground();
    }
    return "";
  }

  /** Nothing is made any more once the lab is being taken down. */
  private void requireNotRetired() {
    if (retired) {
      throw Failure.no("the lab is being taken down");
    }
  }

  @Override
  public int offEverything() {
    List<String> words = new ArrayList<>(List.of("kill", "--signal", "KILL"));
    List<String> running =
        all().values().stream().filter(Container::running).map(Container::id).toList();
    if (running.isEmpty()) {
      return 0;
    }
    words.addAll(running);
    Engine.Result killed = Engine.ask(words);
    changed();
    // One that ended by itself meanwhile is none that still runs.
    if (anyOn()) {
      throw Failure.no("not all containers are gone: " + killed.err().replace('\n', ' '));
    }
    return running.size();
  }

  /** Waits for what is being made at this moment. */
  @Override
  public synchronized void retire() {
    retired = true;
  }

  @Override
  public void remove() {
    if (Engine.isThere()) {
      moments.await();
      Making.unmake(lab.name(), born);
      changed();
    }
  }

  @Override
  public void precheck(LabPlan plan) {
    Engine.require();
    Precheck.requireFiles(lab, plan);
    if (!ofCompose()) {
      new Making(lab, this).require();
    }
  }

  @Override
  public LogFolder logs(String host) {
    return new RemoteLogs(lab, client, this, host);
  }

  @Override
  public String outFile(Endpoint process) {
    String file = "/lab/" + process.host() + "/log/" + process.role() + ".out";
    return process.role().equals(LabHost.HOSTD)
        ? "docker logs of host " + process.host()
        : file + " in the container of " + process.host();
  }

  @Override
  public Links links() {
    return new NetworkLinks(lab, client, this);
  }

  @Override
  public String sqlPlace(String host) {
    return LabHost.LOOPBACK + ":" + tunnels.to(id(host), lab.host(host).sqlPort());
  }

  @Override
  public int clientPort(String address) {
    return published(lab.vips().get(address));
  }

  @Override
  public String hostPlace(String host) {
    int port = published(lab.hostPorts().get(host));
    return port == 0 ? null : LabHost.LOOPBACK + ":" + port;
  }

  @Override
  public List<String> within(String host, boolean typed) {
    String how = typed ? "-it" : "-i";
    return List.of("docker", "exec", how, "--env", "PGPASSWORD", id(host), "halab");
  }

  /** On which port of this machine this port of the client's container is found; 0: on none. */
  private int published(Integer port) {
    Container container = all().get(Hosts.CLIENT);
    if (port == null || container == null) {
      return 0;
    }
    Engine.Result published = Engine.ask("port", container.id(), port + "/tcp");
    return published.lines().stream()
        .filter(line -> line.startsWith("127."))
        .map(line -> Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)))
        .findFirst()
        .orElse(0);
  }

  @Override
  public String madeOf() {
    return "containers";
  }

  /** Hardware address of a host on a network as it is now; empty: it is not there. */
  String cardOf(String host, String network) {
    Container container = all().get(host);
    String name = engineNetworks().get(network);
    if (container == null || name == null) {
      return "";
    }
    String format =
        "{{with index .NetworkSettings.Networks \"" + name + "\"}}{{.MacAddress}}{{end}}";
    return Engine.ask("inspect", "--format", format, container.id()).out();
  }

  /** Containers that do one thing to this lab. */
  Moments moments() {
    return moments;
  }

  String image(String host) {
    return all().get(host).image();
  }

  /** Image of any container of the lab, or the one that new ones would be made from. */
  String anyImage() {
    return all().values().stream().map(Container::image).findFirst().orElse(Making.image());
  }

  /** The engine's name of the lab's own volume, or a failure that says how to get one. */
  String volume() {
    return ours(List.of("volume", "ls", "--filter", "label=" + VOLUME + "=lab"), "{{.Name}}")
        .stream()
        .findFirst()
        .orElseThrow(() -> Failure.no("lab " + lab.name() + " has no volume; see: halab up"));
  }

  boolean has(String host) {
    return all().containsKey(host);
  }

  /** Networks that the host is attached to now, by the lab's names for them. */
  List<String> networksOf(String host) {
    Container container = all().get(host);
    if (container == null) {
      return List.of();
    }
    String format = "{{range $name, $x := .NetworkSettings.Networks}}{{println $name}}{{end}}";
    List<String> names =
        Engine.must("looking at " + host, "inspect", "--format", format, container.id()).lines();
    List<String> networks = new ArrayList<>();
    engineNetworks()
        .forEach(
            (network, name) -> {
              if (names.contains(name)) {
                networks.add(network);
              }
            });
    return networks;
  }

  /** The engine's name of each network of the lab. */
  private Map<String, String> engineNetworks() {
    Map<String, String> names = new TreeMap<>();
    String format = "{{.Label \"" + NETWORK + "\"}} {{.Name}}";
    for (String line : ours(List.of("network", "ls"), format)) {
      String[] words = line.split(" ");
      names.put(words[0], words[1]);
    }
    return names;
  }

  private String engineNetwork(String network) {
    String name = engineNetworks().get(network);
    if (name == null) {
      throw Failure.no("the engine has no " + network + " network of lab " + lab.name());
    }
    return name;
  }

  void disconnect(String host, String network) {
    Engine.must(
        "taking " + host + " off the " + network + " network",
        "network",
        "disconnect",
        "--force",
        engineNetwork(network),
        id(host));
  }

  /** Gives the host its network back, under the address and the name that it had there. */
  void connect(LabHost host, String network) {
    Engine.must(
        "giving " + host.name() + " the " + network + " network",
        "network",
        "connect",
        "--ip",
        host.address(network),
        "--alias",
        host.name(),
        engineNetwork(network),
        id(host.name()));
  }

  @Override
  public void close() {
    client.close();
    agents.values().forEach(AdminClient::close);
    tunnels.close();
  }
}
