package halab.systems.dw.config;

import halab.systems.LabPlan.DiskPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dm.config.MalIni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One database host's files; null for those with problems of their own.
 *
 * @param timer null too where dm.ini does not ask for it
 */
record DwHost(
    HostPlan host,
    DmIni dm,
    MalIni mal,
    DmArchIni arch,
    DmTimerIni timer,
    DmwatcherIni watcher,
    ReleaseIni release) {
  String name() {
    return host.name();
  }

  String place(String file) {
    return host.name() + "/" + file;
  }

  /** The group of this host's instance; null when the file is not right. */
  DmwatcherIni.Group group() {
    return watcher == null ? null : watcher.groups().get(0);
  }

  boolean isLocal() {
    return group() != null && group().type() == DmwatcherIni.Type.LOCAL;
  }

  /** Its own entry of the MAL file; null when that is not right or does not list it. */
  MalIni.Instance instance() {
    return mal == null || dm == null ? null : mal.instance(dm.instanceName());
  }

  /** The ports that its files say; only after a check without problems. */
  HostPlan withPorts() {
    Map<String, Integer> ports = new TreeMap<>(host.ports());
    ports.put(DwMembers.INSTANCE, instance().port());
    ports.put(DwMembers.WATCHER, instance().dwPort());
    Map<String, Integer> sql = new TreeMap<>(Map.of(DwMembers.INSTANCE, dm.portNum()));
    return host.withPorts(ports, sql);
  }

  /**
   * Its own disks: the online log, one for every LOCAL archive, one for what every REMOTE peer
   * sends.
   */
  List<DiskPlan> disks() {
    List<DiskPlan> disks = new ArrayList<>();
    disks.add(DiskPlan.local(name() + ".online", DwFiles.LOG_PATH, DiskPlan.ONLINE, name()));
    add(disks, "arch", arch.local().stream().map(DmArchIni.Arch::dest).toList());
    List<DmArchIni.Arch> remote = arch.targets(ArchType.REMOTE);
    add(disks, "remote", remote.stream().map(DmArchIni.Arch::incomingPath).toList());
    return disks;
  }

  private void add(List<DiskPlan> disks, String what, List<String> paths) {
    for (int i = 0; i < paths.size(); i++) {
      String disk = name() + "." + what + (i == 0 ? "" : i + 1);
      disks.add(DiskPlan.local(disk, paths.get(i), DiskPlan.ARCHIVE, name()));
    }
  }
}
