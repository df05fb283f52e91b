package halab.systems.dw.config;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Who takes part in a lab: what its files are made from.
 *
 * @param instances instance k is that of host n(k+1)
 * @param group name of the group
 * @param oguid its number
 * @param archType of the archives between members
 * @param confirm how many of the monitors are confirm monitors; they come first
 * @param monitors of all kinds
 */
record DwShape(
    List<Instance> instances,
    String group,
    int oguid,
    ArchType archType,
    int confirm,
    int monitors) {
  static final String GROUP = "GRP1";
  static final int OGUID = 453331;

  /** One instance; a LOCAL one is an asynchronous standby. */
  record Instance(String name, boolean local) {}

  /** Instances with the names that a new lab gives. */
  static List<Instance> named(int members, int asyncs) {
    return IntStream.range(0, members + asyncs)
        .mapToObj(k -> k < members ? instance(k, false) : instance(k - members, true))
        .toList();
  }

  private static Instance instance(int k, boolean local) {
    String number = (k < 9 ? "0" : "") + (k + 1);
    return new Instance(GROUP + (local ? "_LOCAL_" : "_RT_") + number, local);
  }

  /** The instances that may become primary. */
  List<Instance> members() {
    return instances.stream().filter(i -> !i.local()).toList();
  }

  /** The asynchronous standbys. */
  List<Instance> asyncs() {
    return instances.stream().filter(Instance::local).toList();
  }

  int indexOf(Instance instance) {
    return instances.indexOf(instance);
  }
}
