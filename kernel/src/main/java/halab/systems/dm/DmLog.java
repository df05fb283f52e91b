package halab.systems.dm;

import halab.kernel.Level;
import halab.systems.VendorLog;
import java.time.LocalDateTime;
import java.util.Locale;

/**
 * Log files of Dameng's daemons: {@code dm_<instance>_YYYYMM.log}, {@code
 * dm_dmwatcher_<instance>_YYYYMM.log}, one per month, and their line form with two blanks before
 * the text (seed 001; DSC reference 7.1, Data Watch reference 10.3).
 */
public final class DmLog implements VendorLog {
  private final String prefix;
  private final String module;

  /**
   * @param prefix of file names before the instance ("dm_")
   * @param module name of the process in each line: dmcss, database, dmwatcher
   */
  public DmLog(String prefix, String module) {
    this.prefix = prefix;
    this.module = module;
  }

  /** A process without a name yet, for its files are wrong, is {@code unknown}. */
  @Override
  public String file(String instance, LocalDateTime at) {
    String name = instance.isEmpty() ? "unknown" : instance;
    return String.format(
        Locale.ROOT, "%s%s_%04d%02d.log", prefix, name, at.getYear(), at.getMonthValue());
  }

  /** The vendor's loop writes everything from one thread; its number is the pid's here. */
  @Override
  public String line(LocalDateTime at, Level level, long pid, String text) {
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d %02d:%02d:%02d.%03d [%s] %s P%010d T%019d  %s",
        at.getYear(),
        at.getMonthValue(),
        at.getDayOfMonth(),
        at.getHour(),
        at.getMinute(),
        at.getSecond(),
        at.getNano() / 1_000_000,
        level,
        module,
        pid,
        pid,
        text);
  }
}
