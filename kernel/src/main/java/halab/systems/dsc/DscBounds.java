package halab.systems.dsc;

import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.LabPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dsc.config.DmdcrCfg;
import halab.systems.dsc.config.DmdcrIni;
import halab.systems.dsc.config.MalIni;
import halab.systems.dsc.config.Problems;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * How long each flow may take, as formulas of the configured parameters in milliseconds of lab
 * time. A flow is a chain of ticks of the control CSS (reference 3.5) and of commands; the bounds
 * grant every command the unlucky phase between the two loops that take part in it.
 */
public final class DscBounds {
  /** The control CSS works, then sleeps a second (reference 7.2: 1.00 to 1.06 s). */
  static final long TICK_MS = 1_060;

  /** Up to a tick until the target looks, up to a tick until the CSS sees its answer. */
  static final long COMMAND_MS = 2 * TICK_MS;

  /** SUSPEND EP WORKER THREAD waits for running work: four ticks in the seed, and one to look. */
  static final long SUSPEND_MS = 5 * TICK_MS;

  /** Redo and roll back of one EP: EP_CRASH_STEP2 and EP START2 take one tick more in the seed. */
  static final long RECOVERY_MS = COMMAND_MS + TICK_MS;

  /** EP START2 opens a real engine and replays real redo. */
  static final long ENGINE_MS = 10_000;

  /** EP_CRASH_STEP2 reads a real log over the storage network. */
  static final long REDO_MS = 2_000;

  /**
   * The vendor's election takes 5 s (reference 3.1); before it a candidate looks twice whether a
   * control CSS lives, after it the claim is written, seen, and the fault marks are read.
   */
  static final long ELECTION_MS = CssElection.ELECTION_MS + 5 * TICK_MS;

  /** From the launch of a process to its first heartbeat. */
  static final long BOOT_MS = 8_000;

  /** The crash over flag is FALSE for a tick or two (reference 3.11): a checkpoint of each EP. */
  static final long CRASH_OVER_MS = 4 * TICK_MS;

  private static final Map<String, ToLongFunction<DscBounds>> KNOWN = new TreeMap<>();

  static {
    KNOWN.put("election", b -> ELECTION_MS);
    KNOWN.put("detect", b -> b.detectionMs(GroupType.DB));
    KNOWN.put("vote-loss", DscBounds::voteLossMs);
    KNOWN.put("asm-rejoin", DscBounds::asmRejoinMs);
    KNOWN.put("link-detect", DscBounds::linkDetectionMs);
    KNOWN.put("link-check", DscBounds::linkCheckMs);
    KNOWN.put("open", DscBounds::openMs);
    KNOWN.put("start", DscBounds::startMs);
    KNOWN.put("crash", DscBounds::crashMs);
    KNOWN.put("rejoin", DscBounds::rejoinMs);
    KNOWN.put("asm-crash", DscBounds::asmCrashMs);
    KNOWN.put("css-death", DscBounds::cssDeathMs);
    KNOWN.put("stop", DscBounds::stopMs);
    KNOWN.put("restart", DscBounds::restartMs);
    KNOWN.put("heal", DscBounds::healMs);
  }

  private final DcrImage dcr;
  private final long asmIntervalMs;
  private final long dbIntervalMs;
  private final long malIntervalMs;
  private final long malFailMs;
  private final long optCount;

  private DscBounds(DcrImage dcr, List<DmdcrIni> nodes, List<MalIni> mals) {
    this.dcr = dcr;
    this.asmIntervalMs =
        1000L * nodes.stream().mapToInt(DmdcrIni::asmRestartIntervalS).max().orElse(0);
    this.dbIntervalMs =
        1000L * nodes.stream().mapToInt(DmdcrIni::dbRestartIntervalS).max().orElse(0);
    this.malIntervalMs = 1000L * mals.stream().mapToInt(MalIni::checkIntervalS).max().orElse(0);
    this.malFailMs = 1000L * mals.stream().mapToInt(MalIni::connFailIntervalS).max().orElse(0);
    this.optCount = nodes.stream().mapToInt(DmdcrIni::crashCheckOptCount).max().orElse(0);
  }

