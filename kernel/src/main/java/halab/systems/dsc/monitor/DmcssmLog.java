package halab.systems.dsc.monitor;

import halab.kernel.Level;
import halab.systems.VendorLog;
import java.time.LocalDateTime;
import java.util.Locale;

/**
 * The monitor's log: {@code dmcssm_YYYYMMDDhhmmss.log}, one file per start, with the very text of
 * the console.
 */
final class DmcssmLog implements VendorLog {
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

  @Override
  public String line(LocalDateTime at, Level level, long pid, String text) {
    return text;
  }
}
