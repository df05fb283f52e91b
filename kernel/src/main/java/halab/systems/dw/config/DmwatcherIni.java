package halab.systems.dw.config;

import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * dmwatcher.ini: the groups that a watcher guards (reference 2.5).
 *
 * @param groups in file order, each name once
 */
public record DmwatcherIni(List<Group> groups) {
  public static final String FILE = "dmwatcher.ini";

  /** What part the local instance takes. */
  public enum Type {
    /** It may become primary or standby by the watchers' doing. */
    GLOBAL,
    /** It is started and guarded only: an asynchronous standby. */
    LOCAL
  }

  /** Who decides that a standby takes over. */
  public enum Mode {
    /** The confirm monitor. */
    AUTO,
    /** A user. */
    MANUAL
  }

  /**
   * One group, with the instance of this host in it.
   *
   * @param dwErrorTimeS a watcher silent for so long is in ERROR
   * @param instErrorTimeS an instance silent for so long is faulty
   * @param instRecoverTimeS least time between two attempts to bring one standby back
   * @param oguid number of the group
   * @param instIni path of dm.ini, nominal
   * @param instAutoRestart whether a faulty instance is started again
   * @param instRestartCnt so many restarts at most; 0: no limit
   * @param instStartupCmd shown, never executed; null: not given
   * @param instServiceIpCheck whether the SQL address is watched too
   * @param rlogSendThresholdS a standby with a longer average send time becomes invalid; 0: off
   * @param rlogApplyThresholdS a standby with a longer average replay time becomes invalid; 0: off
   * @param dwOpenForceTimeoutS a primary that lacks members is opened after so long without a user
   *     (MANUAL); 0: never
   * @param dwFailoverForce whether a primary goes on when no monitor can confirm
   * @param dwReconnect attempts before a broken link counts
   * @param line where its section starts
   */
  public record Group(
      String name,
      Type type,
      Mode mode,
      int dwErrorTimeS,
      int instErrorTimeS,
      int instRecoverTimeS,
      int oguid,
      String instIni,
      boolean instAutoRestart,
      int instRestartCnt,
      String instStartupCmd,
      boolean instServiceIpCheck,
      int rlogSendThresholdS,
      int rlogApplyThresholdS,
      int dwOpenForceTimeoutS,
      boolean dwFailoverForce,
      int dwReconnect,
      int line) {}

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static DmwatcherIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmwatcherIni::read);
  }

  static DmwatcherIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    for (Ini.Entry stray : ini.global().entries()) {
      problems.add(
          file, stray.line(), stray.key() + " stands in no group", "put [GROUP] before it");
    }
    List<Group> groups = new ArrayList<>();
    for (Ini.Section section : ini.sections().subList(1, ini.sections().size())) {
      Values v = DwKeys.WATCHER.read(ini, section, problems);
      check(section, v, problems);
      problems.require(
          groups.stream().noneMatch(g -> g.name().equalsIgnoreCase(section.name())),
          file,
          section.line(),
          "group " + section.name() + " is there twice",
          "keep one of them");
      groups.add(group(section, v, problems));
    }
    problems.require(
        !groups.isEmpty(), file, 0, "no group is listed", "add a section with INST_OGUID");
    return new DmwatcherIni(List.copyOf(groups));
  }

  private static void check(Ini.Section section, Values v, Problems problems) {
    problems.require(
        section.name().matches("[A-Za-z0-9_]{1,16}"),
        v.file(),
        section.line(),
        "group name " + Problems.quoted(section.name()) + " is none",
        "give 1 to 16 letters, digits and _");
    problems.require(
        !v.has("DCR_INI"),
        v.file(),
        v.line("DCR_INI"),
        "DCR_INI is for a group of DSC clusters, which is not emulated",
        "remove it");
    problems.require(
        !v.flag("INST_AUTO_RESTART") || v.has("INST_STARTUP_CMD"),
        v.file(),
        v.line("INST_AUTO_RESTART"),
        "INST_AUTO_RESTART = 1 needs INST_STARTUP_CMD",
        "add it, for example /opt/dmdbms/bin/dmserver");
  }

  private static Group group(Ini.Section section, Values v, Problems problems) {
    return new Group(
        section.name(),
        v.word("DW_TYPE", Type.class, Type.LOCAL, problems),
        v.word("DW_MODE", Mode.class, Mode.MANUAL, problems),
        v.integer("DW_ERROR_TIME"),
        v.integer("INST_ERROR_TIME"),
        v.integer("INST_RECOVER_TIME"),
        v.integer("INST_OGUID"),
        v.textOrEmpty("INST_INI"),
        v.flag("INST_AUTO_RESTART"),
        v.integer("INST_RESTART_CNT"),
        v.text("INST_STARTUP_CMD"),
        v.flag("INST_SERVICE_IP_CHECK"),
        v.integer("RLOG_SEND_THRESHOLD"),
        v.integer("RLOG_APPLY_THRESHOLD"),
        v.integer("DW_OPEN_FORCE_TIMEOUT"),
        v.flag("DW_FAILOVER_FORCE"),
        v.integer("DW_RECONNECT"),
        section.line());
  }

  /** The group of this name, upper or lower case alike; null if there is none. */
  public Group group(String name) {
    return groups.stream().filter(g -> g.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }
}
