package halab.systems.dsc.monitor;

import halab.systems.dsc.CssmCode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The monitor's own lines (reference 5.2, 5.6, 7.3); how they begin is in {@link MonStyle}. Names
 * of groups and EPs stand in capitals in the messages of commands.
 */
final class DmcssmText {
  static final String MONITOR = "monitor";
  static final String VERSION = "CSS MONITOR V8";
  static final String READY = "CSS MONITOR SYSTEM IS READY.";
  static final String WAIT_CONTROL = "Wait CSS Control Node choosed...";
  static final String CONTROL_CHOSEN = "Wait CSS Control Node choosed succeed.";
  static final String ALL_INACTIVE =
      "[!!!DSC INFO!!!]CSSM detected all EP inactive, the entire cluster may be faulty or the"
          + " entire cluster has already exited";
  static final String CLEANUP = "通知当前活动的CSS执行清理操作";
  static final String RESTART_OFF_DONE = "关闭CSS自动拉起功能成功";
  static final String RESTART_ON_DONE = "打开CSS自动拉起功能成功";
  static final String CHECK_OVER = "检查故障处理是否结束";
  static final String NOT_ELIGIBLE = "当前不存在活动的CSS或者活动CSS不符合执行条件";

  private static final Pattern CONTROL_CHARACTER = Pattern.compile("\\p{Cntrl}");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private DmcssmText() {}

  private static String f(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  /** Foreign text without control characters. */
  static String clean(String foreign) {
    return CONTROL_CHARACTER.matcher(foreign).replaceAll("?");
  }

  /** {@code YYYY-MM-DD HH:MM:SS}. */
  static String time(long wallMs, ZoneId zone) {
    return seconds(at(wallMs, zone));
  }

  static LocalDateTime at(long wallMs, ZoneId zone) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(wallMs), zone);
  }

  private static String seconds(LocalDateTime at) {
    return SECONDS.format(at);
  }

  static String autoRestart(int seqno, String ep, boolean on) {
    return f("通知CSS(seqno:%d)%s节点(%s)的自动拉起功能", seqno, on ? "打开" : "关闭", upper(ep));
  }

  static String alreadyRestart(String group, boolean on) {
    return f("组(%s)中节点对应的CSS自动拉起标记已经处于%s状态", upper(group), on ? "打开" : "关闭");
  }

  static String startedWithoutRestart(String group) {
    return f("组(%s)中的节点启动成功，但打开CSS的自动拉起功能失败", upper(group));
  }

  static String epStop(int seqno, String group) {
    return f("通知CSS(seqno:%d)执行EP STOP(%s)", seqno, upper(group));
  }

  static String epStartup(int seqno, String ep) {
    return f("通知CSS(seqno:%d)执行EP STARTUP(%s)", seqno, upper(ep));
  }

  static String epHalt(String css, int seqno, String group, String ep) {
    return f("通知CSS(%s, seqno:%d)执行EP HALT %s.%s", css, seqno, upper(group), upper(ep));
  }

  static String epCrash(String css, int seqno, String group, String ep) {
    return f("通知CSS(%s, seqno:%d)执行EP CRASH %s %s", css, seqno, upper(group), upper(ep));
  }

  /** The CSS has taken it on; what comes of it is seen in its lines. */
  static String begun(String line) {
    return line + "成功，请等待CSS处理完成";
  }

  /** By analogy with EP STOP: the vendor's line is not known. */
  static String byHand(int seqno, String what, String group) {
    return f("通知CSS(seqno:%d)执行%s(%s)", seqno, what, upper(group));
  }

  /** By analogy with EP STOP: the vendor's line is not known. */
  static String extendNode(int seqno) {
    return f("通知CSS(seqno:%d)执行EXTEND NODE", seqno);
  }

  /** By analogy with EP STOP: the vendor's line is not known. */
  static String monitoring(int seqno, boolean on) {
    return f("通知CSS(seqno:%d)执行CSS %s", seqno, on ? "STARTUP" : "STOP");
  }

  /** Said by the CSS that was asked. */
  static String crashOver(boolean over) {
    return "Group crash process over flag: " + (over ? "TRUE" : "FALSE");
  }

  /** By analogy with EP STOP: the vendor's line is not known. */
  static String openForce(int seqno, String group) {
    return f("通知CSS(seqno:%d)执行OPEN FORCE(%s)", seqno, upper(group));
  }

  static String cleaned(int seqno) {
    return f("清理CSS(%d)请求成功", seqno);
  }

  static String success(String line) {
    return line + "成功";
  }

  static String done(String title) {
    return f("命令%s执行成功", title);
  }

  /** By analogy with {@link #done}. */
  static String failed(String title) {
    return f("命令%s执行失败", title);
  }

  /** How the console prints an error is not documented; this is our form. */
  static String error(int code) {
    return f("[code:%d] %s", code, DmcssmErrors.text(code));
  }

  /** The vendor's text, and in brackets what a CSS had to add. */
  static String error(int code, String detail) {
    return error(code) + (detail.isEmpty() ? "" : " (" + clean(detail) + ")");
  }

  /** A command whose arguments are missing or too many. */
  static String wrongArguments(String usage) {
    return error(CssmCode.BAD_ARGUMENT) + ": " + usage;
  }

  static String unknown(String words) {
    return f("无效的命令: %s (unknown command, help lists them)", words);
  }
}
