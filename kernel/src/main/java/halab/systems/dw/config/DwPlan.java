package halab.systems.dw.config;

import halab.systems.Brought;
import halab.systems.ConfigException;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import halab.systems.LabPlan.DiskPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dm.config.LabFiles;
import halab.systems.dm.config.Problems;
import halab.systems.dw.DmCtl;
import halab.systems.dw.DmMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Data Watch lab before it exists: database hosts n1, n2 ... with their vendor files, disks and
 * first dm.ctl, and the monitors' hosts mon, mon2 ...
 */
public final class DwPlan {
  /** Override that is no key of a file: REALTIME or TIMELY archives between the members. */
  public static final String ARCH_TYPE = "arch_type";

  /** Override that is no key of a file: how many of the last hosts are asynchronous standbys. */
  public static final String ASYNC_STANDBYS = "async_standbys";

  /** Override that is no key of a file: how many ordinary monitors there are. */
  public static final String MONITORS = "monitors";

  /** Override that is no key of a file: how many instances the confirm monitor has. */
  public static final String CONFIRM_MONITORS = "confirm_monitors";

  public static final List<String> INSTANCE_ROLES = List.of(DwMembers.INSTANCE, DwMembers.WATCHER);
  public static final String MONITOR_ROLE = "dmmonitor";

  /** Host of the first monitor; further ones are mon2, mon3 ... */
  public static final String MONITOR_HOST = DwFiles.monitor(0);

  /** A primary and eight standbys: what one group takes beside LOCAL ones. */
  static final int MEMBERS_MOST = 9;

  private static final int ASYNC_MOST = 8;

  /** One more than a group takes, so that the eleventh can be seen to be refused. */
  private static final int MONITORS_MOST = 11;

  private static final String SYSTEM = "dw";
  private static final int PORTS = 100;
  private static final List<String> OWN =
      List.of(ARCH_TYPE, ASYNC_STANDBYS, MONITORS, CONFIRM_MONITORS);

  /** What a new lab's databases have in common, and where their own numbers begin. */
  private static final long PERMANENT_MAGIC = 1_873_406_521L;

  private static final long FIRST_DB_MAGIC = 1_063_121_001L;

  private DwPlan() {}

  /**
   * Lays out a new lab: a group that is ready, n1 being the primary. Overrides are keys of any
   * generated file, optionally for one section ({@code GRP1.KEY}, {@code GRP1_RT_01.KEY}) or host
   * ({@code n1/KEY}); an empty value removes the key. {@code INST_OGUID} without a host is that of
   * the whole group. Files of a real site that are brought along are put into the lab's terms, see
   * {@link #brought}. Own settings: {@link #ARCH_TYPE}, {@link #ASYNC_STANDBYS}, {@link #MONITORS},
   * {@link #CONFIRM_MONITORS} and those of {@link Dialects}.
   *
   * @throws ConfigException with every problem of options and files
   */
  public static LabPlan plan(LabPlan.Options options) {
    Problems problems = new Problems();
    problems.require(
        options.portBase() >= 1024 && options.portBase() + PORTS <= 65534,
        "port range",
        0,
        "it would start at " + options.portBase(),
        "it must lie within 1024 and 65534");
    DwBrought brought = new DwBrought(options.files(), options.hosts());
    DwShape shape = brought.shape(shape(options, brought, problems));
    checkPlaces(options, shape, problems);
    problems.throwIfAny();
    DwPorts ports = new DwPorts(options.portBase(), options.oneMachine());
    Map<String, String> own = brought.files(shape, ports);
    LabFiles files = DwFiles.make(options, shape, own, problems);
    files.take(own);
    files.override(withOguid(options, shape), n -> OWN.contains(n) || Dialects.has(n));
    problems.throwIfAny();
    List<HostPlan> hosts = hosts(options, shape, files.texts());
    Dialects dialects = Dialects.of(options.overrides());
    return concluded(
        new LabPlan(SYSTEM, hosts, List.of(), options.oneMachine(), dialects, List.of()));
  }

