package halab.systems.dsc;

import static halab.systems.dsc.GroupPhase.*;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.GroupType;
import halab.systems.Dialect;
import halab.systems.Dialects;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One dialect of dmcss: its lines, the names of a group's steps, and where its sequence of steps
 * differs. All that tells the dialects apart is in the constants here (reference, head; 3.6, 7.2,
 * 7.3). Lines of which no wording in B is known keep that of A.
 */
public final class Wording {
  /** The lines, with what they take: T group, EP name and seqno, numbers. */
  private enum Line {
    DETECTED_BREAK,
    SET_BREAK,
    SET_RECOVER,
    SET_CONTROL,
    STATUS_CHANGE,
    SUMMARY,
    SET_CMD,
    PROCESS_OVER,
    SUSPEND_OVER,
    ERROR_EP_ADD_OVER,
    RECOVER_OVER,
    RESUME_OVER,
    DETECT_STARTUP2,
    SET_GUID,
    CRASH_OVER,
    CRASH_NOT_OVER,
    BEGINS,
    READY
  }

  /** How a step is shown; steps that look alike are one to the vendor. */
  private record Shown(String sta, String sub) {}

  private static final Map<Line, String> ENGLISH =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Line.DETECTED_BREAK, "[%s]: Detected EP %s[%d] break in PROCESS_OPEN"),
              Map.entry(Line.SET_BREAK, "[%s]: Set EP %s[%d] as break EP"),
              Map.entry(Line.SET_RECOVER, "[%s]: Set EP %s[%d] as recover EP"),
              Map.entry(Line.SET_CONTROL, "[%s]: Set EP %s[%d] as Control node"),
              Map.entry(Line.STATUS_CHANGE, "[%s]: status change from (%s, %s) to (%s, %s)"),
              Map.entry(
                  Line.SUMMARY,
                  "[%s]: Control Node[%d], break ep[%d], recover ep[%d], n_ok_ep[%d]"),
              Map.entry(Line.SET_CMD, "[%s]: CSS set cmd %s, dest_ep %s seqno = %d, cmd_seq = %d"),
              Map.entry(Line.PROCESS_OVER, "[%s]: cmd[%s] process over!"),
              Map.entry(Line.SUSPEND_OVER, "[%s]: Suspend ep worker thread is over!"),
              Map.entry(Line.ERROR_EP_ADD_OVER, "[%s]: Error ep add is over!"),
              Map.entry(Line.RECOVER_OVER, "[%s]: Recover ep is over!"),
              Map.entry(Line.RESUME_OVER, "[%s]: Resume ep worker thread is over!"),
              Map.entry(Line.DETECT_STARTUP2, "css detect %s [%s] startup2"),
              Map.entry(Line.SET_GUID, "css set %s [%s] guid [%d]")));

  /** What B says in other words, or at all. */
  private static final Map<Line, String> CHINESE =
      Map.of(
          Line.DETECTED_BREAK,
          "[!!!DSC INFO!!!][CSS]: dead instance detected, detect ep %2$s[%3$d] broken.",
          Line.SET_CONTROL,
          "[%s]: 设置EP %s[%d]为控制节点",
          Line.SET_CMD,
          "[%s]: 设置命令[%s], 目标站点 %s[%d], 命令序号[%d]",
          Line.PROCESS_OVER,
          "[%s]: 命令[%s]处理结束",
          Line.CRASH_OVER,
          "[%s]: 上次故障处理已完成，允许故障ep重加入",
          Line.CRASH_NOT_OVER,
          "[%s]: 上次故障处理未真正完成，不允许故障ep重加入",
          Line.BEGINS,
          "DMCSS V8",
          Line.READY,
          "DMCSS IS READY");

  /** Main states of A that have another name in B. */
  private static final Map<String, String> STA_OF_B = Map.of("PROCESS_EP_CRASH", "PROCESS_CRASH");

  /**
   * The steps of a crash in B where they are not those of A: one EP_CRASH, then CMD CLEAR, and of
   * the addresses' steps only those that begin something. The name of the one between EP_CRASH and
   * CMD CLEAR is not known; that there is one, the command numbers say.
   */
  private static final Map<GroupPhase, String> SUB_OF_B =
      new EnumMap<>(
          Map.of(
              CRASH_STEP1, "EP_CRASH",
              CRASH_WAIT_STEP1, "WAIT_EP_CRASH",
              CRASH_STEP2, "WAIT_CRASH_RECV",
              CRASH_WAIT_STEP2, "WAIT_CMD_CLEAR",
              CRASH_WAIT_SLAVE_VIP, "SLAVE_CONFIG_VIP",
              CRASH_WAIT_MASTER_VIP, "MASTER_CONFIG_VIP"));

  /** Steps of B that cost no tick, beside those that cost none in any dialect. */
  private static final Set<GroupPhase> QUICK_IN_B =
      EnumSet.of(
          CRASH_STEP2,
          CRASH_SLAVE_VIP,
          CRASH_WAIT_SLAVE_VIP,
          CRASH_MASTER_VIP,
          CRASH_WAIT_MASTER_VIP,
          CRASH_EP_VIP);

  /** Sub states that A's log prints with a prefix. */
  private static final List<String> PREFIXED_IN_A =
      List.of(
          "EP_CRASH_STEP1",
          "EP_CRASH_WAIT_STEP1",
          "EP_CRASH_STEP2",
          "EP_CRASH_WAIT_STEP2",
          "WAIT_DCR_LOAD");

  private static final Wording A =
      new Wording(
          ENGLISH,
          Map.of(),
          Map.of(),
          EnumSet.noneOf(GroupPhase.class),
          PREFIXED_IN_A,
          Cmd.CMD_EP_CRASH_STEP1,
          Cmd.CMD_EP_CRASH_STEP2,
          true,
          false,
          false,
          false);

  private static final Wording B =
      new Wording(
          over(ENGLISH, CHINESE),
          STA_OF_B,
          SUB_OF_B,
          QUICK_IN_B,
          List.of(),
          Cmd.CMD_EP_CRASH,
          Cmd.CMD_CMD_CLEAR,
          false,
          true,
          false,
          false);

  private static final Wording C = B.but(true, false);

  private final Map<Line, String> lines;
  private final Map<String, String> sta;
  private final Map<GroupPhase, String> sub;
  private final Set<GroupPhase> quick;
  private final List<String> prefixed;
  private final Cmd crashFirst;
  private final Cmd crashSecond;
  private final boolean secondIsOver;
  private final boolean nodeStandsForEps;
  private final boolean youngConsole;
  private final boolean adjustsMaster;

  private Wording(
      Map<Line, String> lines,
      Map<String, String> sta,
      Map<GroupPhase, String> sub,
      Set<GroupPhase> quick,
      List<String> prefixed,
      Cmd crashFirst,
      Cmd crashSecond,
      boolean secondIsOver,
      boolean nodeStandsForEps,
      boolean youngConsole,
      boolean adjustsMaster) {
    this.lines = lines;
    this.sta = sta;
    this.sub = sub;
    this.quick = quick;
    this.prefixed = prefixed;
    this.crashFirst = crashFirst;
    this.crashSecond = crashSecond;
    this.secondIsOver = secondIsOver;
    this.nodeStandsForEps = nodeStandsForEps;
    this.youngConsole = youngConsole;
    this.adjustsMaster = adjustsMaster;
  }

  private Wording but(boolean young, boolean adjusts) {
    return new Wording(
        lines,
        sta,
        sub,
        quick,
        prefixed,
        crashFirst,
        crashSecond,
        secondIsOver,
        nodeStandsForEps,
        young,
        adjusts);
  }

  /** The words of dmcss in a lab that speaks like this, with the older rule where it is on. */
  public static Wording of(Dialects dialects) {
    Wording words = of(dialects.log());
    return dialects.adjustMaster() ? words.but(words.youngConsole, true) : words;
  }

  /** The words of this dialect; C's lines and steps are those of B. */
  public static Wording of(Dialect dialect) {
    return switch (dialect) {
      case A -> A;
      case B -> B;
      case C -> C;
    };
  }

  private static Map<Line, String> over(Map<Line, String> lines, Map<Line, String> others) {
    Map<Line, String> all = new EnumMap<>(lines);
    all.putAll(others);
    return all;
  }

  /** The line, or empty where this dialect says nothing. */
  private String line(Line line, Object... args) {
    String format = lines.get(line);
    return format == null ? "" : String.format(Locale.ROOT, format, args);
  }

  // ---- steps ------------------------------------------------------------------------------------

  /** sta as logs and monitors print it. */
  public String sta(GroupPhase phase) {
    return sta(phase.sta());
  }

  /** The name that a main state of dialect A has in this one. */
  public String sta(String ofA) {
    return sta.getOrDefault(ofA, ofA);
  }

  /** sub_sta as the monitor prints it. */
  public String sub(GroupPhase phase) {
    return sub.getOrDefault(phase, phase.sub());
  }

  /** sub_sta as the CSS log prints it: in A five values carry a prefix there (reference 3.3). */
  private String subLogged(GroupPhase phase) {
    String name = sub(phase);
    return prefixed.contains(name) ? "CSS_SUB_STATUS_" + name : name;
  }

  /** Name of a step as a part of a flow: that of A, unless the step is another one here. */
  String part(GroupPhase phase) {
    boolean address = phase.name().endsWith("_VIP");
    return address ? phase.name() : sub.getOrDefault(phase, phase.name());
  }

  private Shown shown(GroupPhase phase) {
    return new Shown(sta(phase), sub(phase));
  }

  /** Whether both look the same, so that going from one to the other is no status change. */
  boolean alike(GroupPhase a, GroupPhase b) {
    return a == b || shown(a).equals(shown(b));
  }

  /** Whether the step waits for nothing: the next one follows in the same tick. */
  boolean fallsThrough(GroupPhase phase) {
    return phase.fallsThrough() || quick.contains(phase);
  }

  /** First command of a crash handling. */
  Cmd crashFirst() {
    return crashFirst;
  }

  /** Second command of a crash handling. */
  Cmd crashSecond() {
    return crashSecond;
  }

  /** Whether NONE and "process over" follow the second command. */
  boolean secondIsOver() {
    return secondIsOver;
  }

  /** Whether the line about a node of which all is silent replaces those about its EPs. */
  boolean nodeStandsForEps() {
    return nodeStandsForEps;
  }

  /** Whether it says when a crash handling is over. */
  boolean tellsCrashOver() {
    return lines.containsKey(Line.CRASH_OVER);
  }

  /** Whether the console has {@code set master force} and {@code halt css}, and pids. */
  boolean youngConsole() {
    return youngConsole;
  }

  /** Whether an EP that returns takes the control role back from one with a higher seqno. */
  boolean adjustsMaster() {
    return adjustsMaster;
  }

  // ---- lines ------------------------------------------------------------------------------------

  /** First lines of a dmcss; of A none are known. */
  List<String> ready() {
    return Stream.of(Line.BEGINS, Line.READY).filter(lines::containsKey).map(lines::get).toList();
  }

  String detectedBreak(GroupType t, String ep, int n) {
    return line(Line.DETECTED_BREAK, t, ep, n);
  }

  String setBreak(GroupType t, String ep, int n) {
    return line(Line.SET_BREAK, t, ep, n);
  }

  String setRecover(GroupType t, String ep, int n) {
    return line(Line.SET_RECOVER, t, ep, n);
  }

  /** An EP is control node of its group from here on. */
  public String setControl(GroupType t, String ep, int n) {
    return line(Line.SET_CONTROL, t, ep, n);
  }

  String statusChange(GroupType t, GroupPhase from, GroupPhase to) {
    return line(Line.STATUS_CHANGE, t, sta(from), subLogged(from), sta(to), subLogged(to));
  }

  String summary(GroupType t, int control, int broken, int recover, int okCount) {
    return line(Line.SUMMARY, t, control, broken, recover, okCount);
  }

  /** A command goes to an EP. */
  public String setCmd(GroupType t, String cmd, String ep, int n, long seq) {
    return line(Line.SET_CMD, t, cmd, ep, n, seq);
  }

  /** A command is over. */
  public String processOver(GroupType t, String cmd) {
    return line(Line.PROCESS_OVER, t, cmd);
  }

  String suspendOver(GroupType t) {
    return line(Line.SUSPEND_OVER, t);
  }

  String errorEpAddOver(GroupType t) {
    return line(Line.ERROR_EP_ADD_OVER, t);
  }

  String recoverOver(GroupType t) {
    return line(Line.RECOVER_OVER, t);
  }

  String resumeOver(GroupType t) {
    return line(Line.RESUME_OVER, t);
  }

  String detectStartup2(GroupType t, String ep) {
    return line(Line.DETECT_STARTUP2, t, ep);
  }

  String setGuid(GroupType t, String ep, long guid) {
    return line(Line.SET_GUID, t, ep, guid);
  }

  /** Whether failed EPs may rejoin; empty in A, which has no such line. */
  public String crashOver(GroupType t, boolean over) {
    return line(over ? Line.CRASH_OVER : Line.CRASH_NOT_OVER, t);
  }
}
