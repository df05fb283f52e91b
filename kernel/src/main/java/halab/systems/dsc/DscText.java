package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.VtdStatus;
import java.util.Locale;

/**
 * The words of dmcss, dmasmsvr and dmserver that are the same in every dialect (reference 7.2 to
 * 7.4; seed 001); the others are in {@link Wording}. Pure functions from values to one line; the
 * log adds time and process.
 */
public final class DscText {
  /** "None" among seqnos, as the logs print it. */
  public static final int NONE = 255;

  private DscText() {}

  private static String f(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  static String vipFailed(String nic, String ip, String mask, boolean up) {
    return f("[CSS]: css_vip_config(%s, %s, %s, %s) failed", nic, ip, mask, up ? "UP" : "DOWN");
  }

  static String deadInstance(String ep, int n) {
    return f("[!!!DSC INFO!!!][CSS]: dead instance detected, detect ep %s[%d] broken.", ep, n);
  }

  static String wholeNodeSilent(int n) {
    return f("[!!!DSC INFO!!!]All processers on EP[%d] have detected disk heartbeat issues.", n);
  }

  static String noVotingDisk(String instance) {
    return f(
        "[%s][!!!DSC INFO!!!]Unable to access VOTING DISK! disk may be not mounted, suggest to"
            + " check shared storage.",
        instance);
  }

  /** One network carries MAL, so it is always the first. */
  static String subnetError(String ep, int n) {
    return f("The [1]th subnet of network connectivity of [%s]:[%d] ERROR", ep, n);
  }

  static String disconnected(String ip) {
    return f("[!!!DSC INFO!!!]Network connect to IP address %s has been disconnected.", ip);
  }

  static String selfLinkCheck(String failure) {
    return failure == null
        ? "comm_self_link_check success"
        : f("comm_self_link_check create socket failed, %s", failure);
  }

  static String notStarted(GroupType t, String ep, int n) {
    return f("[%s]: EP %s[%d] not started within DMDCR_AUTO_OPEN_CHECK, set to ERROR", t, ep, n);
  }

  /** Ours: the vendor's manual says that the rejoin fails, not with which words. */
  static String rejoinBarred(GroupType t, String ep, int n, String mounted) {
    return f("[%s]: EP %s[%d] cannot rejoin while an EP is in MOUNT: %s", t, ep, n, mounted);
  }

  /** The one error of a start that has a code (reference 7.3). */
  static String voteMissing() {
    return "dmcss startup failed:[code:-14006] error info :VOTE DISK 不存在";
  }

  static String noDcr(String css, String path) {
    return f(
        "[%s][!!!DSC INFO!!!]Unable to access DCR DISK %s! fault marks cannot be stored",
        css, path);
  }

  static String alreadyStarted(String ep, String host) {
    return f("[code: 12000] instance %s already started, on host %s", ep, host);
  }

  static String checkCmd(Cmd cmd, long seq) {
    return f("check css cmd: %s, cmd_seq: %d", cmd(cmd), seq);
  }

  static String asmControl(int n) {
    return f("ASM Control Node EPNO:%d", n);
  }

  static String altered(String from, String to) {
    return f("sys_status: %s -> %s (ALTER DATABASE)", from, to);
  }

  static String heartbeatHalt(InstStatus inst, VtdStatus vtd) {
    return f(
        "hpc_heart_beat_dsk_thread halt, sys_status: %s, vtd_status: %s", inst(inst), vtd(vtd));
  }

  static String staleStart(int before, Command command) {
    return f(
        "EP START2, cmd_seq: %d under control EP %d does not go on from the start"
            + " under %d: given up",
        command.getCmdSeq(), command.getControl(), before);
  }

  static String misplaced(Cmd cmd, long seq, InstStatus inst) {
    return f("css cmd: %s, cmd_seq: %d does not fit sys_status: %s", cmd(cmd), seq, inst(inst));
  }

  /** The command as logs and monitors print it. */
  public static String cmd(Cmd cmd) {
    return switch (cmd) {
      case CMD_START_NOTIFY -> "START NOTIFY";
      case CMD_EP_START -> "EP START";
      case CMD_EP_START2 -> "EP START2";
      case CMD_EP_OPEN -> "EP OPEN";
      case CMD_EP_REAL_OPEN -> "EP REAL OPEN";
      case CMD_SUSPEND_WORKER -> "SUSPEND EP WORKER THREAD";
      case CMD_RESUME_WORKER -> "RESUME EP WORKER THREAD";
      case CMD_DCR_LOAD -> "DCR_LOAD";
      case CMD_ERROR_EP_ADD -> "ERROR EP ADD";
      case CMD_EP_RECV -> "EP RECV";
      case CMD_EP_CRASH_STEP1 -> "EP_CRASH_STEP1";
      case CMD_EP_CRASH_STEP2 -> "EP_CRASH_STEP2";
      case CMD_EP_CRASH -> "EP_CRASH";
      case CMD_CONFIG_VIP -> "CONFIG VIP";
      case CMD_CRASH_ROLLBACK -> "CRASH_ROLLBACK";
      case CMD_EP_STOP -> "EP STOP";
      case CMD_CMD_CLEAR -> "CMD CLEAR";
      case CMD_LINK_CHECK -> "LINK_CHECK";
      case CMD_ADJUST_MASTER_EP -> "ADJUST_MASTER_EP";
      case CMD_NONE, CMD_UNSPECIFIED, UNRECOGNIZED -> "NONE";
    };
  }

  /** inst_status as the monitor prints it (reference 3.3). */
  public static String inst(InstStatus status) {
    return switch (status) {
      case INST_STARTUP -> "STARTUP";
      case INST_AFTER_REDO -> "AFTER REDO";
      case INST_MOUNT -> "MOUNT";
      case INST_OPEN -> "OPEN";
      case INST_SUSPEND -> "SUSPEND";
      case INST_SHUTDOWN -> "SHUTDOWN";
      case INST_CRASH_RECV -> "CRASH_RECV";
      case INST_STATUS_UNSPECIFIED, UNRECOGNIZED -> "INVALID EP STATUS";
    };
  }

  /** vtd_status as the monitor prints it (reference 3.3). */
  public static String vtd(VtdStatus status) {
    return switch (status) {
      case VTD_STARTUP -> "STARTUP";
      case VTD_STARTUP2 -> "STARTUP2";
      case VTD_WORKING -> "WORKING";
      case VTD_TO_SHUTDOWN -> "TO SHUTDOWN";
      case VTD_SHUTDOWN -> "SHUTDOWN";
      case VTD_SYSHALT -> "SYSHALT";
      case VTD_STOP -> "STOP";
      case VTD_STATUS_UNSPECIFIED, UNRECOGNIZED -> "INVALID VTD STATUS";
    };
  }
}
