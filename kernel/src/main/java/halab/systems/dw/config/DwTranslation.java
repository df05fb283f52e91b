package halab.systems.dw.config;

import halab.systems.dm.config.Address;
import halab.systems.dm.config.DmKeys;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.IniEdit;
import halab.systems.dm.config.Key;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A real site's files in a lab's terms: hosts and ports are the lab's, keys that are not known here
 * stay behind {@code #}, everything else is as it was.
 */
final class DwTranslation {
  private static final Key DIRECTORY = Key.of(Key.Kind.PATH, "ARCH_DEST", DmKeys.PATH_BYTES);

  private static final String OWN_PORT = "the lab's own";

  private final DwShape shape;
  private final DwPorts ports;
  private final List<DwBrought.Real> reals;
  private final List<String> told;

  /**
   * A translation for a lab of this shape.
   *
   * @param told where the sentences about it go
   */
  DwTranslation(DwPorts ports, DwShape shape, List<DwBrought.Real> reals, List<String> told) {
    this.shape = shape;
    this.ports = ports;
    this.reals = reals;
    this.told = told;
  }

  /** A file of database host k. */
  String ofInstance(DwBrought.Source source, int k) {
    IniEdit edit = new IniEdit(source.path(), source.text());
    switch (source.name()) {
      case MalIni.DB_FILE -> mal(edit);
      case DmIni.FILE -> dm(edit, k, source.folder().isEmpty());
      case DmArchIni.FILE -> arch(edit);
      case DmTimerIni.FILE -> known(edit, s -> DwKeys.TIMER);
      case DmwatcherIni.FILE -> watcher(edit);
      default -> known(edit, s -> DwKeys.RELEASE);
    }
    return edit.text();
  }

  private interface SchemaOf {
    Schema of(Ini.Section section);
  }

  /** Leaves out what no file of this kind has here. */
  private void known(IniEdit edit, SchemaOf schemas) {
    for (Ini.Section section : edit.ini().sections()) {
      for (Ini.Entry entry : section.entries()) {
        if (schemas.of(section).find(entry.key()) == null) {
          String near = DwKeys.ALL.nearest(entry.key());
          String hint =
              near == null || DwKeys.ALL.known(entry.key()) ? "" : "; do you mean " + near;
          leaveOut(edit, entry, "is not known here" + hint);
        }
      }
    }
  }

  private void leaveOut(IniEdit edit, Ini.Entry entry, String why) {
    edit.drop(entry);
    told.add(place(edit, entry.line()) + Problems.quoted(entry.key()) + " " + why + "; left out");
  }

  private static String place(IniEdit edit, int line) {
    return edit.ini().file() + ":" + line + ": ";
  }

  /**
   * Gives a key the lab's value.
   *
   * @param shown what messages call that value: ports are chosen only when the lab is made
   */
  private void replace(IniEdit edit, Ini.Section section, String key, String value, String shown) {
    Ini.Entry entry = section.entry(key);
    if (entry == null) {
      edit.add(section, key, value);
      told.add(place(edit, section.line()) + key + " is missing; added: " + shown);
    } else {
      replace(edit, entry, value, shown);
    }
  }

  private void replace(IniEdit edit, Ini.Entry entry, String value, String shown) {
    if (!entry.value().equals(value)) {
      edit.set(entry, value);
      String was = Problems.quoted(entry.value());
      told.add(place(edit, entry.line()) + entry.key() + " = " + was + " becomes " + shown);
    }
  }

  private void mal(IniEdit edit) {
    known(edit, s -> s.name().isEmpty() ? DmKeys.MAL_GLOBAL : DmKeys.MAL_INST);
    Ini.Entry ip = edit.ini().global().entry("MAL_CHECK_IP");
    if (ip != null && !ip.value().matches("n\\d+") && !DwPlan.isMonitorHost(ip.value())) {
      leaveOut(edit, ip, "names " + Problems.quoted(ip.value()) + ", no host of the lab");
      Ini.Entry timeout = edit.ini().global().entry("MAL_CHECK_TIMEOUT");
      if (timeout != null) {
        leaveOut(edit, timeout, "goes with it");
      }
    }
    for (Ini.Section section : edit.ini().sections()) {
      int k = indexOf(section.value("MAL_INST_NAME", ""));
      if (k >= 0) {
        place(edit, section, k);
      }
    }
  }

  /** One line tells of an instance's addresses: there are six of them. */
  private void place(IniEdit edit, Ini.Section section, int k) {
    String host = DwFiles.host(k);
    Map<String, String> lab = new LinkedHashMap<>();
    lab.put("MAL_HOST", host);
    lab.put("MAL_PORT", "" + ports.mal(k));
    lab.put("MAL_INST_HOST", host);
    lab.put("MAL_INST_PORT", "" + ports.sql(k));
    lab.put("MAL_DW_PORT", "" + ports.watcher(k));
    lab.put("MAL_INST_DW_PORT", "" + ports.instanceForWatcher(k));
    List<String> changes = new ArrayList<>();
    lab.forEach(
        (key, value) -> {
          Ini.Entry entry = section.entry(key);
          if (entry == null) {
            edit.add(section, key, value);
            changes.add(key + " (missing)");
          } else if (!entry.value().equals(value)) {
            edit.set(entry, value);
            changes.add(key + " " + Problems.quoted(entry.value()));
          }
        });
    if (!changes.isEmpty()) {
      String name = shape.instances().get(k).name();
      String where = place(edit, section.line()) + name + " runs on " + host;
      told.add(where + "; the lab's own take the place of " + String.join(", ", changes));
    }
  }

  private int indexOf(String instance) {
    for (int k = 0; k < shape.instances().size(); k++) {
      if (shape.instances().get(k).name().equalsIgnoreCase(instance)) {
        return k;
      }
    }
    return -1;
  }

  private void dm(IniEdit edit, int k, boolean ofAll) {
    replace(edit, edit.ini().global(), "PORT_NUM", "" + ports.sql(k), OWN_PORT);
    if (ofAll) {
      String name = shape.instances().get(k).name();
      replace(edit, edit.ini().global(), "INSTANCE_NAME", name, "each host's own");
    }
    Ini.Entry old = edit.ini().global().entry("DW_PORT");
    if (old != null) {
      leaveOut(edit, old, "is out of use, MAL_INST_DW_PORT replaces it");
    }
  }

  private void arch(IniEdit edit) {
    known(edit, s -> s.name().isEmpty() ? DwKeys.ARCH_GLOBAL : DwKeys.ARCH);
    for (Ini.Section section : edit.ini().sections()) {
      String type = section.value("ARCH_TYPE", "");
      Ini.Entry dest = section.entry("ARCH_DEST");
      if (type.equalsIgnoreCase(ArchType.SYNC.name())) {
        edit.drop(section);
        told.add(
            place(edit, section.line())
                + ("[" + section.name() + "] is a SYNC archive, which is not emulated; left out"));
      } else if (type.equalsIgnoreCase(ArchType.LOCAL.name())
          && dest != null
          && DIRECTORY.complaint(dest.value()) != null) {
        replace(edit, dest, DwFiles.ARCH_PATH, DwFiles.ARCH_PATH);
      }
    }
  }

  private void watcher(IniEdit edit) {
    for (Ini.Section section : edit.ini().sections()) {
      Ini.Entry dcr = section.entry("DCR_INI");
      if (dcr != null) {
        leaveOut(edit, dcr, "is for a group of DSC clusters, which is not emulated");
      }
    }
    known(edit, s -> DwKeys.WATCHER);
  }

  /** A monitor's file. */
  String ofMonitor(DwBrought.Mon mon) {
    IniEdit edit = new IniEdit(mon.source().path(), mon.source().text());
    known(
        edit,
        s ->
            s.name().isEmpty()
                ? DwKeys.MON_GLOBAL
                : DmmonitorIni.isInstance(s) ? DwKeys.MON_INST : DwKeys.MON_GROUP);
    int number = 0;
    for (Ini.Section section : edit.ini().sections()) {
      for (Ini.Entry entry : section.entries()) {
        if (entry.key().equals("MON_DW_IP")) {
          String lab = watchers(entry.value());
          replace(edit, entry, lab, lab.replaceAll(":\\d+", "") + " with the lab's own port");
        }
      }
      if (DmmonitorIni.isInstance(section)) {
        String host = DwFiles.monitor(number);
        replace(edit, section, "MON_HOST", host, host);
        replace(edit, section, "MON_PORT", "" + ports.monitor(number), OWN_PORT);
        number++;
      }
    }
    if (mon.id() != null && mon.source().folder().isEmpty()) {
      replace(edit, edit.ini().global(), "MON_ID", mon.id(), "each host's own");
    }
    return edit.text();
  }

  /** One MON_DW_IP; an address that no instance has stays, to be complained about. */
  private String watchers(String value) {
    List<String> all = new ArrayList<>();
    for (String part : value.split("/", -1)) {
      Address address = Address.of(part);
      int k = address == null ? -1 : watcherAt(address);
      all.add(k < 0 ? part : DwFiles.host(k) + ":" + ports.watcher(k));
    }
    return String.join("/", all);
  }

  private int watcherAt(Address address) {
    for (int k = 0; k < reals.size(); k++) {
      if (isOf(reals.get(k), address.host()) && reals.get(k).dwPort().equals("" + address.port())) {
        return k;
      }
    }
    List<Integer> there = new ArrayList<>();
    for (int k = 0; k < shape.instances().size(); k++) {
      if (address.host().equals(DwFiles.host(k))
          || k < reals.size() && isOf(reals.get(k), address.host())) {
        there.add(k);
      }
    }
    return there.size() == 1 ? there.get(0) : -1;
  }

  private static boolean isOf(DwBrought.Real real, String host) {
    return host.equals(real.host()) || host.equals(real.instHost());
  }
}
