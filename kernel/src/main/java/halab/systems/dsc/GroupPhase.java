package halab.systems.dsc;

/**
 * The steps of a group's start, crash handling, rejoin and stop. Each is one pair (sta, sub_sta) of
 * the vendor's (reference 3.3, 3.6 to 3.12); where two steps share a pair, the row tables still
 * tell them apart.
 *
 * <p>A step that <em>falls through</em> waits for nothing: the control CSS takes the next step in
 * the same tick. All others are looked at again with the next tick (reference 3.5).
 */
public enum GroupPhase {
  /** Never started since the disks were made, or being started: the control EP is being chosen. */
  STARTUP("STARTUP", "STARTUP"),
  /** Nobody runs; an orderly stop, a halt or the loss of all EPs ended it. Control node 255. */
  CLOSED("OPEN", "STARTUP"),
  /** At rest and serving. */
  OPEN("OPEN", "STARTUP"),
  /** The DCR has grown: all load it. How the vendor shows this is not known (inferred). */
  EXTEND("OPEN", "WAIT_DCR_LOAD"),

  START_NOTIFY("Control Node STARTUP", "STARTUP"),
  START_LOAD("Control Node STARTUP", "WAIT_DCR_LOAD"),
  START_CONTROL("Control Node STARTUP", "WAIT_STARTUP"),
  START_NORMAL("Normal Node STARTUP", "WAIT_STARTUP"),
  START2_CONTROL("Control Node STARTUP", "WAIT_REDO"),
  START2_NORMAL("Normal Node STARTUP", "WAIT_REDO"),
  START_OPEN("EP_OPEN", "WAIT_EP_OPEN"),
  START_REAL_OPEN("EP_OPEN", "WAIT_REAL_OPEN"),

  CRASH_STEP1("PROCESS_EP_CRASH", "EP_CRASH_STEP1"),
  CRASH_WAIT_STEP1("PROCESS_EP_CRASH", "EP_CRASH_WAIT_STEP1"),
  CRASH_STEP2("PROCESS_EP_CRASH", "EP_CRASH_STEP2"),
  CRASH_WAIT_STEP2("PROCESS_EP_CRASH", "EP_CRASH_WAIT_STEP2"),
  CRASH_SLAVE_VIP("PROCESS_EP_CRASH", "SLAVE_CONFIG_VIP"),
  CRASH_WAIT_SLAVE_VIP("PROCESS_EP_CRASH", "WAIT_SLAVE_CONFIG_VIP"),
  CRASH_MASTER_VIP("PROCESS_EP_CRASH", "MASTER_CONFIG_VIP"),
  CRASH_WAIT_MASTER_VIP("PROCESS_EP_CRASH", "WAIT_MASTER_CONFIG_VIP"),
  CRASH_EP_VIP("PROCESS_EP_CRASH", "EP_CONFIG_VIP"),
  CRASH_WAIT_EP_VIP("PROCESS_EP_CRASH", "WAIT_EP_CONFIG_VIP"),
  CRASH_ROLLBACK("PROCESS_EP_CRASH", "CRASH_ROLLBACK"),
  CRASH_WAIT_ROLLBACK("PROCESS_EP_CRASH", "WAIT_CRASH_ROLLBACK"),

  ASM_CRASH_SUSPEND("PROCESS_EP_CRASH", "SUSPEND_WORKER"),
  ASM_CRASH_WAIT_SUSPEND("PROCESS_EP_CRASH", "WAIT_SUSPEND_WORKER"),
  ASM_CRASH_RECV("PROCESS_EP_CRASH", "WAIT_CRASH_RECV"),
  ASM_CRASH_RESUME("PROCESS_EP_CRASH", "WAIT_RESUME_WORKER"),

  REJOIN_SUSPEND("PROCESS_RECOVER", "SUSPEND_WORKER", true),
  REJOIN_WAIT_SUSPEND("PROCESS_RECOVER", "WAIT_SUSPEND_WORKER", true),
  REJOIN_DCR_LOAD("PROCESS_RECOVER", "WAIT_DCR_LOAD"),
  REJOIN_ERROR_EP_ADD("PROCESS_RECOVER", "SUB_WAIT_ERROR_EP_ADD"),
  REJOIN_RECOVER("PROCESS_RECOVER", "WAIT_EP_RECOVER"),
  REJOIN_EP_VIP("PROCESS_RECOVER", "EP_CONFIG_VIP", true),
  REJOIN_WAIT_EP_VIP("PROCESS_RECOVER", "WAIT_EP_CONFIG_VIP"),
  REJOIN_MASTER_VIP("PROCESS_RECOVER", "MASTER_CONFIG_VIP", true),
  REJOIN_WAIT_MASTER_VIP("PROCESS_RECOVER", "WAIT_MASTER_CONFIG_VIP", true),
  REJOIN_SLAVE_VIP("PROCESS_RECOVER", "SLAVE_CONFIG_VIP", true),
  REJOIN_WAIT_SLAVE_VIP("PROCESS_RECOVER", "WAIT_SLAVE_CONFIG_VIP", true),
  REJOIN_START("PROCESS_RECOVER", "WAIT_STARTUP"),
  REJOIN_REDO("PROCESS_RECOVER", "AFTER_REDO"),
  REJOIN_OPEN("PROCESS_RECOVER", "WAIT_EP_OPEN"),
  /** The older rule of the vendor: the EP that returns takes the control role back. */
  REJOIN_ADJUST("PROCESS_RECOVER", "WAIT_ADJUST_MASTER"),
  REJOIN_RESUME("PROCESS_RECOVER", "WAIT_RESUME_WORKER"),
  REJOIN_REAL_OPEN("PROCESS_RECOVER", "WAIT_REAL_OPEN"),

  /** The EPs test their MAL links; whoever has to go for a broken one is halted (4.4). */
  LINK_CHECK("LINK_CHECK", "WAIT_LINK_CHECK"),
  /** One EP stopped in order while others live; a planned crash handling follows. */
  STOP_EP("STOP", "STOP_EP_CRASH"),
  /** All EPs stop together. */
  SHUTDOWN("SHUTDOWN", "WAIT_SYS_HALT"),
  /** All EPs are halted because handling cannot go on (reference 4.3). */
  HALT("SYS_HALT", "WAIT_SYS_HALT");

  private final String sta;
  private final String sub;
  private final boolean fallsThrough;

  GroupPhase(String sta, String sub) {
    this(sta, sub, false);
  }

  GroupPhase(String sta, String sub, boolean fallsThrough) {
    this.sta = sta;
    this.sub = sub;
    this.fallsThrough = fallsThrough;
  }

  /** sta in dialect A; {@link Wording} knows the others. */
  public String sta() {
    return sta;
  }

  /** sub_sta in dialect A. */
  public String sub() {
    return sub;
  }

  /** Whether it falls through in every dialect. */
  boolean fallsThrough() {
    return fallsThrough;
  }

  boolean starting() {
    return compareTo(START_NOTIFY) >= 0 && compareTo(START_REAL_OPEN) <= 0;
  }

  boolean crashing() {
    return compareTo(CRASH_STEP1) >= 0 && compareTo(ASM_CRASH_RESUME) <= 0 || this == STOP_EP;
  }

  boolean rejoining() {
    return compareTo(REJOIN_SUSPEND) >= 0 && compareTo(REJOIN_REAL_OPEN) <= 0;
  }
}
