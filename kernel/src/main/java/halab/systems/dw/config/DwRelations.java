package halab.systems.dw.config;

import halab.sim.Hosts;
import halab.systems.LabPlan;
import halab.systems.LabPlan.DiskPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What must agree between the files of a lab (reference 2.1). A relation is checked only between
 * files that are right by themselves.
 */
final class DwRelations {
  private static final int LOCALS_MOST = 24;

  private final LabPlan plan;
  private final Problems problems;
  private final List<DwHost> dbs = new ArrayList<>();
  private final DwMonitors monitors;

  DwRelations(LabPlan plan, Problems problems) {
    this.plan = plan;
    this.problems = problems;
    this.monitors = new DwMonitors(problems);
  }

  /** The database hosts in the lab's order. */
  List<DwHost> dbs() {
    return dbs;
  }

  /** The database host of this name; null if there is none. */
  DwHost db(String host) {
    return dbs.stream().filter(d -> d.name().equals(host)).findFirst().orElse(null);
  }

  /** The first host that may be primary; only after a check without problems. */
  DwHost primary() {
    return dbs.stream().filter(d -> !d.isLocal()).findFirst().orElseThrow();
  }

  /** Reads everything and notes every problem. */
  void check() {
    for (HostPlan host : plan.hosts()) {
      if (host.startList().contains(DwMembers.INSTANCE)) {
        dbs.add(readDb(host));
      }
      if (host.startList().contains(DwPlan.MONITOR_ROLE)) {
        monitors.add(host, clean(host, DmmonitorIni.FILE, DmmonitorIni::read));
      }
    }
    checkMalFiles();
    dbs.forEach(this::checkInstance);
    checkGroups();
    new DwArchives(dbs, problems).check();
    monitors.check(dbs);
    checkDisks();
    if (problems.count() == 0) {
      checkPorts();
    }
  }

  private DwHost readDb(HostPlan host) {
    DmIni dm = clean(host, DmIni.FILE, DmIni::read);
    boolean timer = dm != null && dm.timerIni();
    return new DwHost(
        host,
        dm,
        clean(host, MalIni.DB_FILE, MalIni::read),
        clean(host, DmArchIni.FILE, DmArchIni::read),
        timer ? clean(host, DmTimerIni.FILE, DmTimerIni::read) : null,
        clean(host, DmwatcherIni.FILE, DmwatcherIni::read),
        clean(host, ReleaseIni.FILE, ReleaseIni::read));
  }

  private <T> T clean(HostPlan host, String name, HostFiles.Reader<T> reader) {
    String file = host.name() + "/" + name;
    String text = host.files().get(name);
    if (text == null) {
      problems.add(file, 0, "the file is missing", "put it into the host's etc folder");
      return null;
    }
    int before = problems.count();
    T value = reader.read(file, text, problems);
    return problems.count() == before ? value : null;
  }

  private void checkMalFiles() {
    DwHost first = dbs.stream().filter(d -> d.mal() != null).findFirst().orElse(null);
    if (first == null) {
      return;
    }
    for (DwHost db : dbs) {
      problems.require(
          db.mal() == null || db.mal().sameAs(first.mal()),
          db.place(MalIni.DB_FILE),
          0,
          "it differs from " + first.place(MalIni.DB_FILE),
          "the file must be identical on all hosts");
    }
    String file = first.place(MalIni.DB_FILE);
    for (MalIni.Instance instance : first.mal().instances()) {
      problems.require(
          db(instance.host()) != null,
          file,
          instance.line(),
          "MAL_HOST of "
              + instance.name()
              + " is "
              + instance.host()
              + ", which is no database host of this lab",
          "the database hosts are " + String.join(", ", dbs.stream().map(DwHost::name).toList()));
      problems.require(
          instance.instPort() > 0 && instance.dwPort() > 0 && instance.instDwPort() > 0,
          file,
          instance.line(),
          "MAL_INST_PORT, MAL_DW_PORT or MAL_INST_DW_PORT of " + instance.name() + " is missing",
          "Data Watch needs all three");
    }
    String ip = first.mal().checkIp();
    problems.require(
        ip == null || Hosts.of(plan).contains(ip),
        file,
        line(first.host(), MalIni.DB_FILE, "MAL_CHECK_IP"),
        "MAL_CHECK_IP is " + ip + ", which is no host of this lab",
        "name one without a database, like " + DwPlan.MONITOR_HOST);
  }

  private void checkInstance(DwHost db) {
    if (db.dm() == null) {
      return;
    }
    problem(db, !db.dm().malIni(), DmIni.FILE, "MAL_INI", "is 0", "set it to 1");
    problem(db, !db.dm().archIni(), DmIni.FILE, "ARCH_INI", "is 0", "set it to 1");
    if (db.mal() == null) {
      return;
    }
    String name = db.dm().instanceName();
    MalIni.Instance own = db.instance();
    problem(
        db,
        own == null || !own.name().equals(name),
        DmIni.FILE,
        "INSTANCE_NAME",
        "is " + name + ", which is no MAL_INST_NAME of " + MalIni.DB_FILE,
        "give it the name that stands there for MAL_HOST = " + db.name());
    if (own == null) {
      return;
    }
    problems.require(
        own.host().equals(db.name()),
        db.place(MalIni.DB_FILE),
        own.line(),
        "MAL_HOST of " + name + " is " + own.host() + ", but it runs on " + db.name(),
        "name the lab's host: " + db.name());
    problem(
        db,
        own.instPort() > 0 && own.instPort() != db.dm().portNum(),
        DmIni.FILE,
        "PORT_NUM",
        "is " + db.dm().portNum() + ", MAL_INST_PORT of " + name + " is " + own.instPort(),
        "make the two equal");
  }

