package halab.cli.docker;

import halab.cli.Failure;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Hosts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes networks, volumes and containers of a lab, as {@code docker/compose.dsc.yml} would, and
 * takes them away. Whatever is there already is left as it is.
 */
final class Making {
  private static final String IMAGE = "halab:latest";
  private static final Map<String, String> CARDS =
      Map.of("public", "pub", "private", "priv", "storage", "stor");

  private final Lab lab;

  Making(Lab lab) {
    this.lab = lab;
  }

  private static String image() {
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
    for (String network : LabHost.NETWORKS) {
      network(network);
    }
    for (String volume : List.of("lab", "disks")) {
      if (!Engine.ask("volume", "inspect", name(volume)).worked()) {
        List<String> words = new ArrayList<>(List.of("volume", "create"));
        words.addAll(labels(Containers.VOLUME, volume));
        words.add(name(volume));
        Engine.must("making volume " + name(volume), words);
      }
    }
    files();
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
    Engine.must("making network " + name(network) + " (" + subnet(network) + ")", words);
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
   * Puts the lab's folder into its volume: all of it when the volume is new, later the files that
   * people edit. The disks are made once.
   */
  private void files() {
    List<String> tar = new ArrayList<>(List.of("tar", "-C", lab.dir().toString(), "-c"));
    tar.addAll(List.of("--owner=1000", "--group=1000", "-f", "-"));
    tar.add(Lab.FILE);
    tar.add(lab.secretFile());
    lab.hosts().forEach(host -> tar.add(host.name()));
    String unpack =
        "if [ -f lab.ini ]; then tar -x --exclude=*/data --exclude=*/log --exclude=*/run -f -;"
            + " else tar -x -f -; fi";
    List<String> run = new ArrayList<>(List.of("run", "--rm", "-i", "--network", "none"));
    run.addAll(Containers.labels(lab));
    run.addAll(List.of("-v", name("lab") + ":/lab", "-v", name("disks") + ":/lab/store/data"));
    run.addAll(List.of("-w", "/lab", "--entrypoint", "sh", image(), "-c", unpack));
    try {
      Process packing =
          new ProcessBuilder(tar).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      Process unpacking = Engine.start(run);
      packing.getInputStream().transferTo(unpacking.getOutputStream());
      unpacking.getOutputStream().close();
      String said = text(unpacking.getErrorStream());
      if (packing.waitFor() != 0 || unpacking.waitFor() != 0) {
        throw Failure.no("the lab's files did not get into its volume: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().replace('\n', ' ');
  }

  /** A container of the host on all its networks; not started. */
  void host(LabHost host) {
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
    if (host.addresses().containsKey("private")) {
      // For the one program that sets the movable addresses.
      words.addAll(List.of("--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW"));
    }
    words.addAll(List.of("-v", name("lab") + ":/lab"));
    if (host.startList().contains(LabHost.DISKD)) {
      words.addAll(List.of("-v", name("disks") + ":/lab/store/data"));
    }
    if (host.name().equals(Hosts.CLIENT)) {
      lab.vips().values().forEach(port -> words.addAll(List.of("-p", "127.0.0.1::" + port)));
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
  static void unmake(String lab, List<String> filters) {
    remove(lab, filters, List.of("ps", "--all", "--quiet"), List.of("rm", "--force", "--volumes"));
    remove(lab, filters, List.of("network", "ls", "--quiet"), List.of("network", "rm"));
    remove(lab, filters, List.of("volume", "ls", "--quiet"), List.of("volume", "rm", "--force"));
  }

  private static void remove(
      String lab, List<String> filters, List<String> list, List<String> remove) {
    List<String> listing = new ArrayList<>(list);
    listing.addAll(filters);
    List<String> found = Engine.must("looking for what lab " + lab + " has", listing).lines();
    if (!found.isEmpty()) {
      List<String> words = new ArrayList<>(remove);
      words.addAll(found);
      Engine.must("removing what lab " + lab + " has", words);
    }
  }
}
