package halab.cli.docker;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Hosts;
import halab.systems.dm.SvcConf;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes networks, volumes and containers of a lab, as {@code docker/compose.dsc.yml} would, and
 * takes them away. Whatever is there already is left as it is.
 */
final class Making {
  private static final String DISKS = "disks";
  private static final String IMAGE = "halab:latest";
  private static final Map<String, String> CARDS =
      Map.of("public", "pub", "private", "priv", "storage", "stor");

  private static final long GONE_WITHIN_MS = 20_000;

  private final Lab lab;
  private final Containers containers;

  Making(Lab lab, Containers containers) {
    this.lab = lab;
    this.containers = containers;
  }

  static String image() {
    String set = System.getenv("HALAB_IMAGE");
    return set == null || set.isEmpty() ? IMAGE : set;
  }

  private String name(String what) {
    return "halab-" + lab.name() + "-" + what;
  }

  private List<String> labels(String label, String value) {
    List<String> labels = new ArrayList<>(Containers.labels(lab));
    labels.addAll(List.of("--label", label + "=" + value));
    return labels;
  }

  /**
   * The image has to be there, for HALab pulls nothing, and the names that this lab will use must
   * not be those of an older lab.
   */
  void require() {
    if (Containers.labsOfNoFolder().contains(lab.name())) {
      throw Failure.config(
          "Compose has a lab named " + lab.name() + "; take that one down, or take another name");
    }
    ours("network", "public");
    ours("volume", "lab");

    if (!Engine.ask("image", "inspect", image()).worked()) {
      throw Failure.config("there is no image " + image() + "; build it: docker/build.sh");
    }
  }

  private void ours(String kind, String what) {
    String format = "{{index .Labels \"%s\"}} {{index .Labels \"%s\"}}";
    String labels = String.format(format, Containers.BORN, Containers.FOLDER);
    Engine.Result there = Engine.ask(kind, "inspect", "--format", labels, name(what));
    String[] words = there.out().split(" ", 2);
    if (there.worked() && !words[0].equals(Long.toString(lab.epochWallMs()))) {
      throw Failure.config(
          "the engine has a "
              + kind
              + " "
              + name(what)
              + " of another lab named "
              + lab.name()
              + (words.length < 2 ? "" : ", in folder " + words[1])
              + "; destroy that lab, or take another name");
    }
  }

  /** Networks and volumes, and the lab's files in the volume. */
  void ground() {
    LabHost.NETWORKS.stream().filter(this::used).forEach(this::network);
    for (String volume : sharesDisks() ? List.of("lab", DISKS) : List.of("lab")) {
      if (!Engine.ask("volume", "inspect", name(volume)).worked()) {
        List<String> words = new ArrayList<>(List.of("volume", "create"));
        words.addAll(labels(Containers.VOLUME, volume));
        words.add(name(volume));
        Engine.must("making volume " + name(volume), words);
      }
    }
    files();
  }

  private boolean used(String network) {
    return lab.hosts().stream().anyMatch(h -> h.addresses().containsKey(network));
  }

  /** Only then there is a volume of disks; a host's own ones are among its files. */
  private boolean sharesDisks() {
    return lab.hosts().stream().anyMatch(h -> h.startList().contains(LabHost.DISKD));
  }

  private List<String> disks() {
    return List.of("-v", name(DISKS) + ":/lab/store/data");
  }

  private void network(String network) {
    if (Engine.ask("network", "inspect", name(network)).worked()) {
      return;
    }
    List<String> words = new ArrayList<>(List.of("network", "create", "--driver", "bridge"));
    words.addAll(List.of("--subnet", subnet(network)));
    words.addAll(labels(Containers.NETWORK, network));
    words.addAll(
        List.of("--opt", "com.docker.network.container_iface_prefix=" + CARDS.get(network)));
    if (!network.equals("public")) {
      words.add("--internal");
    }
    words.add(name(network));
    Engine.Result made = Engine.ask(words);
    if (!made.worked() && made.err().contains("overlap")) {
      throw Failure.config(
          "the addresses "
              + subnet(network)
              + " of network "
              + name(network)
              + " are taken on the engine's machine; make the lab with another --net");
    }
    if (!made.worked()) {
      throw Engine.failure("making network " + name(network), made);
    }
  }

  private String subnet(String network) {
    String any =
        lab.hosts().stream()
            .filter(h -> h.addresses().containsKey(network))
            .findFirst()
            .orElseThrow()
            .address(network);
    return any.substring(0, any.lastIndexOf('.')) + ".0/24";
  }

