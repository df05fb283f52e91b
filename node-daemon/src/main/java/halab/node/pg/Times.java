package halab.node.pg;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.Interval;

/** Dates and times in PostgreSQL's forms: ISO text, and counts from 2000-01-01. */
final class Times {
  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
  private static final LocalDateTime EPOCH_TIME = EPOCH.atStartOfDay();
  private static final Pattern DATE = Pattern.compile("\\s*(\\d{4,9}-\\d{1,2}-\\d{1,2})(\\s.*)?");
  private static final Pattern ZONE =
      Pattern.compile("(.*\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?)\\s*(?:[+-]\\d[\\d:]*|Z)\\s*");
  private static final long DAYS_MOST = 366L * 1_000_000;
  private static final long MICROS_A_DAY = 86_400_000_000L;
  private static final long NANOS_A_SECOND = 1_000_000_000L;

  private Times() {}

  static String text(LocalDate date) {
    return date.getYear() > 0
        ? String.format("%04d-%02d-%02d", date.getYear(), date.getMonthValue(), date.getDayOfMonth())
        : String.format(
            "%04d-%02d-%02d BC", 1 - date.getYear(), date.getMonthValue(), date.getDayOfMonth());
  }

  static String text(LocalTime time) {
    StringBuilder text = new StringBuilder(15);
    two(text, time.getHour()).append(':');
    two(text, time.getMinute()).append(':');
    two(text, time.getSecond());
    int micros = time.getNano() / 1000;
    if (micros > 0) {
      String digits = Integer.toString(1_000_000 + micros).substring(1);
      text.append('.').append(digits.replaceAll("0+$", ""));
    }
    return text.toString();
  }

  private static StringBuilder two(StringBuilder text, int value) {
    return text.append(value < 10 ? "0" : "").append(value);
  }

  static String text(LocalDateTime time) {
    String date = text(time.toLocalDate());
    String clock = " " + text(time.toLocalTime());
    return date.endsWith(" BC") ? date.replace(" BC", clock + " BC") : date + clock;
  }

  /** In the session's time zone, as PostgreSQL shows it. */
  static String text(OffsetDateTime time, ZoneId zone) {
    OffsetDateTime there = time.atZoneSameInstant(zone).toOffsetDateTime();
    String text = text(there.toLocalDateTime());
    String offset = text(there.getOffset());
    return text.endsWith(" BC") ? text.replace(" BC", offset + " BC") : text + offset;
  }

  static String text(ZoneOffset offset) {
    String id = offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    return id.endsWith(":00") ? id.substring(0, id.length() - 3) : id;
  }

  static String text(Interval interval) {
    StringBuilder text = new StringBuilder();
    unit(text, interval.getYears(), "year");
    unit(text, interval.getMonths(), "mon");
    unit(text, interval.getDays(), "day");
    long nanos = clockNanos(interval);
    if (nanos != 0 || text.length() == 0) {
      long left = Math.abs(nanos);
      text.append(text.length() > 0 ? " " : "").append(nanos < 0 ? "-" : "");
      text.append(String.format("%02d", left / (3600 * NANOS_A_SECOND)));
      text.append(text(LocalTime.ofNanoOfDay(left % (3600 * NANOS_A_SECOND))).substring(2));
    }
    return text.toString();
  }

  private static void unit(StringBuilder text, long count, String name) {
    if (count != 0) {
      text.append(text.length() > 0 ? " " : "").append(count).append(' ').append(name);
      text.append(count == 1 || count == -1 ? "" : "s");
    }
  }

  private static long clockNanos(Interval i) {
    return (i.getHours() * 3600 + i.getMinutes() * 60) * NANOS_A_SECOND + i.getSecondsAndNanos();
  }

  static long micros(Interval interval) {
    return clockNanos(interval) / 1000;
  }

  static int days(LocalDate date) {
    return (int) ChronoUnit.DAYS.between(EPOCH, date);
  }

  static long micros(LocalTime time) {
    return time.toNanoOfDay() / 1000;
  }

  static long micros(LocalDateTime time) {
    return ChronoUnit.MICROS.between(EPOCH_TIME, time);
  }

  static LocalDate date(int days) {
    if (Math.abs((long) days) > DAYS_MOST) {
      throw PgError.of("22008", "date out of range");
    }
    return EPOCH.plusDays(days);
  }

  static LocalTime time(long micros) {
    if (micros < 0 || micros >= MICROS_A_DAY) {
      throw PgError.of("22008", "time out of range");
    }
    return LocalTime.ofNanoOfDay(micros * 1000);
  }

  static LocalDateTime timestamp(long micros) {
    if (Math.abs(micros / MICROS_A_DAY) > DAYS_MOST || micros == Long.MIN_VALUE) {
      throw PgError.of("22008", "timestamp out of range");
    }
    return EPOCH_TIME.plus(micros, ChronoUnit.MICROS);
  }

  /** A date's text without the time and zone that drivers put behind it; the engine reads it. */
  static String dateText(String text) {
    Matcher m = DATE.matcher(text);
    return m.matches() ? m.group(1) : text;
  }

  /** Text without its zone: for types that have none, PostgreSQL passes over it. */
  static String withoutZone(String text) {
    Matcher m = ZONE.matcher(text);
    return m.matches() ? m.group(1) : text;
  }
}
