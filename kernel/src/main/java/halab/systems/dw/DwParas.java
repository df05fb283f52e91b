package halab.systems.dw;

import halab.systems.dw.config.DmwatcherIni;
import java.util.Locale;

/** Settings that a monitor may change: in memory and in dmwatcher.ini (reference 6.3). */
final class DwParas {
  private DwParas() {}

  /** The effective configuration, a line per key. */
  static String list(WatcherState s) {
    DmwatcherIni.Group g = s.ini;
    StringBuilder text = new StringBuilder();
    line(text, "DW_TYPE", g.type());
    line(text, "DW_MODE", g.mode());
    line(text, "DW_ERROR_TIME", g.dwErrorTimeS());
    line(text, "INST_OGUID", g.oguid());
    line(text, "INST_ERROR_TIME", g.instErrorTimeS());
    line(text, "INST_RECOVER_TIME", g.instRecoverTimeS());
    line(text, "INST_INI", g.instIni());
    line(text, "INST_AUTO_RESTART", g.instAutoRestart() ? 1 : 0);
    line(text, "INST_RESTART_CNT", g.instRestartCnt());
    line(text, "INST_STARTUP_CMD", g.instStartupCmd() == null ? "" : g.instStartupCmd());
    line(text, "INST_SERVICE_IP_CHECK", g.instServiceIpCheck() ? 1 : 0);
    line(text, "RLOG_SEND_THRESHOLD", g.rlogSendThresholdS());
    line(text, "RLOG_APPLY_THRESHOLD", g.rlogApplyThresholdS());
    line(text, "DW_OPEN_FORCE_TIMEOUT", g.dwOpenForceTimeoutS());
    line(text, "DW_FAILOVER_FORCE", g.dwFailoverForce() ? 1 : 0);
    line(text, "DW_RECONNECT", g.dwReconnect());
    return text.toString();
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append(" = ").append(value).append('\n');
  }

  /** Whether there is such a parameter and the value is in its range. */
  static boolean valid(String name, long value) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "DW_ERROR_TIME", "INST_ERROR_TIME" -> value >= 3 && value <= 1800;
      case "INST_RECOVER_TIME" -> value >= 3 && value <= 86_400;
      case "INST_AUTO_RESTART", "INST_SERVICE_IP_CHECK" -> value == 0 || value == 1;
      case "RLOG_SEND_THRESHOLD", "RLOG_APPLY_THRESHOLD" -> value >= 0 && value <= 86_400;
      default -> false;
    };
  }

  /** With the parameter in force. */
  static DmwatcherIni.Group with(DmwatcherIni.Group g, String name, long value) {
    String key = name.toUpperCase(Locale.ROOT);
    int n = (int) value;
    return new DmwatcherIni.Group(
        g.name(),
        g.type(),
        g.mode(),
        key.equals("DW_ERROR_TIME") ? n : g.dwErrorTimeS(),
        key.equals("INST_ERROR_TIME") ? n : g.instErrorTimeS(),
        key.equals("INST_RECOVER_TIME") ? n : g.instRecoverTimeS(),
        g.oguid(),
        g.instIni(),
        key.equals("INST_AUTO_RESTART") ? n == 1 : g.instAutoRestart(),
        g.instRestartCnt(),
        g.instStartupCmd(),
        key.equals("INST_SERVICE_IP_CHECK") ? n == 1 : g.instServiceIpCheck(),
        key.equals("RLOG_SEND_THRESHOLD") ? n : g.rlogSendThresholdS(),
        key.equals("RLOG_APPLY_THRESHOLD") ? n : g.rlogApplyThresholdS(),
        g.dwOpenForceTimeoutS(),
        g.dwFailoverForce(),
        g.dwReconnect(),
        g.line());
  }

  /**
   * The file with this one value changed, all else as it stands; a new line at the end if absent.
   */
  static String rewritten(String text, String name, long value) {
    String key = name.toUpperCase(Locale.ROOT);
    StringBuilder next = new StringBuilder();
    boolean found = false;
    for (String line : text.lines().toList()) {
      boolean here = line.toUpperCase(Locale.ROOT).matches("\\s*" + key + "\\s*=.*");
      next.append(here ? key + " = " + value : line).append('\n');
      found |= here;
    }
    return found ? next.toString() : next + key + " = " + value + "\n";
  }
}
