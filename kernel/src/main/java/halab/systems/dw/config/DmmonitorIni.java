package halab.systems.dw.config;

import halab.systems.dm.config.Address;
import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * dmmonitor.ini: what a monitor watches (reference 2.6).
 *
 * @param confirm whether it is a confirm monitor
 * @param logPath null: not given
 * @param logIntervalS between two full records of the state; 0: none, 1: on change only
 * @param logSpaceLimitMb 0: none
 * @param walletPath read, without effect; null: not given
 * @param instNum of a confirm monitor of several instances: how many; 0: it is alone
 * @param id its MON_INST_ID among them
 * @param mid the same in all of them
 * @param hbInterval between two beats; the vendor's unit is not public
 * @param voteInterval until an instance without leader stands for election; unit as above
 * @param broInterval between two broadcasts of the leader; unit as above
 * @param groups in file order
 * @param instances the [MON] sections in file order
 */
public record DmmonitorIni(
    boolean confirm,
    String logPath,
    int logIntervalS,
    int logFileSizeMb,
    int logSpaceLimitMb,
    String walletPath,
    int instNum,
    int id,
    int mid,
    int hbInterval,
    int voteInterval,
    int broInterval,
    List<Group> groups,
    List<Instance> instances) {
  public static final String FILE = "dmmonitor.ini";
  private static final int GROUPS_MOST = 128;
  private static final int ADDRESSES_MOST = 33;

  /** One group and its watchers in file order. */
  public record Group(String name, int oguid, List<Watcher> watchers, int line) {}

  /**
   * One MON_DW_IP: a database's watcher.
   *
   * @param nodes one address; more for the nodes of a DSC cluster
   */
  public record Watcher(List<Address> nodes, int line) {
    /** The first of its addresses. */
    public Address address() {
      return nodes.get(0);
    }
  }

  /** One instance of a confirm monitor that has several. */
  public record Instance(int id, String host, int port, int line) {}

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static DmmonitorIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmmonitorIni::read);
  }

  static DmmonitorIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    Values v = DwKeys.MON_GLOBAL.read(ini, ini.global(), problems);
    List<Group> groups = new ArrayList<>();
    List<Instance> instances = new ArrayList<>();
    for (Ini.Section section : ini.sections().subList(1, ini.sections().size())) {
      if (isInstance(section)) {
        Values inst = DwKeys.MON_INST.read(ini, section, problems);
        instances.add(
            new Instance(
                inst.integer("MON_INST_ID"),
                inst.textOrEmpty("MON_HOST"),
                inst.integer("MON_PORT"),
                section.line()));
      } else {
        groups.add(group(ini, section, problems));
      }
    }
    DmmonitorIni all =
        new DmmonitorIni(
            v.flag("MON_DW_CONFIRM"),
            v.text("MON_LOG_PATH"),
            v.integer("MON_LOG_INTERVAL"),
            v.integer("MON_LOG_FILE_SIZE"),
            v.integer("MON_LOG_SPACE_LIMIT"),
            v.text("MON_WALLET_PATH"),
            v.integer("MON_INST_NUM"),
            v.integer("MON_ID"),
            v.integer("MON_MID"),
            v.integer("MON_HB_INTERVAL"),
            v.integer("MON_VOTE_INTERVAL"),
            v.integer("MON_BRO_INTERVAL"),
            List.copyOf(groups),
            List.copyOf(instances));
    all.checkGroups(file, problems);
    all.checkInstances(file, v, problems);
    return all;
  }

  /** Sections of both kinds have names of the user's choice; their keys tell them apart. */
  static boolean isInstance(Ini.Section section) {
    return section.entries().stream().anyMatch(e -> DwKeys.MON_INST.find(e.key()) != null);
  }

  private static Group group(Ini ini, Ini.Section section, Problems problems) {
    Values v = DwKeys.MON_GROUP.read(ini, section, problems);
    List<Watcher> watchers = new ArrayList<>();
    for (Ini.Entry entry : v.all("MON_DW_IP")) {
      List<Address> nodes = new ArrayList<>();
      for (String part : entry.value().split("/", -1)) {
        Address address = Address.of(part);
        if (address == null) {
          problems.add(
              ini.file(),
              entry.line(),
              "MON_DW_IP = " + Problems.quoted(entry.value()) + " is not HOST:PORT",
              "give a watcher's host and MAL_DW_PORT, those of a DSC cluster joined by /");
          nodes.clear();
          break;
        }
        nodes.add(address);
      }
      problems.require(
          nodes.isEmpty() || watchers.stream().noneMatch(w -> w.nodes().equals(nodes)),
          ini.file(),
          entry.line(),
          "MON_DW_IP " + Problems.quoted(entry.value()) + " is listed twice",
          "keep one");
      if (!nodes.isEmpty()) {
        watchers.add(new Watcher(List.copyOf(nodes), entry.line()));
      }
    }
    return new Group(
        section.name(), v.integer("MON_INST_OGUID"), List.copyOf(watchers), section.line());
  }

  private void checkGroups(String file, Problems problems) {
    problems.require(
        !groups.isEmpty(), file, 0, "no group is listed", "add a section with MON_INST_OGUID");
    problems.require(
        groups.size() <= GROUPS_MOST,
        file,
        0,
        groups.size() + " groups are listed",
        "a monitor takes " + GROUPS_MOST);
    for (Group group : groups) {
      int addresses = group.watchers().stream().mapToInt(w -> w.nodes().size()).sum();
      problems.require(
          addresses <= ADDRESSES_MOST,
          file,
          group.line(),
          "group " + group.name() + " has " + addresses + " addresses",
          "a group takes " + ADDRESSES_MOST);
      problems.require(
          groups.stream().filter(g -> g.name().equalsIgnoreCase(group.name())).count() == 1,
          file,
          group.line(),
          "group " + group.name() + " is there twice",
          "keep one of them");
    }
  }

  private void checkInstances(String file, Values v, Problems problems) {
    problems.require(
        instances.size() == instNum,
        file,
        v.line("MON_INST_NUM"),
        "MON_INST_NUM is " + instNum + ", but there are " + instances.size() + " [MON] sections",
        "describe every instance, and count them");
    problems.require(
        instNum == 0 || confirm,
        file,
        v.line("MON_INST_NUM"),
        "several instances are only for a confirm monitor",
        "set MON_DW_CONFIRM = 1, or remove the [MON] sections");
    problems.require(
        instNum == 0 || instances.stream().anyMatch(i -> i.id() == id),
        file,
        v.line("MON_ID"),
        "MON_ID is " + id + ", which no [MON] section has as MON_INST_ID",
        "name this monitor's own section");
    for (Instance instance : instances) {
      problems.require(
          instances.stream().filter(i -> i.id() == instance.id()).count() == 1,
          file,
          instance.line(),
          "MON_INST_ID " + instance.id() + " is there twice",
          "give each instance its own number");
    }
  }

  /** The instance of this number; null if there is none. */
  public Instance instance(int number) {
    return instances.stream().filter(i -> i.id() == number).findFirst().orElse(null);
  }
}
