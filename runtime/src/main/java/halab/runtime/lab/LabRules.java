package halab.runtime.lab;

import halab.systems.ConfigException.Problem;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a lab must satisfy as a whole, whether it was read or is about to be written. */
final class LabRules {
  private static final Set<String> KINDS = Set.of("voting", "config", "data", "dcrv");
  private static final Set<String> OWN_KINDS =
      Set.of(LabPlan.DiskPlan.ONLINE, LabPlan.DiskPlan.ARCHIVE);
  private static final Set<String> BACKENDS = Set.of("process", "docker");

  private final Lab lab;
  private final List<Problem> problems = new ArrayList<>();
  private final TreeMap<Integer, String> ports = new TreeMap<>();
  private final TreeSet<String> addresses = new TreeSet<>();

  private LabRules(Lab lab) {
    this.lab = lab;
  }

  static List<Problem> problems(Lab lab) {
    LabRules rules = new LabRules(lab);
    rules.lab();
    rules.hosts();
    rules.disks();
    rules.port("the switch", lab.switchPort());
    lab.vips().forEach((address, port) -> rules.port("vip " + address, port));
    lab.hostPorts().forEach(rules::hostPort);
    return rules.problems;
  }

  private void unless(boolean fine, String what, String remedy) {
    if (!fine) {
      problems.add(new Problem(lab.dir().resolve(Lab.FILE).toString(), 0, what, remedy));
    }
  }

  private void name(String kind, String name) {
    unless(
        name.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,31}"),
        kind + " name '" + name + "' is not usable",
        "take up to 32 letters, digits, '.', '_' or '-', starting with a letter or digit");
  }

  private void lab() {
    name("lab", lab.name());
    unless(!lab.system().isEmpty(), "no system", "set system, for example dsc");
    unless(
        BACKENDS.contains(lab.backend()),
        "backend '" + lab.backend() + "' is unknown",
        "take process or docker");
    unless(
        lab.timeScale() >= 0.1 && lab.timeScale() <= 100,
        "time_scale " + lab.timeScale() + " is out of range",
        "take 0.1 to 100");
    unless(lab.epochWallMs() > 0, "epoch_wall_ms is not set", "give milliseconds since 1970");
    unless(
        lab.secretFile().matches("[a-zA-Z0-9._-]+"),
        "secret_file '" + lab.secretFile() + "' is no plain file name",
        "take 'secret'");
  }

  private void hostPort(String host, int port) {
    unless(
        lab.hosts().stream().anyMatch(h -> h.name().equals(host) && !h.sqlPorts().isEmpty()),
        "host." + host + " of the switch leads to a host that answers no SQL",
        "remove it");
    port("host." + host + " of the switch", port);
  }

  private void hosts() {
    unless(!lab.hosts().isEmpty(), "there is no host", "list hosts under [hosts] order");
    TreeSet<String> seen = new TreeSet<>();
    for (LabHost host : lab.hosts()) {
      name("host", host.name());
      unless(seen.add(host.name()), "host " + host.name() + " is listed twice", "list it once");
      addresses(host);
      List<String> roles = new ArrayList<>(host.startList());
      roles.add(LabHost.HOSTD);
      for (String role : roles) {
        unless(
            host.ports().containsKey(role),
            "host " + host.name() + " has no port." + role,
            "add port." + role);
      }
      host.ports().forEach((role, port) -> port(host.name() + "/" + role, port));
      host.sqlPorts().forEach((role, port) -> port(host.name() + "/" + role + " (SQL)", port));
      if (!lab.oneMachine()) {
        ports.clear();
      }
    }
  }

  private void addresses(LabHost host) {
    host.addresses()
        .forEach(
            (network, address) -> {
              unless(
                  LabHost.NETWORKS.contains(network),
                  "address." + network + " of host " + host.name() + " is on an unknown network",
                  "the networks are " + String.join(", ", LabHost.NETWORKS));
              boolean known = address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
              unless(
                  known && (lab.oneMachine() || addresses.add(address)),
                  "address " + address + " of host " + host.name() + " is no address of its own",
                  "give each host an IPv4 address per network, as 10.56.1.11");
            });
    unless(
        !host.addresses().isEmpty(),
        "host " + host.name() + " has no address",
        "add address.public");
  }

  private void disks() {
    long servers = lab.hosts().stream().filter(h -> h.startList().contains(LabHost.DISKD)).count();
    unless(
        lab.sharedDisks().isEmpty() || servers == 1,
        servers + " hosts start diskd, but a lab with shared disks needs one",
        "put diskd into the start list of one host");
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> paths = new TreeSet<>();
    for (LabDisk disk : lab.disks()) {
      name("disk", disk.name());
      unless(names.add(disk.name()), "disk " + disk.name() + " is listed twice", "list it once");
      unless(
          !disk.path().isEmpty() && paths.add(disk.host() + " " + disk.path()),
          "disk path '" + disk.path() + "' is empty or used twice",
          "give each disk its own path");
      if (disk.shared()) {
        shared(disk);
      } else {
        own(disk);
      }
    }
  }

  private void own(LabDisk disk) {
    unless(
        lab.hosts().stream().anyMatch(h -> h.name().equals(disk.host())),
        "disk " + disk.name() + " is of host " + disk.host() + ", which there is not",
        "name a host of [hosts] order");
    unless(
        OWN_KINDS.contains(disk.kind()),
        "disk " + disk.name() + " of host " + disk.host() + " is of kind '" + disk.kind() + "'",
        "take online or archive");
  }

  private void shared(LabDisk disk) {
    unless(
        KINDS.contains(disk.kind()),
        "disk " + disk.name() + " is of unknown kind '" + disk.kind() + "'",
        "take voting, config, data or dcrv");
    unless(
        disk.blocks() > 0 && disk.blocks() <= 1 << 24,
        "disk " + disk.name() + " has " + disk.blocks() + " blocks",
        "take 1 to 16777216");
    unless(
        disk.rangeBytes() >= 0 && disk.rangeBytes() <= 1L << 39,
        "disk " + disk.name() + " has range_bytes = " + disk.rangeBytes(),
        "take 0 to 549755813888");
  }

  private void port(String owner, int port) {
    unless(
        port >= 1024 && port <= 65535,
        "port " + port + " of " + owner + " is out of range",
        "take 1024 to 65535");
    String other = ports.putIfAbsent(port, owner);
    unless(other == null, "port " + port + " is given to " + other + " and " + owner, "part them");
  }
}