  /**
   * What {@link #plan} makes of a site's files, told before the lab is made: hosts and ports become
   * the lab's, keys and files that are not known here are left out.
   *
   * @param files by {@code NAME} or {@code FOLDER/NAME}
   * @return the same files, which the plan translates, and a sentence with file and line for each
   *     thing that changes
   */
  public static Brought brought(Map<String, String> files) {
    int hosts = Math.max(2, Math.min(DwBrought.hosts(files), DwPorts.MOST));
    DwBrought brought = new DwBrought(files, hosts);
    List<DwShape.Instance> instances = DwShape.named(hosts, 0);
    DwShape plain = new DwShape(instances, DwShape.GROUP, DwShape.OGUID, ArchType.REALTIME, 1, 1);
    brought.files(brought.shape(plain), new DwPorts(0, true));
    return new Brought(files, brought.told());
  }

  /** The shape that the settings ask for; files that are brought along come before it. */
  private static DwShape shape(LabPlan.Options options, DwBrought brought, Problems problems) {
    Map<String, String> set = options.overrides();
    alreadySaid(set, ASYNC_STANDBYS, brought.saysInstances(), problems);
    alreadySaid(set, MONITORS, brought.saysMonitors(), problems);
    alreadySaid(set, CONFIRM_MONITORS, brought.saysMonitors(), problems);
    int asyncs = count(set, ASYNC_STANDBYS, "0", List.of(), ASYNC_MOST, problems);
    int members = options.hosts() - asyncs;
    problems.require(
        brought.saysInstances() || members >= 2 && members <= MEMBERS_MOST,
        "number of hosts",
        0,
        options.hosts() + " hosts are asked for, " + asyncs + " of them asynchronous standbys",
        "a group takes 2 to " + MEMBERS_MOST + " hosts beside those");
    String auto = isAuto(set) && !brought.isManual() ? "1" : "0";
    int confirm = count(set, CONFIRM_MONITORS, auto, List.of(0, 1, 3, 5, 7), 7, problems);
    String plain = confirm == 0 ? "1" : "0";
    int monitors = confirm + count(set, MONITORS, plain, List.of(), MONITORS_MOST, problems);
    String type = set.getOrDefault(ARCH_TYPE, ArchType.REALTIME.name());
    boolean timely = type.equalsIgnoreCase(ArchType.TIMELY.name());
    problems.require(
        timely || type.equalsIgnoreCase(ArchType.REALTIME.name()),
        "setting '" + ARCH_TYPE + "'",
        0,
        "it is " + Problems.quoted(type),
        "give REALTIME or TIMELY");
    ArchType between = timely ? ArchType.TIMELY : ArchType.REALTIME;
    List<DwShape.Instance> instances = DwShape.named(Math.max(0, members), asyncs);
    return new DwShape(instances, DwShape.GROUP, DwShape.OGUID, between, confirm, monitors);
  }

  private static void alreadySaid(
      Map<String, String> set, String name, boolean said, Problems problems) {
    problems.require(
        !said || !set.containsKey(name),
        "setting '" + name + "'",
        0,
        "the files that are brought along say it already",
        "leave it out");
  }

  private static void checkPlaces(LabPlan.Options options, DwShape shape, Problems problems) {
    problems.require(
        !options.oneMachine()
            || shape.instances().size() <= DwPorts.MOST && shape.monitors() <= DwPorts.MOST,
        "number of hosts",
        0,
        "the ports of one machine do not reach for so many hosts and monitors",
        "take at most " + DwPorts.MOST + " of each, or give each host its own machine");
  }

  /** A setting that is a number: one of these, or anything up to that where none are listed. */
  private static int count(
      Map<String, String> set,
      String name,
      String otherwise,
      List<Integer> allowed,
      int most,
      Problems problems) {
    String said = set.getOrDefault(name, otherwise);
    int number = said.matches("[0-9]{1,2}") ? Integer.parseInt(said) : -1;
    boolean good = number >= 0 && number <= most && (allowed.isEmpty() || allowed.contains(number));
    String words =
        allowed.isEmpty() ? "0 to " + most : allowed.toString().replaceAll("[\\[\\]]", "");
    problems.require(
        good,
        "setting '" + name + "'",
        0,
        "it is " + Problems.quoted(said),
        "give one of " + words);
    return good ? number : 0;
  }

