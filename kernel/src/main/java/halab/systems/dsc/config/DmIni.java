package halab.systems.dsc.config;

import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Setting;
import halab.systems.dm.config.Values;
import java.util.List;
import java.util.Map;

/**
 * What membership needs of dm.ini. Its hundreds of other keys are accepted unread.
 *
 * @param portNum port for SQL clients; wins over DCR_EP_PORT
 * @param configPath null: not given
 * @param crashRecvPolicy 0: service returns after the redo of all EPs, 1: before it
 * @param ckptIntervalS seconds between two checkpoints; 0: none
 */
public record DmIni(
    String instanceName,
    int portNum,
    String configPath,
    int crashRecvPolicy,
    boolean haltSync,
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
    List<Setting> all = HostFiles.readOne(FILE, files, DmIni::values).settings();
    return all.stream().map(s -> s.name().equals("MAL_INI") ? s.forced("1") : s).toList();
  }

  private static Values values(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    HostFiles.refuseSections(ini, problems);
    return DscKeys.DM.read(ini, ini.global(), problems);
  }

  static DmIni read(String file, String text, Problems problems) {
    Values v = values(file, text, problems);
    return new DmIni(
        v.textOrEmpty("INSTANCE_NAME"),
        v.integer("PORT_NUM"),
        v.text("CONFIG_PATH"),
        v.integer("DSC_CRASH_RECV_POLICY"),
        v.flag("DSC_HALT_SYNC"),
        v.integer("CKPT_INTERVAL"));
  }
}