  /**
   * The bound of this name for a plan whose files are right.
   *
   * @throws IllegalArgumentException for an unknown name, listing the known ones
   * @throws halab.systems.ConfigException if the plan's files cannot be read
   */
  public static long boundMs(String what, LabPlan plan) {
    ToLongFunction<DscBounds> formula = KNOWN.get(what);
    if (formula == null) {
      throw new IllegalArgumentException(
          "no bound '" + what + "'; known: " + String.join(", ", KNOWN.keySet()));
    }
    return formula.applyAsLong(of(plan));
  }

  private static DscBounds of(LabPlan plan) {
    Problems problems = new Problems();
    HostPlan first =
        plan.hosts().stream()
            .filter(h -> h.files().containsKey(DmdcrCfg.FILE))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no host has " + DmdcrCfg.FILE));
    DcrImage dcr = DmdcrCfg.read(DmdcrCfg.FILE, first.files().get(DmdcrCfg.FILE), problems);
    problems.throwIfAny();
    List<HostPlan> hosts =
        plan.hosts().stream().filter(h -> h.files().containsKey(DmdcrIni.FILE)).toList();
    List<DmdcrIni> nodes = hosts.stream().map(h -> DmdcrIni.read(h.files())).toList();
    List<MalIni> mals =
        hosts.stream()
            .flatMap(h -> Stream.of(MalIni.ASM_FILE, MalIni.DB_FILE).map(f -> mal(h, f)))
            .toList();
    return new DscBounds(dcr, nodes, mals);
  }

  private static MalIni mal(HostPlan host, String file) {
    return MalIni.read(host.files(), file);
  }

  /** A whole node that falls silent may take one look more than DMDCR_CRASH_CHECK_OPT_COUNT. */
  private long countMs(GroupType type) {
    DcrGroup group = DmdcrCfg.group(dcr, type);
    long optional = optCount == 0 ? 0 : optCount + 1;
    return Math.max(group.getDskchkCnt(), optional) * 1000L;
  }

  private long longestCountMs() {
    return Math.max(
        countMs(GroupType.CSS), Math.max(countMs(GroupType.ASM), countMs(GroupType.DB)));
  }

  private int nodes() {
    return DmdcrCfg.group(dcr, GroupType.CSS).getNEp();
  }

  /** DCR_GRP_DSKCHK_CNT of a group, from the tick that saw the last ts to the tick that judges. */
  private long detectionMs(GroupType type) {
    return countMs(type) + 2 * TICK_MS;
  }

  /** From the first heartbeat of every daemon to all groups OPEN (reference 3.11). */
  private long openMs() {
    return ELECTION_MS + asmStartMs() + dbStartMs();
  }

  private long asmStartMs() {
    return 2 * TICK_MS // the first EP asks; one more look for the others
        + COMMAND_MS // START NOTIFY
        + COMMAND_MS // EP START, control EP
        + COMMAND_MS // EP START, normal EPs
        + COMMAND_MS // EP OPEN
        + COMMAND_MS // EP REAL OPEN
        + TICK_MS; // the step in which the normal EPs are waited for
  }

  private long dbStartMs() {
    return asmStartMs() // the same commands
        + COMMAND_MS // DCR_LOAD
        + TICK_MS // sees that ASM is OPEN
        + RECOVERY_MS // EP START2, control EP: redo
        + ENGINE_MS
        + RECOVERY_MS // EP START2, normal EPs
        + ENGINE_MS
        + CRASH_OVER_MS;
  }

  /** From the launch of every daemon of the lab to all groups OPEN. */
  private long startMs() {
    return BOOT_MS + openMs();
  }

  /** From the death of a DB EP to the group OPEN without it (reference 3.6). */
  private long crashMs() {
    return detectionMs(GroupType.DB) + dbHandlingMs();
  }

  private long dbHandlingMs() {
    return 2 * TICK_MS // Kill and fault mark are durable; the control EP is chosen
        + COMMAND_MS // EP_CRASH_STEP1: survivors freeze and rebuild
        + TICK_MS
        + RECOVERY_MS // EP_CRASH_STEP2: redo, roll back
        + REDO_MS
        + TICK_MS // SLAVE_CONFIG_VIP
        + TICK_MS // WAIT_SLAVE_CONFIG_VIP
        + TICK_MS // MASTER_CONFIG_VIP
        + TICK_MS // WAIT_MASTER_CONFIG_VIP
        + TICK_MS // EP_CONFIG_VIP
        + COMMAND_MS; // CONFIG VIP to the control EP
  }

