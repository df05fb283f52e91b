package halab.systems.dsc.config;

import halab.systems.dm.config.Address;
import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * dmcssm.ini: which cluster a monitor watches.
 *
 * @param css the CSSs in file order
 * @param logPath null: the directory of the file
 * @param logSpaceLimitMb 0: none
 */
public record DmcssmIni(
    long oguid,
    List<Css> css,
    String logPath,
    int logFileSizeMb,
    int logSpaceLimitMb,
    boolean messageCheck) {
  public static final String FILE = "dmcssm.ini";

  /** One CSSM_CSS_IP: a host name or address, and a port. */
  public record Css(String host, int port, int line) {}

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static DmcssmIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmcssmIni::read);
  }

  static DmcssmIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    HostFiles.refuseSections(ini, problems);
    Values v = DscKeys.DMCSSM.read(ini, ini.global(), problems);
    List<Css> css = new ArrayList<>();
    for (Ini.Entry entry : v.all("CSSM_CSS_IP")) {
      addCss(css, file, entry, problems);
    }
    return new DmcssmIni(
        v.number("CSSM_OGUID"),
        List.copyOf(css),
        v.text("CSSM_LOG_PATH"),
        v.integer("CSSM_LOG_FILE_SIZE"),
        v.integer("CSSM_LOG_SPACE_LIMIT"),
        v.flag("CSSM_MESSAGE_CHECK"));
  }

  private static void addCss(List<Css> css, String file, Ini.Entry entry, Problems problems) {
    Address address = Address.of(entry.value());
    if (address == null) {
      problems.add(
          file,
          entry.line(),
          "CSSM_CSS_IP = " + Problems.quoted(entry.value()) + " is not HOST:PORT",
          "give a host or [IPv6] and a port of 1024 to 65534");
      return;
    }
    String host = address.host();
    int port = address.port();
    if (css.stream().anyMatch(c -> c.host().equals(host) && c.port() == port)) {
      problems.add(
          file, entry.line(), "CSSM_CSS_IP " + entry.value() + " is listed twice", "keep one");
    }
    css.add(new Css(host, port, entry.line()));
  }
}
