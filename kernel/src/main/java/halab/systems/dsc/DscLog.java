package halab.systems.dsc;

import halab.kernel.Level;
import halab.systems.VendorLog;
import java.time.LocalDateTime;
import java.util.Locale;

/**
 * Log files of dmcss, dmasmsvr and dmserver: {@code dm_<instance>_YYYYMM.log}, one per month, and
 * their line form with two blanks before the text (reference 7.1; seed 001).
 */
public final class DscLog implements VendorLog {
  private final String proc;

  /**
   * @param proc name of the process in each line: dmcss, dmasmsvr, database, dmasmcmd
   */
  public DscLog(String proc) {
    this.proc = proc;
  }

  /** A process without a name yet, for its files are wrong, is {@code unknown} (reference 7.1). */
  @Override
  public String file(String instance, LocalDateTime at) {
    return String.format(
        Locale.ROOT,
        "dm_%s_%04d%02d.log",
        instance.isEmpty() ? "unknown" : instance,
        at.getYear(),
        at.getMonthValue());
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
        proc,
        pid,
        pid,
        text);
  }
}
