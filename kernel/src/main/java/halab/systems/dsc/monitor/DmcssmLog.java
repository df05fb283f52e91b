package halab.systems.dsc.monitor;

import halab.kernel.Level;
import halab.systems.VendorLog;
import halab.systems.dsc.config.DmcssmIni;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The monitor's log: {@code dmcssm_YYYYMMDDhhmmss.log}, one file per start and one more whenever
 * that is full, with the very text of the console.
 */
final class DmcssmLog implements VendorLog {
  private static final long MB = 1 << 20;
  private static final Pattern NAME = Pattern.compile("dmcssm_[0-9]{14}\\.log");

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
    return "dmcssm_" + (instance.isEmpty() ? stamp(at) : instance) + ".log";
  }

  /** CSSM_LOG_FILE_SIZE and CSSM_LOG_SPACE_LIMIT, in MB (reference 2.4). */
  @Override
  public Limits limits(Map<String, String> files) {
    DmcssmIni ini = DmcssmIni.read(files);
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
