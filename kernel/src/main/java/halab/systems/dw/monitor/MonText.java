package halab.systems.dw.monitor;

import halab.dw.proto.ArchType;
import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The monitor's lines, in the vendor's English where a transcript shows it (reference 10.1), by
 * analogy where none does. Pure functions from values to text.
 */
final class MonText {
  static final String VERSION = "DMMONITOR[4.0] V8";
  static final String READY = "DMMONITOR[4.0] IS READY.";
  static final String LOGGED_IN = "Login dmmonitor success!";
  static final String LOGGED_OUT = "Logout dmmonitor success!";
  static final String MPP_ONLY = "The command is for MPP clusters; this system has none. See: help";
  static final String RAFT_ONLY =
      "The command is for multi-instance confirm monitors; this monitor is a single one";
  static final String DSC_ONLY =
      "The command switches the automatic restart by dmcss, which single-node databases do not"
          + " have; use: set group [group_name] INST_AUTO_RESTART 0 | 1";

  private static final Pattern CONTROL_CHARACTER = Pattern.compile("\\p{Cntrl}");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private MonText() {}

  static String f(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /** Foreign text without control characters. */
  static String clean(String foreign) {
    return CONTROL_CHARACTER.matcher(foreign).replaceAll("?");
  }

  static LocalDateTime at(long wallMs, ZoneId zone) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(wallMs), zone);
  }

  /** {@code YYYY-MM-DD HH:MM:SS}. */
  static String time(long wallMs, ZoneId zone) {
    return SECONDS.format(at(wallMs, zone));
  }

  /** A line with its prefix. */
  static String line(long wallMs, ZoneId zone, String text) {
    return f("%-18s%s: %s", "[monitor]", time(wallMs, zone), text);
  }

  static String received(String instance) {
    return f("Received message from(%s)", instance);
  }

  static String timeout(String instance) {
    return f("Received message timeout from(%s)", instance);
  }

  static String switching(String instance, String from, String to) {
    return f("Dmwatcher process %s status switching [%s-->%s]", instance, from, to);
  }

  static String autoTakeover(String group) {
    return f("Check primary instance error in group(%s), start to auto takeover", group);
  }

  static String setMid(String group) {
    return f("Notify group(%s)'s active dmwatcher to set MID", group);
  }

  static String startTakeover(String instance) {
    return f("Start to takeover use instance %s", instance);
  }

  static String startSwitchover(String instance) {
    return f("Start to switchover instance %s", instance);
  }

  static String notifySwitch(String instance, String status) {
    return f("Notify dmwatcher(%s) switch to %s status", instance, status);
  }

  static String switched(String instance, String status) {
    return f("Switch dmwatcher %s to %s status success", instance, status);
  }

  static String startSql(String instance, String sql) {
    return f("Instance %s start to execute sql %s", instance, sql);
  }

  static String sqlDone(String instance, String sql) {
    return f("Instance %s execute sql %s success", instance, sql);
  }

  static String allInvalid(String instance) {
    return f("Notify instance %s to change all arch status to be invalid", instance);
  }

  static final String ALL_INVALID_DONE =
      "Succeed to change all instances arch status to be invalid";

  static String archInvalid(String primary, String dest) {
    return f(
        "Notify instance %s to change arch status of instance %s to be invalid", primary, dest);
  }

  static String clear(String group) {
    return f("Notify group(%s)'s dmwatcher to do clear", group);
  }

  static String cleared(String instance) {
    return f("Clean request of dmwatcher processer %s success", instance);
  }

  /** Ours: the vendor's line is not known. */
  static String confirmed(String instance, boolean agree) {
    return f("Confirm request of dmwatcher(%s) is %s", instance, agree ? "agreed" : "refused");
  }

  static String success(String line) {
    return line + " success";
  }

  static String failed(String line) {
    return line + " failed";
  }

  /** How the console prints an error is not documented; this is our form. */
  static String error(int code) {
    return f("[code:%d] %s", code, MonErrors.text(code));
  }

  static String error(int code, String detail) {
    return error(code) + (detail.isEmpty() ? "" : " (" + clean(detail) + ")");
  }

  /** What matters of one member when a command is judged. */
  static String member(Seat s, String rstat) {
    return f(
        "%s: dmwatcher %s, instance %s, %s, %s, archive %s",
        s.instance(), watcher(s), s.ok() ? "OK" : "ERROR", mode(s), status(s), rstat);
  }

  static String watcher(Seat s) {
    return !s.active() ? "ERROR" : watcher(s.state.getStatus());
  }

  static String mode(Seat s) {
    return mode(s.report().getMode());
  }

  static String status(Seat s) {
    return status(s.report().getStatus());
  }

  static String mode(Mode mode) {
    return mode == Mode.MODE_UNSPECIFIED || mode == Mode.UNRECOGNIZED ? "UNKNOWN" : mode.name();
  }

  static String status(Status status) {
    return switch (status) {
      case STATUS_UNSPECIFIED, UNRECOGNIZED -> "UNKNOWN";
      case AFTER_REDO -> "AFTER REDO";
      default -> status.name();
    };
  }

  /** State of a watcher as the vendor prints it. */
  static String watcher(DwStatus status) {
    return status == DwStatus.DW_STATUS_UNSPECIFIED || status == DwStatus.UNRECOGNIZED
        ? "UNKNOWN"
        : status.name().substring("DW_".length()).replace('_', ' ');
  }

  /** Control file; a LOCAL watcher has none. */
  static String ctl(Seat s) {
    return s.global() ? ctl(s.state.getCtl()) : "NULL";
  }

  static String ctl(CtlStatus ctl) {
    return switch (ctl) {
      case CTL_VALID -> "VALID";
      case CTL_INVALID -> "INVALID";
      case CTL_SPLIT -> "SPLIT";
      case CTL_STATUS_UNSPECIFIED, UNRECOGNIZED -> "NULL";
    };
  }

  static String arch(ArchType type) {
    return switch (type) {
      case ARCH_REALTIME -> "REALTIME";
      case ARCH_TIMELY -> "TIMELY";
      case ARCH_ASYNC -> "ASYNC";
      case ARCH_REMOTE -> "REMOTE";
      case ARCH_LOCAL -> "LOCAL";
      case ARCH_TYPE_UNSPECIFIED, UNRECOGNIZED -> "NONE";
    };
  }

  static String flag(boolean set) {
    return set ? "TRUE" : "FALSE";
  }

  /** A half-done command as the instance remembers it (reference 5.4). */
  static String command(int dwStatus) {
    return switch (dwStatus) {
      case 0 -> "NONE";
      case 6 -> "SWITCHOVER";
      case 7 -> "TAKEOVER";
      default -> Integer.toString(dwStatus);
    };
  }
}
