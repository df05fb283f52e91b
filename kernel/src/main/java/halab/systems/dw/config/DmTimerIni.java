package halab.systems.dw.config;

import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Values;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * dmtimer.ini: when asynchronous archives send (reference 2.7).
 *
 * @param timers in file order, each name once
 */
public record DmTimerIni(List<Timer> timers) {
  public static final String FILE = "dmtimer.ini";

  /** The one TYPE that is emulated: every day. */
  private static final int DAILY = 2;

  private static final long DAY_MS = 86_400_000L;
  private static final long MINUTE_MS = 60_000L;

  /**
   * One timer. Only TYPE 2 is emulated: every day, from START_TIME to END_TIME (the whole day where
   * both are the same), every FREQ_MINUTE_INTERVAL minutes, or once at START_TIME where that is 0.
   * FREQ_MONTH_WEEK_INTERVAL must be 0 or 1 (every day, not every second one); FREQ_SUB_INTERVAL
   * has no meaning for this TYPE. Times are of the host's wall clock, read as UTC.
   *
   * @param minuteInterval 0: once a day
   * @param duringStartMs first moment of its life
   * @param duringEndMs last moment of its life, {@link Long#MAX_VALUE} with NO_END_DATE_FLAG
   * @param describe null: not given
   */
  public record Timer(
      String name,
      int type,
      int monthWeekInterval,
      int subInterval,
      int minuteInterval,
      LocalTime startTime,
      LocalTime endTime,
      long duringStartMs,
      long duringEndMs,
      boolean noEndDate,
      String describe,
      boolean valid,
      int line) {

    /**
     * When it fires next.
     *
     * @param wallMs wall clock, ms since 1970; the answer lies after it
     * @return wall clock of the next firing; -1: it never fires again
     */
    public long nextAfterMs(long wallMs) {
      long after = Math.max(wallMs, duringStartMs - 1);
      if (!valid || after >= duringEndMs) {
        return -1;
      }
      long day = Math.floorDiv(after, DAY_MS) * DAY_MS;
      long next = nextOn(day, after);
      next = next < 0 ? nextOn(day + DAY_MS, after) : next;
      return next <= duringEndMs ? next : -1;
    }

    /** Its first firing of this day that lies later than that; -1: none does. */
    private long nextOn(long dayMs, long afterMs) {
      long first = dayMs + startTime.toSecondOfDay() * 1000L;
      boolean wholeDay = !endTime.isAfter(startTime);
      long last = wholeDay ? dayMs + DAY_MS - 1 : dayMs + endTime.toSecondOfDay() * 1000L;
      long step = minuteInterval * MINUTE_MS;
      if (afterMs < first) {
        return first;
      }
      long next = step == 0 ? Long.MAX_VALUE : first + ((afterMs - first) / step + 1) * step;
      return next <= last ? next : -1;
    }
  }

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static DmTimerIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmTimerIni::read);
  }

  static DmTimerIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    for (Ini.Entry stray : ini.global().entries()) {
      problems.add(file, stray.line(), stray.key() + " stands in no timer", "put [NAME] before it");
    }
    List<Timer> timers = new ArrayList<>();
    for (Ini.Section section : ini.sections().subList(1, ini.sections().size())) {
      Values v = DwKeys.TIMER.read(ini, section, problems);
      problems.require(
          timers.stream().noneMatch(t -> t.name().equalsIgnoreCase(section.name())),
          file,
          section.line(),
          "timer " + section.name() + " is there twice",
          "keep one of them");
      timers.add(timer(section, v, problems));
    }
    return new DmTimerIni(List.copyOf(timers));
  }

  private static Timer timer(Ini.Section section, Values v, Problems problems) {
    problems.require(
        !v.good("TYPE") || v.integer("TYPE") == DAILY,
        v.file(),
        v.line("TYPE"),
        "TYPE = " + v.integer("TYPE") + " is not emulated",
        "use TYPE = 2 with FREQ_MINUTE_INTERVAL");
    problems.require(
        v.integer("FREQ_MONTH_WEEK_INTERVAL") <= 1,
        v.file(),
        v.line("FREQ_MONTH_WEEK_INTERVAL"),
        "FREQ_MONTH_WEEK_INTERVAL = " + v.integer("FREQ_MONTH_WEEK_INTERVAL") + " is not emulated",
        "use 1: every day");
    boolean endless = v.flag("NO_END_DATE_FLAG");
    return new Timer(
        section.name(),
        v.integer("TYPE"),
        v.integer("FREQ_MONTH_WEEK_INTERVAL"),
        v.integer("FREQ_SUB_INTERVAL"),
        v.integer("FREQ_MINUTE_INTERVAL"),
        time(v, "START_TIME", LocalTime::parse, LocalTime.MIN, problems),
        time(v, "END_TIME", LocalTime::parse, LocalTime.MIN, problems),
        time(v, "DURING_START_DATE", DmTimerIni::dateMs, 0L, problems),
        endless
            ? Long.MAX_VALUE
            : time(v, "DURING_END_DATE", DmTimerIni::dateMs, Long.MAX_VALUE, problems),
        endless,
        v.text("DESCRIBE"),
        v.flag("IS_VALID"),
        section.line());
  }

  private static <T> T time(
      Values v, String key, Function<String, T> form, T otherwise, Problems problems) {
    if (!v.has(key)) {
      return otherwise;
    }
    try {
      return form.apply(v.text(key));
    } catch (DateTimeException e) {
      problems.add(
          v.file(),
          v.line(key),
          key + " = " + Problems.quoted(v.text(key)) + " is no time",
          key.endsWith("DATE") ? "write it like 2024-01-31 00:00:00" : "write it like 00:00:00");
      return otherwise;
    }
  }

  private static long dateMs(String text) {
    LocalDateTime at =
        text.contains(":")
            ? LocalDateTime.parse(text.strip().replaceFirst("\\s+", "T"))
            : LocalDate.parse(text.strip()).atStartOfDay();
    return at.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** The timer of this name, upper or lower case alike; null if there is none. */
  public Timer timer(String name) {
    return timers.stream().filter(t -> t.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }
}
