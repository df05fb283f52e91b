package halab.systems.dsc;

/**
 * Codes that the CSS answers a monitor with, and that the monitor shows (reference 5.7). Where the
 * manual gives several codes one meaning, which command has which is our choice.
 */
public final class CssmCode {
  /** Carried out, or may be. */
  public static final int DONE = 0;

  /** An argument that cannot be. */
  public static final int BAD_ARGUMENT = -8;

  /** Ten monitors are connected already. */
  public static final int TOO_MANY_MONITORS = -11;

  /** The connection to dmcss is lost. */
  public static final int CONNECTION_LOST = -1004;

  /** A message is being sent. */
  public static final int BUSY = -1005;

  /** The CSS cannot carry it out. */
  public static final int CSS_FAILED = -1012;

  /** No such group name, or nothing known of it yet. */
  public static final int BAD_GROUP = -1019;

  /** The CSS did not answer in time. */
  public static final int ANSWER_TIMED_OUT = -1020;

  /** Only the control CSS can do this. */
  public static final int NOT_CONTROL = -1023;

  /** Group not found. */
  public static final int NO_GROUP = -1024;

  /** Open force: the group is not in SLAVE STARTUP. */
  public static final int NOT_IN_STARTUP = -1025;

  /** No such EP name, or nothing known of it yet. */
  public static final int BAD_EP = -1026;

  /** No CSS lives. */
  public static final int NO_LIVE_CSS = -1029;

  /** No active EP. */
  public static final int EP_NOT_ACTIVE = -1036;

  /** EPs of DB are active, ASM cannot be stopped before. */
  public static final int DB_STILL_ACTIVE = -1037;

  /** Monitoring is on everywhere. */
  public static final int ALREADY_ON = -1039;

  /** Monitoring is off everywhere. */
  public static final int ALREADY_OFF = -1040;

  /** Nobody could be told of the EP STARTUP. */
  public static final int CANNOT_NOTIFY_STARTUP = -1042;

  /** The CSS will restart it by itself. */
  public static final int RESTART_IS_ON = -1046;

  /** The EP is active. */
  public static final int ALREADY_ACTIVE = -1047;

  /** No EP of the group is active. */
  public static final int NO_ACTIVE_EP = -1050;

  /** Not while monitoring is off. */
  public static final int MONITORING_OFF = -1052;

  /** Not for the CSS group. */
  public static final int NOT_FOR_CSS = -1053;

  /** ASM is not open, DB may not start. */
  public static final int ASM_NOT_OPEN = -1058;

  /** The control CSS changed, the command is interrupted. */
  public static final int CONTROL_CHANGED = -1059;

  /** Ep break: not while monitoring is on. */
  public static final int BREAK_WATCHED = -1070;

  /** The CSS is in crash handling or rejoin. */
  public static final int IN_HANDLING = -1071;

  /** Ep recover: not while monitoring is on. */
  public static final int RECOVER_WATCHED = -1072;

  /** No EP is fit for rejoin. */
  public static final int NONE_TO_RECOVER = -1073;

  /** As IN_HANDLING, of ep recover and css stop. */
  public static final int RECOVER_IN_HANDLING = -1074;

  /** No EP is fit for crash handling. */
  public static final int NONE_TO_CRASH = -1075;

  /** ASM must be handled before DB. */
  public static final int ASM_FIRST = -1076;

  /** No restart parameters for this group. */
  public static final int NO_RESTART_COMMAND = -1077;

  /** Not all EPs were ready in time. */
  public static final int ALL_TIMED_OUT = -1078;

  /** The EP was not ready in time. */
  public static final int EP_TIMED_OUT = -1079;

  /** The control CSS is not elected yet. */
  public static final int NOT_ELECTED = -1080;

  /** No such EP seqno. */
  public static final int BAD_SEQNO = -1082;

  /** Ep break: no active ASM EP. */
  public static final int NO_ASM_TO_BREAK = -1085;

  /** Ep break: no active EP in the group. */
  public static final int NO_EP_TO_BREAK = -1086;

  /** As ASM_FIRST, of ep recover. */
  public static final int RECOVER_ASM_FIRST = -1088;

  /** Another monitor changes something. */
  public static final int MONITOR_BUSY = -1089;

  /** Ep crash: no active ASM EP. */
  public static final int NO_ASM_TO_CRASH = -1094;

  /** Ep crash: no active EP in the group. */
  public static final int NO_EP_TO_CRASH = -1095;

  /** Extend node failed. */
  public static final int EXTEND_FAILED = -1105;

  private CssmCode() {}
}
