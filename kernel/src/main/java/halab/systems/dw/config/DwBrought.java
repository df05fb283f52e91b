package halab.systems.dw.config;

import halab.systems.dm.config.Ini;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Files of a real site that a user brought along: which of them is whose. The instances of
 * dmmal.ini are n1, n2 ... in order. A folder is a host of the lab when it has that host's name, an
 * instance's name or address, or a dm.ini with an instance's name; a file in no folder is for all
 * hosts. Every dmmonitor.ini is a monitor's, wherever it lies.
 */
final class DwBrought {
  private static final List<String> NAMES =
      List.of(
          MalIni.DB_FILE,
          DmIni.FILE,
          DmArchIni.FILE,
          DmTimerIni.FILE,
          DmwatcherIni.FILE,
          ReleaseIni.FILE);

  private static final String HOST = "n\\d{1,2}";

  private final int hosts;
  private final List<Source> sources = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<Real> reals;

  /**
   * One file.
   *
   * @param folder empty: it lies in none
   */
  record Source(String folder, String name, String text) {
    String path() {
      return folder.isEmpty() ? name : folder + "/" + name;
    }

    Ini ini() {
      return Ini.parse(path(), text, new Problems());
    }
  }

  /** An instance as the site's dmmal.ini has it; what is left out there is empty. */
  record Real(String name, String host, String instHost, String dwPort) {}

  /**
   * A monitor to be.
   *
   * @param id its MON_INST_ID; null: the file has no [MON] sections
   * @param number place of that section among the others
   */
  record Mon(Source source, boolean confirm, String id, int number) {}

  /**
   * These files.
   *
   * @param hosts how many database hosts there are where dmmal.ini does not say it
   */
  DwBrought(Map<String, String> files, int hosts) {
    this.hosts = hosts;
    new TreeMap<>(files)
        .forEach(
            (path, text) -> {
              int slash = path.indexOf('/');
              String folder = slash < 0 ? "" : path.substring(0, slash);
              sources.add(new Source(folder, path.substring(slash + 1), text));
            });
    for (Source source : sources) {
      if (!NAMES.contains(source.name()) && !source.name().equals(DmmonitorIni.FILE)) {
        told.add(source.path() + ": it is no file that Data Watch reads here; left out");
      }
    }
    this.reals = reals();
  }

  private List<Real> reals() {
    Source mal = any(MalIni.DB_FILE);
    List<Real> all = new ArrayList<>();
    for (Ini.Section s : mal == null ? List.<Ini.Section>of() : mal.ini().sections()) {
      if (s.entry("MAL_INST_NAME") != null) {
        all.add(
            new Real(
                s.value("MAL_INST_NAME", ""),
                s.value("MAL_HOST", ""),
                s.value("MAL_INST_HOST", ""),
                s.value("MAL_DW_PORT", "")));
      }
    }
    return all;
  }

  /** The file of this name in no folder, else in the first one that has it; null: nowhere. */
  private Source any(String name) {
    return sources.stream().filter(s -> s.name().equals(name)).findFirst().orElse(null);
  }

  /** Whether the site's dmmal.ini says which instances there are. */
  boolean saysInstances() {
    return !reals.isEmpty();
  }

  /** How many database hosts a lab must have that has folders of these names, at least two. */
  static int hosts(Map<String, String> files) {
    return files.keySet().stream()
        .map(path -> path.replaceFirst("/.*", ""))
        .filter(folder -> folder.matches(HOST))
        .mapToInt(folder -> Integer.parseInt(folder.substring(1)))
        .max()
        .orElse(2);
  }

  /** Whether there is a dmmonitor.ini. */
  boolean saysMonitors() {
    return any(DmmonitorIni.FILE) != null;
  }

  /** What this site has in place of what the lab would have without it. */
  DwShape shape(DwShape otherwise) {
    List<DwShape.Instance> instances = new ArrayList<>();
    for (int k = 0; k < reals.size(); k++) {
      instances.add(real(k));
    }
    for (int k = 0; k < otherwise.instances().size() && !saysInstances(); k++) {
      instances.add(renamed(k, otherwise.instances().get(k)));
    }
    Ini.Section group = group();
    String oguid =
        group == null ? "" : group.value("INST_OGUID", group.value("MON_INST_OGUID", ""));
    boolean timely =
        sources.stream()
            .filter(s -> s.name().equals(DmArchIni.FILE))
            .flatMap(s -> s.ini().sections().stream())
            .anyMatch(s -> s.value("ARCH_TYPE", "").equalsIgnoreCase("TIMELY"));
    List<Mon> mons = mons();
    int confirm = (int) mons.stream().filter(Mon::confirm).count();
    return new DwShape(
        instances,
        group == null ? otherwise.group() : group.name(),
        oguid.matches("[0-9]{1,9}") ? Integer.parseInt(oguid) : otherwise.oguid(),
        timely ? ArchType.TIMELY : otherwise.archType(),
        saysMonitors() ? confirm : otherwise.confirm(),
        saysMonitors() ? mons.size() : otherwise.monitors());
  }

  private int hosts() {
    return saysInstances() ? reals.size() : hosts;
  }

  /** A dm.ini in a host's own folder says the name. */
  private DwShape.Instance renamed(int k, DwShape.Instance known) {
    Source dm = of(k, DmIni.FILE);
    String said = dm == null || dm.folder().isEmpty() ? null : dm.ini().first("INSTANCE_NAME");
    return said == null ? known : new DwShape.Instance(said, known.local());
  }