  /**
   * Puts the lab's folder into its volume: all of it when the volume is new, later what people edit
   * and what describes the lab. The disks are made once. The description comes last: where it is
   * not, the rest may be missing, too.
   */
  private void files() {
    List<String> tar = new ArrayList<>(List.of("tar", "-C", lab.dir().toString(), "-c"));
    tar.addAll(List.of("--owner=1000", "--group=1000", "-f", "-"));
    lab.hosts().forEach(host -> tar.add(host.name()));
    tar.add(lab.secretFile());
    if (Files.exists(lab.sqlUsersFile())) {
      tar.add(Lab.SQL_USERS);
    }
    if (Files.exists(lab.dir().resolve(SvcConf.FILE))) {
      tar.add(SvcConf.FILE);
    }
    tar.add(Lab.FILE);
    String unpack =
        "if [ -f lab.ini ]; then tar -x --exclude=*/data --exclude=*/log --exclude=*/run -f -;"
            + " else tar -x -f -; fi";
    List<String> run = new ArrayList<>(List.of("run", "--rm", "-i", "--network", "none"));
    run.addAll(containers.moments().label());
    run.addAll(List.of("-v", name("lab") + ":/lab"));
    run.addAll(sharesDisks() ? disks() : List.of());
    run.addAll(List.of("-w", "/lab", "--entrypoint", "sh", image(), "-c", unpack));
    Engine.Result packed = Engine.fed(new ProcessBuilder(tar), run);
    if (!packed.worked()) {
      throw Engine.failure("putting the lab's files into its volume", packed);
    }
  }

  /**
   * A container of the host on all its networks; not started.
   *
   * @param halfMade one that is to be replaced; empty: there is none
   */
  void host(LabHost host, String halfMade) {
    if (!halfMade.isEmpty()) {
      Engine.must("removing a half made container of " + host.name(), "rm", "--force", halfMade);
    }
    List<String> networks = new ArrayList<>();
    // The first one is where the container's default route goes.
    LabHost.NETWORKS.stream().filter(host.addresses()::containsKey).forEach(networks::add);
    List<String> words = new ArrayList<>(List.of("create", "--name", name(host.name())));
    words.addAll(List.of("--hostname", host.name(), "--restart", "no"));
    words.addAll(labels(Containers.HOST, host.name()));
    words.addAll(List.of("--env", "HALAB_HOST=" + host.name()));
    words.addAll(
        List.of("--network", name(networks.get(0)), "--ip", host.address(networks.get(0))));
    words.addAll(List.of("--network-alias", host.name(), "--cap-drop", "ALL"));
    if (!host.nics().isEmpty()) {
      // For the one program that sets the movable addresses.
      words.addAll(List.of("--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW"));
    }
    words.addAll(List.of("-v", name("lab") + ":/lab"));
    if (host.startList().contains(LabHost.DISKD)) {
      words.addAll(disks());
    }
    if (host.name().equals(Hosts.CLIENT)) {
      Stream.concat(lab.vips().values().stream(), lab.hostPorts().values().stream())
          .forEach(port -> words.addAll(List.of("-p", "127.0.0.1:" + port + ":" + port)));
    }
    words.add(image());
    Engine.must("making the container of " + host.name(), words);
    for (String network : networks.subList(1, networks.size())) {
      Engine.must(
          "giving " + host.name() + " the " + network + " network",
          "network",
          "connect",
          "--ip",
          host.address(network),
          "--alias",
          host.name(),
          name(network),
          name(host.name()));
    }
  }

  /** Removes all that the engine has of the lab: containers, networks, volumes. */
  static void unmake(String lab, String born) {
    remove(lab, born, List.of("ps", "--all"), "{{.ID}}", List.of("rm", "--force", "--volumes"));
    remove(lab, born, List.of("network", "ls"), "{{.ID}}", List.of("network", "rm"));
    remove(lab, born, List.of("volume", "ls"), "{{.Name}}", List.of("volume", "rm", "--force"));
  }

  /** Again while something is left: what still ends, or is still held, goes a moment later. */
  private static void remove(
      String lab, String born, List<String> list, String id, List<String> remove) {
    List<String> last = new ArrayList<>();
    boolean gone =
        LiveLab.await(
            GONE_WITHIN_MS,
            () -> {
              List<String> found = Containers.ours(lab, born, list, id);
              List<String> words = new ArrayList<>(remove);
              words.addAll(found);
              if (!found.isEmpty()) {
                last.add(Engine.ask(words).err().replace('\n', ' '));
              }
              return found.isEmpty();
            });
    if (!gone) {
      throw Failure.no("removing what lab " + lab + " has failed: " + last.get(last.size() - 1));
    }
  }
}
