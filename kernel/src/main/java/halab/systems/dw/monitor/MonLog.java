package halab.systems.dw.monitor;

import halab.kernel.Level;
import halab.systems.VendorLog;
import halab.systems.dw.config.DmmonitorIni;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The monitor's log: {@code dmmonitor_YYYYMMDDhhmmss.log}, one file per start and one more whenever
 * that is full, with the very text of the console (manual 4.6).
 */
final class MonLog implements VendorLog {
  private static final long MB = 1 << 20;
  private static final Pattern NAME = Pattern.compile("dmmonitor_[0-9]{14}\\.log");

  static String stamp(LocalDateTime at) {
    return String.format(
        Locale.ROOT,
        "%04d%02d%02d%02d%02d%02d",
        at.getYear(),
        at.getMonthValue(),
        at.getDayOfMonth(),
        at.getHour(),
        at.getMinute(),
        at.getSecond());
  }

  /** The instance is the stamp of the start; a monitor that has not started has none yet. */
  @Override
  public String file(String instance, LocalDateTime at) {
    return "dmmonitor_" + (instance.isEmpty() ? stamp(at) : instance) + ".log";
  }

  /** MON_LOG_FILE_SIZE and MON_LOG_SPACE_LIMIT, in MB (reference 2.6). */
  @Override
  public Limits limits(Map<String, String> files) {
    DmmonitorIni ini = DmmonitorIni.read(files);
    return new Limits(ini.logFileSizeMb() * MB, ini.logSpaceLimitMb() * MB);
  }

  @Override
  public boolean owns(String fileName) {
    return NAME.matcher(fileName).matches();
  }

  @Override
  public String line(LocalDateTime at, Level level, long pid, String text) {
    return text;
  }
}
