package halab.runtime.lab;

import halab.runtime.lab.IniText.Value;
import halab.systems.ConfigException;
import halab.systems.ConfigException.Problem;
import halab.systems.Dialect;
import halab.systems.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code lab.ini} to {@link Lab} and back, with every problem found in one go. */
final class LabReader {
  private static final List<String> SQL_AUTH = List.of(Lab.TRUST, Lab.SCRAM);

  private final String file;
  private final List<Problem> problems = new ArrayList<>();

  private LabReader(String file) {
    this.file = file;
  }

  static Lab read(Path dir) {
    Path path = dir.resolve(Lab.FILE);
    LabReader reader = new LabReader(path.toString());
    try {
      IniText ini = IniText.parse(reader.file, Files.readString(path), reader.problems);
      Lab lab = reader.lab(dir, ini);
      reader.stopIfWrong();
      check(lab);
      return lab;
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new Problem(
                  reader.file,
                  0,
                  "cannot be read: no lab here",
                  "name an existing lab, or make one with 'halab init'")));
    }
  }

  static void check(Lab lab) {
    List<Problem> problems = LabRules.problems(lab);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private void stopIfWrong() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private Lab lab(Path dir, IniText ini) {
    Map<String, Map<String, Value>> sections = ini.sections();
    Section main = section(sections, "lab");
    Section order = section(sections, "hosts");
    Section vip = section(sections, "switch");
    List<LabHost> hosts = new ArrayList<>();
    for (String host : order.words("order")) {
      hosts.add(host(host, section(sections, "host " + host)));
    }
    List<LabDisk> disks = new ArrayList<>();
    for (String name : List.copyOf(sections.keySet())) {
      if (name.startsWith("disk ")) {
        Section s = section(sections, name);
        disks.add(disk(name.substring("disk ".length()), s));
        s.finish();
      }
    }
    Lab lab =
        new Lab(
            dir,
            main.text("name"),
            main.text("system"),
            main.text("backend"),
            main.number("epoch_wall_ms"),
            main.decimal("time_scale"),
            main.text("created"),
            main.text("secret_file"),
            sqlAuth(main),
            dialects(main),
            hosts,
            disks,
            (int) vip.number("port"),
            vip.numbers("vip."),
            vip.numbers("host."));
    main.finish();
    order.finish();
    vip.finish();
    sections.keySet().forEach(name -> problem(0, "[" + name + "] is unknown", "remove it"));
    return lab;
  }

  private Dialects dialects(Section main) {
    return new Dialects(
        dialect(main, Dialects.LOG, Dialects.DEFAULT.log()),
        dialect(main, Dialects.MONITOR, Dialects.DEFAULT.monitor()),
        flag(main, Dialects.ADJUST));
  }

  /** 0 or 1; a lab without the key has it off. */
  private boolean flag(Section main, String key) {
    if (!main.has(key)) {
      return false;
    }
    Value value = main.take(key);
    if (!value.text().matches("[01]")) {
      problem(value.line(), key + " = '" + value.text() + "' is neither 0 nor 1", "write 0 or 1");
    }
    return value.text().equals("1");
  }

  /** A generation of the vendor's wording; a lab without the key speaks the usual one. */
  private Dialect dialect(Section main, String key, Dialect otherwise) {
    if (!main.has(key)) {
      return otherwise;
    }
    Value value = main.take(key);
    Dialect found = Dialects.named(value.text());
    if (found == null) {
      String what = key + " = '" + value.text() + "' is not spoken";
      problem(value.line(), what, "write one of " + Dialects.NAMES);
    }
    return found;
  }

  /** A lab without the key trusts its clients. */
  private String sqlAuth(Section main) {
    if (!main.has("sql_auth")) {
      return Lab.TRUST;
    }
    Value value = main.take("sql_auth");
    if (!SQL_AUTH.contains(value.text())) {
      String what = "sql_auth = '" + value.text() + "' is unknown";
      problem(value.line(), what, "write " + String.join(" or ", SQL_AUTH));
    }
    return value.text();
  }

  /**
   * A disk of which nothing but blocks is used has no range_bytes; one of a host alone has no size.
   */
  private LabDisk disk(String name, Section s) {
    if (s.has("host")) {
      return new LabDisk(name, s.text("path"), s.text("kind"), 0, 0, s.text("host"));
    }
    long rangeBytes = s.has("range_bytes") ? s.number("range_bytes") : 0;
    return new LabDisk(name, s.text("path"), s.text("kind"), (int) s.number("blocks"), rangeBytes);
  }

  private LabHost host(String name, Section s) {
    SortedMap<String, String> addresses = s.texts("address.");
    LabHost host =
        new LabHost(
            name,
            addresses,
            s.words("startlist"),
            s.words("nics"),
            s.numbers("port."),
            s.numbers("sql."));
    s.finish();
    return host;
  }

  /** Takes the section out, so that what is left over at the end is unknown. */
  private Section section(Map<String, Map<String, Value>> sections, String name) {
    Map<String, Value> values = sections.remove(name);
    if (values == null) {
      problem(0, "section [" + name + "] is missing", "add it");
      return new Section(name, null);
    }
    return new Section(name, new TreeMap<>(values));
  }

  private void problem(int line, String what, String remedy) {
    problems.add(new Problem(file, line, what, remedy));
  }

  /** Values of one section, each taken out as it is read; {@code values} null: no such section. */
  private final class Section {
    private final String name;
    private final TreeMap<String, Value> values;

    Section(String name, TreeMap<String, Value> values) {
      this.name = name;
      this.values = values;
    }

    boolean has(String key) {
      return values != null && values.containsKey(key);
    }

    private Value take(String key) {
      if (values == null) {
        return new Value("", 0);
      }
      Value value = values.remove(key);
      if (value == null) {
        problem(0, "[" + name + "] has no " + key, "add " + key);
        return new Value("", 0);
      }
      return value;
    }

    String text(String key) {
      return take(key).text();
    }

    List<String> words(String key) {
      String text = text(key);
      return text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    }

    long number(String key) {
      return number(key, take(key));
    }

    private long number(String key, Value value) {
      try {
        return value.text().isEmpty() ? 0 : Long.parseLong(value.text());
      } catch (NumberFormatException e) {
        problem(value.line(), key + " = '" + value.text() + "' is no number", "give a number");
        return 0;
      }
    }

    double decimal(String key) {
      Value value = take(key);
      try {
        return value.text().isEmpty() ? 1 : Double.parseDouble(value.text());
      } catch (NumberFormatException e) {
        problem(value.line(), key + " = '" + value.text() + "' is no number", "give a number");
        return 1;
      }
    }

    /** All keys with this prefix, without it. */
    SortedMap<String, Integer> numbers(String prefix) {
      SortedMap<String, Integer> found = new TreeMap<>();
      keys(prefix).forEach(key -> found.put(key.substring(prefix.length()), (int) number(key)));
      return found;
    }

    /** All keys with this prefix, without it. */
    SortedMap<String, String> texts(String prefix) {
      SortedMap<String, String> found = new TreeMap<>();
      keys(prefix).forEach(key -> found.put(key.substring(prefix.length()), text(key)));
      return found;
    }

    private List<String> keys(String prefix) {
      return values == null
          ? List.of()
          : values.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    void finish() {
      if (values != null) {
        values.forEach((key, v) -> problem(v.line(), "unknown key " + key, "remove it"));
      }
    }
  }

  static String text(Lab lab) {
    StringBuilder out = new StringBuilder("# A lab of HALab. Ports stay the same over restarts.\n");
    out.append("[lab]\n");
    line(out, "name", lab.name());
    line(out, "system", lab.system());
    line(out, "backend", lab.backend());
    line(out, "epoch_wall_ms", lab.epochWallMs());
    line(out, "time_scale", lab.timeScale());
    line(out, "created", lab.created());
    line(out, "secret_file", lab.secretFile());
    line(out, "sql_auth", lab.sqlAuth());
    line(out, Dialects.LOG, lab.dialects().log());
    line(out, Dialects.MONITOR, lab.dialects().monitor());
    line(out, Dialects.ADJUST, lab.dialects().adjustMaster() ? 1 : 0);
    out.append("\n[hosts]\n");
    line(out, "order", String.join(" ", lab.hosts().stream().map(LabHost::name).toList()));
    for (LabHost host : lab.hosts()) {
      out.append("\n[host ").append(host.name()).append("]\n");
      host.addresses().forEach((network, address) -> line(out, "address." + network, address));
      line(out, "startlist", String.join(" ", host.startList()));
      line(out, "nics", String.join(" ", host.nics()));
      host.ports().forEach((role, port) -> line(out, "port." + role, port));
      host.sqlPorts().forEach((role, port) -> line(out, "sql." + role, port));
    }
    for (LabDisk disk : lab.disks()) {
      out.append("\n[disk ").append(disk.name()).append("]\n");
      line(out, "path", disk.path());
      line(out, "kind", disk.kind());
      if (!disk.shared()) {
        line(out, "host", disk.host());
        continue;
      }
      line(out, "blocks", disk.blocks());
      if (disk.rangeBytes() > 0) {
        line(out, "range_bytes", disk.rangeBytes());
      }
    }
    out.append("\n[switch]\n");
    line(out, "port", lab.switchPort());
    lab.vips().forEach((address, port) -> line(out, "vip." + address, port));
    lab.hostPorts().forEach((host, port) -> line(out, "host." + host, port));
    return out.toString();
  }

  private static void line(StringBuilder out, String key, Object value) {
    out.append(key).append(" = ").append(value).append('\n');
  }
}
