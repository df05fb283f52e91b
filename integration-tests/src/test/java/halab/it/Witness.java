package halab.it;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.testcontainers.DockerClientFactory;

/** The engine as it is, seen without HALab and without its command line. */
final class Witness {
  private static final String LAB = "halab.lab";
  private static final String FOLDER = "halab.folder";

  private final DockerClient engine = DockerClientFactory.instance().client();
  private final Predicate<Map<String, String>> ours;

  private Witness(Predicate<Map<String, String>> ours) {
    this.ours = labels -> labels != null && ours.test(labels);
  }

  /** Looks at one lab. */
  static Witness ofLab(String lab) {
    return new Witness(labels -> lab.equals(labels.get(LAB)));
  }

  /** Looks at all labs whose folders lie in this one; other people's labs are not touched. */
  static Witness ofLabsIn(Path folder) {
    return new Witness(labels -> Path.of(labels.getOrDefault(FOLDER, "/")).startsWith(folder));
  }

  DockerClient engine() {
    return engine;
  }

  /** Containers, networks and volumes that are there. */
  Set<String> left() {
    Set<String> left = new TreeSet<>();
    engine.listContainersCmd().withShowAll(true).exec().stream()
        .filter(c -> ours.test(c.getLabels()))
        .forEach(c -> left.add("container " + c.getId()));
    engine.listNetworksCmd().exec().stream()
        .filter(n -> ours.test(n.getLabels()))
        .forEach(n -> left.add("network " + n.getId()));
    engine.listVolumesCmd().exec().getVolumes().stream()
        .filter(v -> ours.test(v.getLabels()))
        .forEach(v -> left.add("volume " + v.getName()));
    return left;
  }

  /** Removes what is left; what that was. */
  Set<String> removeLeft() {
    Set<String> left = left();
    // Containers first: they hold the others. The order of the words happens to be the right one.
    for (String one : left) {
      String id = one.substring(one.indexOf(' ') + 1);
      if (one.startsWith("container")) {
        engine.removeContainerCmd(id).withForce(true).exec();
      } else if (one.startsWith("network")) {
        engine.removeNetworkCmd(id).exec();
      } else {
        engine.removeVolumeCmd(id).exec();
      }
    }
    return left;
  }

  /** The container of a host of a lab. */
  String container(String lab, String host) {
    return engine
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(LAB, lab, "halab.host", host))
        .exec()
        .get(0)
        .getId();
  }

  /** The engine's name of a network of a lab. */
  String network(String lab, String network) {
    return engine.listNetworksCmd().exec().stream()
        .filter(n -> n.getLabels() != null)
        .filter(n -> lab.equals(n.getLabels().get(LAB)))
        .filter(n -> network.equals(n.getLabels().get("halab.network")))
        .findFirst()
        .orElseThrow()
        .getName();
  }

  /** How a host is attached to a network; null: it is not. */
  ContainerNetwork attachment(String lab, String host, String network) {
    return engine
        .inspectContainerCmd(container(lab, host))
        .exec()
        .getNetworkSettings()
        .getNetworks()
        .get(network(lab, network));
  }
}
