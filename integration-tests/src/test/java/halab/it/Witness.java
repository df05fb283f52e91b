package halab.it;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.testcontainers.DockerClientFactory;

/** The engine as it is, seen without HALab and without its command line. */
final class Witness {
  private static final String LAB = "halab.lab";

  private final DockerClient engine = DockerClientFactory.instance().client();
  private final Set<String> before = all();

  DockerClient engine() {
    return engine;
  }

  /** Containers, networks and volumes of any lab. */
  private Set<String> all() {
    Set<String> all = new TreeSet<>();
    engine
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(List.of(LAB))
        .exec()
        .forEach(c -> all.add("container " + c.getId()));
    engine.listNetworksCmd().exec().stream()
        .filter(n -> n.getLabels() != null && n.getLabels().containsKey(LAB))
        .forEach(n -> all.add("network " + n.getId()));
    engine.listVolumesCmd().exec().getVolumes().stream()
        .filter(v -> v.getLabels() != null && v.getLabels().containsKey(LAB))
        .forEach(v -> all.add("volume " + v.getName()));
    return all;
  }

  /** What has come since this witness began to look, and is still there. */
  Set<String> left() {
    Set<String> left = all();
    left.removeAll(before);
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