  /** From the launch of a DB EP to its being OPEN in its group (reference 3.8). */
  private long rejoinMs() {
    return BOOT_MS
        + CRASH_OVER_MS // the gate
        + TICK_MS // the one that returns has heard every OK EP
        + TICK_MS // sees STARTUP2
        + COMMAND_MS // START NOTIFY
        + SUSPEND_MS
        + COMMAND_MS // DCR_LOAD
        + COMMAND_MS // ERROR EP ADD
        + COMMAND_MS // EP RECV
        + COMMAND_MS // CONFIG VIP; MASTER and SLAVE fall through
        + COMMAND_MS // EP START
        + RECOVERY_MS // EP START2
        + ENGINE_MS
        + COMMAND_MS // EP OPEN
        + COMMAND_MS // RESUME EP WORKER THREAD
        + COMMAND_MS; // EP REAL OPEN
  }

  private long asmRejoinMs() {
    // Without VIP and START2 (reference 3.9).
    return rejoinMs() - COMMAND_MS - RECOVERY_MS - ENGINE_MS;
  }

  /**
   * From the death of a dmasmsvr until both its group and the DB group are OPEN without the node.
   */
  private long asmCrashMs() {
    // If the node is gone altogether, the DB group's own count runs beside the ASM group's.
    return Math.max(detectionMs(GroupType.ASM), detectionMs(GroupType.DB))
        + asmHandlingMs()
        + dbHandlingMs();
  }

  private long asmHandlingMs() {
    return 2 * TICK_MS // Kill and fault mark are durable
        + SUSPEND_MS
        + RECOVERY_MS // the dmserver of the node is halted; EP_CRASH
        + COMMAND_MS; // RESUME EP WORKER THREAD
  }

  /** From the loss of a MAL link to the CSS's hearing of it (reference 2.3). */
  private long linkDetectionMs() {
    return malIntervalMs // the link is asked
        + malFailMs // and gives no answer
        + 2 * TICK_MS // beats that count both
        + 2 * TICK_MS // the slot with the report, and the look at it
        + GroupLinks.STANDS_LOOKS * TICK_MS; // a report stands before it is acted on
  }

  /** LINK_CHECK to an EP that has to find out by itself, and the end of who has to go (4.4). */
  private long linkVerdictMs() {
    return COMMAND_MS
        + malFailMs
        + 2 * TICK_MS // beats that count it
        + EpJobs.ASK_AGAIN_MS // the link check IP is asked once more
        + COMMAND_MS; // Kill is read, SYSHALT is seen
  }

  /**
   * From the loss of the private network between EPs until ASM and DB are OPEN without the losers.
   * DB waits where ASM is at it.
   */
  private long linkCheckMs() {
    return linkDetectionMs() + linkVerdictMs() + asmHandlingMs() + linkVerdictMs() + dbHandlingMs();
  }

  /** From the loss of the VOTE disk to the end of every process (reference 4.5). */
  private long voteLossMs() {
    return longestCountMs() + 2 * EpSeat.ASK_AGAIN_MS;
  }

  /** From the death of the control CSS until ASM and DB are OPEN without its node (3.10). */
  private long cssDeathMs() {
    return longestCountMs()
        + 2 * TICK_MS
        + ELECTION_MS
        + TICK_MS // its node's ASM and DB EPs are halted, and seen to have ended
        + TICK_MS
        + asmHandlingMs()
        + dbHandlingMs();
  }

  /** Orderly stop of DB, then ASM, through a monitor (reference 3.12: up to 10 s and about 5 s). */
  private long stopMs() {
    return 10_000 + 5_000 + 2 * COMMAND_MS;
  }

  /** From the death of a DB EP to its return by its CSS's automatic restart. */
  private long restartMs() {
    return crashMs() // `active` turns FALSE at its beginning, so the interval runs beside it
        + dbIntervalMs
        + rejoinMs();
  }

  /**
   * From the end of all faults, all hosts and disks being back, to every EP OPEN. The longest way:
   * the control CSS has just died, both handlings follow, a group is halted by a second fault
   * (4.3), each layer is brought back by automatic restart, and the nodes rejoin one at a time.
   */
  private long healMs() {
    long others = nodes() - 1L;
    return BOOT_MS
        + cssDeathMs()
        + longestCountMs()
        + asmIntervalMs
        + BOOT_MS
        + asmStartMs()
        + dbIntervalMs
        + BOOT_MS
        + dbStartMs()
        + others * (asmRejoinMs() + rejoinMs());
  }
}