  private void checkGroups() {
    for (DwHost db : dbs) {
      problems.require(
          db.watcher() == null || db.watcher().groups().size() == 1,
          db.place(DmwatcherIni.FILE),
          0,
          "it lists several groups",
          "a host of the lab has one instance: keep the group of " + db.name());
    }
    List<DwHost> members = dbs.stream().filter(d -> d.group() != null && !d.isLocal()).toList();
    List<DwHost> locals = dbs.stream().filter(DwHost::isLocal).toList();
    boolean all = dbs.stream().allMatch(d -> d.group() != null);
    problems.require(
        !all || members.size() >= 2 && members.size() <= DwPlan.MEMBERS_MOST,
        DmwatcherIni.FILE,
        0,
        members.size() + " watchers are of DW_TYPE GLOBAL",
        "a group takes 2 to " + DwPlan.MEMBERS_MOST + " of them");
    problems.require(
        locals.size() <= LOCALS_MOST,
        DmwatcherIni.FILE,
        0,
        locals.size() + " watchers are of DW_TYPE LOCAL",
        "a group takes " + LOCALS_MOST);
    for (DwHost member : members) {
      sameAsFirst(members, member, "DW_MODE", DmwatcherIni.Group::mode);
      sameAsFirst(members, member, "DW_ERROR_TIME", DmwatcherIni.Group::dwErrorTimeS);
      DwHost first = members.get(0);
      problems.require(
          member.group().name().equalsIgnoreCase(first.group().name()),
          member.place(DmwatcherIni.FILE),
          member.group().line(),
          "the group is called "
              + member.group().name()
              + ", on "
              + first.name()
              + " "
              + first.group().name(),
          "give all members of the group one name");
    }
  }

  private void sameAsFirst(
      List<DwHost> members, DwHost member, String key, Function<DmwatcherIni.Group, ?> value) {
    Object first = value.apply(members.get(0).group());
    Object own = value.apply(member.group());
    problem(
        member,
        !own.equals(first),
        DmwatcherIni.FILE,
        key,
        "is " + own + ", on " + members.get(0).name() + " it is " + first,
        "it must be the same on all GLOBAL watchers of a group");
  }

  /** What was made when the lab was made cannot be moved by a file. */
  private void checkDisks() {
    if (plan.disks().isEmpty()) {
      return;
    }
    for (DwHost db : dbs) {
      for (DiskPlan wanted : db.arch() == null ? List.<DiskPlan>of() : db.disks()) {
        DiskPlan made =
            plan.disks().stream()
                .filter(d -> d.name().equals(wanted.name()))
                .findFirst()
                .orElse(null);
        problems.require(
            made != null && made.path().equals(wanted.path()),
            db.place(DmArchIni.FILE),
            0,
            "there is no disk " + wanted.path() + " on " + db.name(),
            made == null
                ? "a new lab can have one more archive, an existing one cannot"
                : "the disk " + made.name() + " was made as " + made.path());
      }
    }
  }

  private void checkPorts() {
    Map<String, String> taken = new TreeMap<>();
    for (DwHost db : dbs) {
      MalIni.Instance own = db.instance();
      take(taken, db.name(), own.port(), "MAL_PORT of " + own.name());
      take(taken, db.name(), own.dwPort(), "MAL_DW_PORT of " + own.name());
      take(taken, db.name(), own.instDwPort(), "MAL_INST_DW_PORT of " + own.name());
      take(taken, db.name(), own.instPort(), "MAL_INST_PORT of " + own.name());
    }
    for (HostPlan host : plan.hosts()) {
      if (db(host.name()) == null) {
        monitors.portsOf(host).forEach((role, p) -> take(taken, host.name(), p, host.name()));
      }
    }
  }

  private void take(Map<String, String> taken, String host, int port, String user) {
    String holder = taken.putIfAbsent(plan.oneMachine() ? ":" + port : host + ":" + port, user);
    problems.require(
        holder == null,
        "port " + port,
        0,
        "it is meant for " + holder + " and for " + user,
        "give each its own port");
  }

  /** A monitor's host with the port that its file says, if it says one. */
  HostPlan monitorWithPort(HostPlan host) {
    return host.withPorts(monitors.portsOf(host), host.sqlPorts());
  }

  /**
   * The number that a database was given when it was made: that of its group. The monitors' word
   * counts first, so that a slip in one watcher's file stays a slip.
   */
  int oguid(DwHost db) {
    String group = db.group().name();
    DmmonitorIni.Group watched = monitors.group(group);
    return watched != null
        ? watched.oguid()
        : dbs.stream()
            .map(DwHost::group)
            .filter(g -> g.name().equalsIgnoreCase(group))
            .findFirst()
            .orElseThrow()
            .oguid();
  }

  private void problem(
      DwHost db, boolean wrong, String file, String key, String what, String remedy) {
    if (wrong) {
      problems.add(db.place(file), line(db.host(), file, key), key + " " + what, remedy);
    }
  }

  /** First line that sets the key, 0 if none does. */
  private static int line(HostPlan host, String file, String key) {
    return Ini.parse("", host.files().get(file), new Problems()).sections().stream()
        .flatMap(s -> s.entries().stream())
        .filter(e -> e.key().equals(key))
        .mapToInt(Ini.Entry::line)
        .findFirst()
        .orElse(0);
  }
}
