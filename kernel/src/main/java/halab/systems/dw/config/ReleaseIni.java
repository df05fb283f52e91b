package halab.systems.dw.config;

import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import java.util.Map;

/**
 * release.ini, HALab's own: which release of the database is installed on a host. To edit it is to
 * replace the folder bin/.
 *
 * @param svrBuild number of the build
 */
public record ReleaseIni(int svrBuild) {
  public static final String FILE = "release.ini";

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static ReleaseIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, ReleaseIni::read);
  }

  static ReleaseIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    HostFiles.refuseSections(ini, problems);
    return new ReleaseIni(DwKeys.RELEASE.read(ini, ini.global(), problems).integer("SVR_BUILD"));
  }
}