  /** Whether the overrides leave the group in automatic mode. */
  private static boolean isAuto(Map<String, String> set) {
    return set.entrySet().stream()
        .filter(e -> e.getKey().toUpperCase(Locale.ROOT).matches("([A-Z0-9_]+\\.)?DW_MODE"))
        .noneMatch(e -> e.getValue().equalsIgnoreCase(DmwatcherIni.Mode.MANUAL.name()));
  }

  /** The group's number stands in the generated files of monitors under another name. */
  private static Map<String, String> withOguid(LabPlan.Options options, DwShape shape) {
    Map<String, String> all = new TreeMap<>(options.overrides());
    boolean brought =
        options.files().keySet().stream().anyMatch(f -> f.endsWith(DmmonitorIni.FILE));
    for (Map.Entry<String, String> one : options.overrides().entrySet()) {
      String name = one.getKey().toUpperCase(Locale.ROOT);
      if (shape.monitors() > 0 && !brought && name.matches("([A-Z0-9_]+\\.)?INST_OGUID")) {
        all.putIfAbsent(name.replace("INST_OGUID", "MON_INST_OGUID"), one.getValue());
      }
    }
    return all;
  }

  private static List<HostPlan> hosts(
      LabPlan.Options options, DwShape shape, Map<String, Map<String, String>> files) {
    List<HostPlan> hosts = new ArrayList<>();
    for (int n = 0; n < shape.instances().size(); n++) {
      String name = DwFiles.host(n);
      hosts.add(
          new HostPlan(
              name,
              INSTANCE_ROLES,
              List.of(),
              Map.of(),
              Map.of(),
              files.get(name),
              List.of("public", "private"),
              Map.of()));
    }
    DwPorts ports = new DwPorts(options.portBase(), options.oneMachine());
    for (int k = 0; k < shape.monitors(); k++) {
      String name = DwFiles.monitor(k);
      hosts.add(
          new HostPlan(
              name,
              List.of(MONITOR_ROLE),
              List.of(),
              Map.of(MONITOR_ROLE, ports.monitor(k)),
              Map.of(),
              files.get(name),
              List.of("private"),
              Map.of()));
    }
    return hosts;
  }

  /** Whether this is the host of a monitor. */
  public static boolean isMonitorHost(String host) {
    return host.matches(MONITOR_HOST + "\\d*");
  }

  /**
   * Reads all files of a lab as they stand, checks them one by one and against each other, and
   * returns the plan with ports and disks that follow from them. A database host that has no saved
   * files gets the first dm.ctl. A number of the group (OGUID) that is not the same everywhere is
   * no problem here: the daemons see it and do not link (failure matrix, row 16).
   *
   * @throws ConfigException with every problem
   */
  public static LabPlan concluded(LabPlan edited) {
    Problems problems = new Problems();
    DwRelations relations = new DwRelations(edited, problems);
    relations.check();
    problems.throwIfAny();
    List<HostPlan> hosts = new ArrayList<>();
    for (HostPlan host : edited.hosts()) {
      DwHost db = relations.db(host.name());
      hosts.add(
          db == null ? relations.monitorWithPort(host) : withData(db.withPorts(), db, relations));
    }
    List<DiskPlan> disks = relations.dbs().stream().flatMap(d -> d.disks().stream()).toList();
    return new LabPlan(
        edited.system(), hosts, disks, edited.oneMachine(), edited.dialects(), edited.spare());
  }

  private static HostPlan withData(HostPlan host, DwHost db, DwRelations relations) {
    if (!host.saved().isEmpty()) {
      return host;
    }
    int n = relations.dbs().indexOf(db);
    DmCtl first =
        new DmCtl(
            db == relations.primary() ? DmMode.PRIMARY : DmMode.STANDBY,
            relations.oguid(db),
            PERMANENT_MAGIC,
            FIRST_DB_MAGIC + n,
            db.release().svrBuild(),
            true,
            List.of());
    return new HostPlan(
        host.name(),
        host.startList(),
        host.nics(),
        host.ports(),
        host.sqlPorts(),
        host.files(),
        host.networks(),
        new TreeMap<>(Map.of(DmCtl.FILE, first.text())));
  }
}
