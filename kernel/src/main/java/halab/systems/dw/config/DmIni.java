package halab.systems.dw.config;

import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Setting;
import halab.systems.dm.config.Values;
import java.util.List;
import java.util.Map;

/**
 * What Data Watch needs of dm.ini (reference 2.2). Its hundreds of other keys are accepted unread.
 *
 * @param portNum port for SQL clients
 * @param malIni whether dmmal.ini is in use
 * @param archIni whether dmarch.ini is in use
 * @param timerIni whether dmtimer.ini is in use
 * @param dwInactiveIntervalS without word from the watcher for so long it counts as absent
 * @param alterModeStatus mode, state and OGUID changed by hand: 0 never, 1 while the watcher is
 *     absent, 2 always
 * @param dwMaxSvrWaitTimeS the instance ends when no watcher comes for so long; 0: it waits
 * @param enableOfflineTs 2: tablespaces may not go offline
 * @param sessFreeInSuspendS clients of a primary that cannot ship are sent away after so long
 * @param redosBufSizeMb what a standby takes before it replays; 0: not bounded
 * @param redosBufNum the same in packages; 0: not bounded
 * @param redosMaxDelayS a standby halts when one package takes longer; 0: it does not
 * @param redosParallelNum lanes of replay
 * @param suspendWorkerTimeoutS how long going to SUSPEND or MOUNT waits for work under way
 * @param rlogSendApplyMon how many of the last sendings and replays statistics are made of
 * @param ckptIntervalS between two checkpoints; 0: none
 */
public record DmIni(
    String instanceName,
    int portNum,
    boolean malIni,
    boolean archIni,
    boolean timerIni,
    int dwInactiveIntervalS,
    int alterModeStatus,
    int dwMaxSvrWaitTimeS,
    int enableOfflineTs,
    int sessFreeInSuspendS,
    int redosBufSizeMb,
    int redosBufNum,
    int redosMaxDelayS,
    int redosParallelNum,
    int suspendWorkerTimeoutS,
    int rlogSendApplyMon,
    int ckptIntervalS) {
  public static final String FILE = "dm.ini";

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static DmIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmIni::read);
  }

  /**
   * Its known keys, each with what is in force.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static List<Setting> settings(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmIni::values).settings();
  }

  private static Values values(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    HostFiles.refuseSections(ini, problems);
    return DwKeys.DM.read(ini, ini.global(), problems);
  }

  static DmIni read(String file, String text, Problems problems) {
    Values v = values(file, text, problems);
    problems.require(
        !v.flag("MPP_INI"),
        file,
        v.line("MPP_INI"),
        "MPP_INI = 1 asks for an MPP cluster, which is not emulated",
        "set it to 0");
    return new DmIni(
        v.textOrEmpty("INSTANCE_NAME"),
        v.integer("PORT_NUM"),
        v.flag("MAL_INI"),
        v.flag("ARCH_INI"),
        v.flag("TIMER_INI"),
        v.integer("DW_INACTIVE_INTERVAL"),
        v.integer("ALTER_MODE_STATUS"),
        v.integer("DW_MAX_SVR_WAIT_TIME"),
        v.integer("ENABLE_OFFLINE_TS"),
        v.integer("SESS_FREE_IN_SUSPEND"),
        v.integer("REDOS_BUF_SIZE"),
        v.integer("REDOS_BUF_NUM"),
        v.integer("REDOS_MAX_DELAY"),
        v.integer("REDOS_PARALLEL_NUM"),
        v.integer("SUSPEND_WORKER_TIMEOUT"),
        v.integer("RLOG_SEND_APPLY_MON"),
        v.integer("CKPT_INTERVAL"));
  }
}
