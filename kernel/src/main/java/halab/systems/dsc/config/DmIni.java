package halab.systems.dsc.config;

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

  static DmIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    HostFiles.refuseSections(ini, problems);
    Values v = DscKeys.DM.read(ini, ini.global(), problems);
    return new DmIni(
        v.textOrEmpty("INSTANCE_NAME"),
        v.integer("PORT_NUM"),
        v.text("CONFIG_PATH"),
        v.integer("DSC_CRASH_RECV_POLICY"),
        v.flag("DSC_HALT_SYNC"),
        v.integer("CKPT_INTERVAL"));
  }
}