  /** DW_TYPE is LOCAL where it is left out; without a watcher's file an archive's type tells. */
  private DwShape.Instance real(int k) {
    String name = reals.get(k).name();
    Source watcher = of(k, DmwatcherIni.FILE);
    if (watcher != null) {
      return new DwShape.Instance(name, !"GLOBAL".equalsIgnoreCase(watcher.ini().first("DW_TYPE")));
    }
    boolean async =
        sources.stream()
            .filter(s -> s.name().equals(DmArchIni.FILE))
            .flatMap(s -> s.ini().sections().stream())
            .filter(s -> s.value("ARCH_DEST", "").equalsIgnoreCase(name))
            .anyMatch(s -> s.value("ARCH_TYPE", "").equalsIgnoreCase("ASYNC"));
    return new DwShape.Instance(name, async);
  }

  /** A section that names the group; null: no file says it. */
  private Ini.Section group() {
    for (String[] place :
        new String[][] {{DmwatcherIni.FILE, "INST_OGUID"}, {DmmonitorIni.FILE, "MON_INST_OGUID"}}) {
      for (Source source : sources) {
        if (source.name().equals(place[0])) {
          for (Ini.Section section : source.ini().sections()) {
            if (section.entry(place[1]) != null && !section.name().isEmpty()) {
              return section;
            }
          }
        }
      }
    }
    return null;
  }

  /** Whether the watchers leave the decision to a user; false where they do not say. */
  boolean isManual() {
    return sources.stream()
        .filter(s -> s.name().equals(DmwatcherIni.FILE))
        .map(Source::ini)
        .filter(i -> "GLOBAL".equalsIgnoreCase(i.first("DW_TYPE")))
        .anyMatch(i -> !"AUTO".equalsIgnoreCase(i.first("DW_MODE")));
  }

  /** The monitors in the order of their hosts: those that confirm come first. */
  private List<Mon> mons() {
    List<Mon> all = new ArrayList<>();
    for (Source source : sources) {
      if (source.name().equals(DmmonitorIni.FILE)) {
        Ini ini = source.ini();
        boolean confirm = "1".equals(ini.first("MON_DW_CONFIRM"));
        List<String> ids =
            ini.sections().stream()
                .filter(DmmonitorIni::isInstance)
                .map(s -> s.value("MON_INST_ID", ""))
                .toList();
        String own = ini.first("MON_ID");
        if (ids.isEmpty() || !source.folder().isEmpty()) {
          int number = Math.max(0, ids.indexOf(own));
          all.add(new Mon(source, confirm, ids.isEmpty() ? null : own, number));
        } else {
          IntStream.range(0, ids.size())
              .forEach(i -> all.add(new Mon(source, confirm, ids.get(i), i)));
        }
      }
    }
    all.sort(Comparator.comparing((Mon m) -> !m.confirm()).thenComparingInt(Mon::number));
    return all;
  }

  /** The file of host k, its own one before that of all hosts; null if there is none. */
  private Source of(int k, String name) {
    Source own = null;
    for (Source source : sources) {
      if (source.name().equals(name)
          && (source.folder().isEmpty() ? own == null : hostOf(source.folder()) == k)) {
        own = source;
      }
    }
    return own;
  }

  /** Which host this folder is of; -1: none. */
  private int hostOf(String folder) {
    String dm =
        sources.stream()
            .filter(s -> s.folder().equals(folder) && s.name().equals(DmIni.FILE))
            .map(s -> s.ini().first("INSTANCE_NAME"))
            .findFirst()
            .orElse(null);
    for (int k = 0; k < hosts(); k++) {
      if (folder.equals(DwFiles.host(k))) {
        return k;
      }
    }
    for (String word : dm == null ? List.of(folder) : List.of(folder, dm)) {
      for (int k = 0; k < reals.size(); k++) {
        Real real = reals.get(k);
        if (word.equalsIgnoreCase(real.name())
            || word.equals(real.host())
            || word.equals(real.instHost())) {
          return k;
        }
      }
    }
    return -1;
  }

  /** The files as they are to stand in the lab, by {@code HOST/NAME}. */
  Map<String, String> files(DwShape shape, DwPorts ports) {
    Map<String, String> files = new TreeMap<>();
    DwTranslation translation = new DwTranslation(ports, shape, reals, told);
    for (int k = 0; k < hosts(); k++) {
      for (String name : NAMES) {
        Source source = of(k, name);
        if (source != null) {
          boolean same = name.equals(MalIni.DB_FILE) && source.text().equals(any(name).text());
          // The same file on every host is told of once.
          Source toldOf = same ? any(name) : source;
          files.put(DwFiles.host(k) + "/" + name, translation.ofInstance(toldOf, k));
        }
      }
    }
    List<Mon> mons = mons();
    for (int k = 0; k < mons.size(); k++) {
      String host = DwFiles.monitor(k);
      String folder = mons.get(k).source().folder();
      if (!folder.isEmpty() && !folder.equals(host)) {
        told.add(mons.get(k).source().path() + ": it becomes that of host " + host);
      }
      files.put(host + "/" + DmmonitorIni.FILE, translation.ofMonitor(mons.get(k)));
    }
    for (Source source : sources) {
      boolean stray = !source.folder().isEmpty() && hostOf(source.folder()) < 0;
      if (NAMES.contains(source.name()) && stray) {
        if (source.folder().matches(HOST)) {
          // It stays, so that there is a complaint about a host too few.
          files.put(source.path(), source.text());
        } else {
          told.add(source.path() + ": its folder stands for no instance of dmmal.ini; left out");
        }
      }
    }
    return files;
  }

  /** What was replaced or left out, one line each; complete after {@link #files}. */
  List<String> told() {
    return told.stream().distinct().toList();
  }
}
