package halab.systems.dsc.config;

import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Setting;
import halab.systems.dm.config.Values;
import java.util.List;
import java.util.Map;

/**
 * dmdcr.ini: what the processes of one node know of their place. Intervals and counts in seconds, a
 * null text means that the key is not set.
 *
 * @param asmRestartIntervalS 0: the ASM EP is never restarted
 * @param dbRestartIntervalS 0: the DB EP is never restarted
 * @param autoOpenCheckS 0: off
 * @param cssPort overrides the DCR's port of this node's CSS; 0: it does not
 * @param asmPort overrides the DCR's port of this node's ASM EP; 0: it does not
 * @param crashCheckOptCount 0: liveness by the disk alone
 */
public record DmdcrIni(
    String dmdcrPath,
    String malPath,
    int seqno,
    int autoOpenCheckS,
    int asmRestartIntervalS,
    String asmStartupCmd,
    int dbRestartIntervalS,
    String dbStartupCmd,
    int asmTraceLevel,
    boolean messageCheck,
    int ipcControl,
    String linkCheckIp,
    int cssPort,
    int asmPort,
    boolean checkCssActive,
    int crashCheckOptCount) {
  public static final String FILE = "dmdcr.ini";

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static DmdcrIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmdcrIni::read);
  }

  /**
   * Its known keys, each with what is in force.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static List<Setting> settings(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmdcrIni::values).settings();
  }

  private static Values values(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    HostFiles.refuseSections(ini, problems);
    return DscKeys.DMDCR.read(ini, ini.global(), problems);
  }

  static DmdcrIni read(String file, String text, Problems problems) {
    Values v = values(file, text, problems);
    return new DmdcrIni(
        v.textOrEmpty("DMDCR_PATH"),
        v.textOrEmpty("DMDCR_MAL_PATH"),
        v.integer("DMDCR_SEQNO"),
        v.has("DMDCR_AUTO_OPEN_CHECK") ? v.integer("DMDCR_AUTO_OPEN_CHECK") : 0,
        v.integer("DMDCR_ASM_RESTART_INTERVAL"),
        v.text("DMDCR_ASM_STARTUP_CMD"),
        v.integer("DMDCR_DB_RESTART_INTERVAL"),
        v.text("DMDCR_DB_STARTUP_CMD"),
        v.integer("DMDCR_ASM_TRACE_LEVEL"),
        v.flag("DMDCR_MESSAGE_CHECK"),
        v.integer("DMDCR_IPC_CONTROL"),
        v.text("DMDCR_LINK_CHECK_IP"),
        v.has("DMDCR_CSS_PORT") ? v.integer("DMDCR_CSS_PORT") : 0,
        v.has("DMDCR_ASM_PORT") ? v.integer("DMDCR_ASM_PORT") : 0,
        v.flag("DMDCR_CHECK_CSS_ACTIVE"),
        v.integer("DMDCR_CRASH_CHECK_OPT_COUNT"));
  }
}
