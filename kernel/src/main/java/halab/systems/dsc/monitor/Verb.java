package halab.systems.dsc.monitor;

import halab.systems.Dialect;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every command of the monitor: its words, its line of help, and what it is about (reference 5.3).
 * One row here is all that parsing, completion and {@code help} know of a command.
 */
public enum Verb {
  HELP("help", "显示帮助"),
  SHOW("show [group]", "显示指定的组信息"),
  SHOW_CONFIG("show config", "显示配置文件信息"),
  SHOW_MONITOR("show monitor", "显示当前连接的监视器信息"),
  RESTART_ON("set group auto restart on", "打开指定组的自动拉起功能(只修改dmcss内存值)", Reach.EACH_CSS),
  RESTART_OFF("set group auto restart off", "关闭指定组的自动拉起功能(只修改dmcss内存值)", Reach.EACH_CSS),
  OPEN_FORCE("open force group", "强制OPEN指定的ASM或DB组", Reach.CONTROL),
  STARTUP("ep startup group", "启动指定的ASM或DB组", Reach.EACH_CSS),
  STOP("ep stop group", "停止指定的ASM或DB组", Reach.CONTROL),
  HALT("ep halt group.ep", "强制退出指定组的指定节点", Reach.CONTROL),
  EXTEND_NODE("extend node", "扩展集群节点", Reach.CONTROL, Dialect.B),
  CRASH("ep crash group.ep", "设定指定节点故障", Reach.CONTROL, Dialect.B),
  CHECK_OVER("check crash over group", "检查指定组故障处理是否结束", Reach.CONTROL, Dialect.B),
  CSS_STARTUP("css startup", "打开所有活动CSS的监控功能", Reach.EACH_CSS),
  CSS_STOP("css stop", "关闭所有活动CSS的监控功能", Reach.EACH_CSS),
  BREAK("ep break group", "手动对指定的ASM或DB组进行故障处理", Reach.CONTROL),
  RECOVER("ep recover group", "手动对指定的ASM或DB组进行故障重加入", Reach.CONTROL),
  EXIT("exit", "退出监视器");

  /** Whom a command concerns. */
  enum Reach {
    /** Nobody but the monitor. */
    MONITOR,
    /** Every live CSS in turn, so that it can do without a control CSS. */
    EACH_CSS,
    CONTROL
  }

  private static final String NAME = "[a-z0-9_]{1,64}";

  private final String words;
  private final String help;
  private final Reach reach;
  private final Dialect since;
  private final Pattern pattern;

  Verb(String words, String help) {
    this(words, help, Reach.MONITOR);
  }

  Verb(String words, String help, Reach reach) {
    this(words, help, reach, Dialect.A);
  }

  /**
   * @param words as typed; "group" and "ep" stand for names
   * @param since dialect that brought it; later ones keep what they had, as the library does
   */
  Verb(String words, String help, Reach reach, Dialect since) {
    this.words = words;
    this.help = help;
    this.reach = reach;
    this.since = since;
    String regex =
        words
            .replace(".", "\\.")
            .replace(" [group]", "(?: group)?")
            .replaceFirst("group", "(?<group>" + NAME + ")")
            .replaceFirst("(?<=\\\\[.])ep$", "(?<ep>" + NAME + ")");
    this.pattern = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  /** These are its first words, whatever follows. */
  boolean begins(String text) {
    String fixed = words.replaceFirst(" \\[?group.*", "");
    return !fixed.equals(words)
        && (text.equalsIgnoreCase(fixed)
            || text.regionMatches(true, 0, fixed + " ", 0, fixed.length() + 1));
  }

  Pattern pattern() {
    return pattern;
  }

  /** Its line of {@code help}. */
  String help() {
    return help;
  }

  Reach reach() {
    return reach;
  }

  boolean needsControl() {
    return reach == Reach.CONTROL;
  }

  /** It means one group of EPs. */
  boolean ofGroup() {
    return reach != Reach.MONITOR && words.contains("group");
  }

  /** It means one EP of a group. */
  boolean ofEp() {
    return words.contains("group.ep");
  }

  /** The words with {@code group_name} and {@code ep_name} for what is to be filled in. */
  String usage() {
    return words.replace("group", "group_name").replace(".ep", ".ep_name");
  }

  /**
   * The command in capitals, with these names: what the last line of its answer repeats. Names are
   * in capitals, too, but for CHECK CRASH OVER, which repeats the one that was typed.
   */
  String title(String group, String ep) {
    if (this == CHECK_OVER) {
      return "CHECK CRASH OVER " + group;
    }
    return words
        .replaceFirst("group", group)
        .replaceFirst("[.]ep$", "." + ep)
        .toUpperCase(Locale.ROOT);
  }

  /** Whether the monitor of this dialect has the command. */
  boolean in(Dialect dialect) {
    return dialect.since(since);
  }

  /** Whether {@code help} lists it: what later monitors only keep from A, they do not. */
  boolean listed(Dialect dialect) {
    boolean old = EnumSet.of(CSS_STARTUP, CSS_STOP, BREAK, RECOVER).contains(this);
    return in(dialect) && !(old && dialect.since(Dialect.B));
  }

  /**
   * The words of every command of a dialect for completion, one list for each; {@code group} and
   * {@code group.ep} stand for names.
   */
  public static List<List<String>> words(Dialect dialect) {
    return Stream.of(values())
        .filter(v -> v.in(dialect))
        .flatMap(
            v ->
                v == SHOW
                    ? Stream.of(List.of("show"), List.of("show", "group"))
                    : Stream.of(List.of(v.words.split(" "))))
        .toList();
  }
}
