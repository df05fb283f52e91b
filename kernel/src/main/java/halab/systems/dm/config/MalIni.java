package halab.systems.dm.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One MAL system: dmmal.ini for database instances, dmasvrmal.ini for the ASM EPs of DSC. Every
 * member has the same file.
 *
 * @param checkIntervalS 0: links are not checked
 * @param connFailIntervalS a silent peer is given up after interval + this
 * @param checkTimeoutMs 0: off
 * @param checkIp null: none
 */
public record MalIni(
    int checkIntervalS,
    int connFailIntervalS,
    int checkTimeoutMs,
    String checkIp,
    int loginTimeoutS,
    List<Instance> instances) {
  public static final String ASM_FILE = "dmasvrmal.ini";
  public static final String DB_FILE = "dmmal.ini";

  /**
   * One member.
   *
   * @param section the name in brackets, without meaning
   * @param instHost null: not given
   * @param instPort 0: not given
   * @param dwPort where the watcher listens for watchers and monitors; 0: nowhere
   * @param instDwPort where the instance listens for its watcher; 0: nowhere
   * @param line where its section starts
   */
  public record Instance(
      String section,
      String name,
      String host,
      int port,
      String instHost,
      int instPort,
      int dwPort,
      int instDwPort,
      int linkMagic,
      int line) {}

  /**
   * Reads {@link #ASM_FILE} or {@link #DB_FILE} from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static MalIni read(Map<String, String> files, String name) {
    return HostFiles.readOne(name, files, MalIni::read);
  }

  /**
   * The known keys of a file's head, each with what is in force; also those without effect here.
   *
   * @throws halab.systems.ConfigException with every problem of the head
   */
  public static List<Setting> settings(Map<String, String> files, String name) {
    return HostFiles.readOne(name, files, MalIni::head).settings();
  }

  private static Values head(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    return DmKeys.MAL_GLOBAL.read(ini, ini.global(), problems);
  }

  /** Reads a file's text and notes what is wrong with it. */
  public static MalIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    Values v = DmKeys.MAL_GLOBAL.read(ini, ini.global(), problems);
    List<Instance> instances = new ArrayList<>();
    for (Ini.Section section : ini.sections().subList(1, ini.sections().size())) {
      instances.add(instance(section, DmKeys.MAL_INST.read(ini, section, problems)));
    }
    MalIni mal =
        new MalIni(
            v.integer("MAL_CHECK_INTERVAL"),
            v.integer("MAL_CONN_FAIL_INTERVAL"),
            v.integer("MAL_CHECK_TIMEOUT"),
            v.text("MAL_CHECK_IP"),
            v.integer("MAL_LOGIN_TIMEOUT"),
            List.copyOf(instances));
    mal.check(file, v.line("MAL_CHECK_TIMEOUT"), problems);
    return mal;
  }

  private static Instance instance(Ini.Section section, Values v) {
    return new Instance(
        section.name(),
        v.textOrEmpty("MAL_INST_NAME"),
        v.textOrEmpty("MAL_HOST"),
        v.integer("MAL_PORT"),
        v.text("MAL_INST_HOST"),
        v.has("MAL_INST_PORT") ? v.integer("MAL_INST_PORT") : 0,
        v.integer("MAL_DW_PORT"),
        v.integer("MAL_INST_DW_PORT"),
        v.integer("MAL_LINK_MAGIC"),
        section.line());
  }

  private void check(String file, int timeoutLine, Problems problems) {
    problems.require(
        !instances.isEmpty(),
        file,
        0,
        "no instance is listed",
        "add a section with MAL_INST_NAME, MAL_HOST and MAL_PORT per instance");
    problems.require(
        checkTimeoutMs == 0 || checkIp != null,
        file,
        timeoutLine,
        "MAL_CHECK_TIMEOUT is set without MAL_CHECK_IP",
        "add MAL_CHECK_IP or set MAL_CHECK_TIMEOUT = 0");
    Map<String, String> seen = new TreeMap<>();
    for (Instance i : instances) {
      String name = i.name().toUpperCase(Locale.ROOT);
      problems.require(
          i.name().isEmpty() || seen.putIfAbsent(name, name) == null,
          file,
          i.line(),
          "MAL_INST_NAME " + i.name() + " is listed twice",
          "list each instance once");
      problems.require(
          i.host().isEmpty() || seen.putIfAbsent(i.host() + ":" + i.port(), name) == null,
          file,
          i.line(),
          "MAL_HOST " + i.host() + " and MAL_PORT " + i.port() + " are listed twice",
          "give each instance its own port");
    }
  }

  /** The member of this name, upper or lower case alike; null if it is not listed. */
  public Instance instance(String name) {
    return instances.stream().filter(i -> i.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }

  /** MAL_HOST of this instance; null if it is not listed. */
  public String hostOf(String name) {
    Instance instance = instance(name);
    return instance == null ? null : instance.host();
  }

  /** The same member list and settings, wherever they stand in their files. */
  public boolean sameAs(MalIni other) {
    return withoutLines().equals(other.withoutLines());
  }

  private MalIni withoutLines() {
    List<Instance> bare =
        instances.stream()
            .map(
                i ->
                    new Instance(
                        "",
                        i.name(),
                        i.host(),
                        i.port(),
                        i.instHost(),
                        i.instPort(),
                        i.dwPort(),
                        i.instDwPort(),
                        i.linkMagic(),
                        0))
            .toList();
    return new MalIni(
        checkIntervalS, connFailIntervalS, checkTimeoutMs, checkIp, loginTimeoutS, bare);
  }
}
