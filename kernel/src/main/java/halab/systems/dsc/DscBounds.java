package halab.systems.dsc;

import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupType;
import halab.systems.LabPlan;
import halab.systems.dsc.config.DmdcrIni;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long things take at most, as formulae of the configured parameters; every term has its reason
 * beside it. Tests, the simulator and {@code halab up --timing} use the same formulae.
 */
public final class DscBounds {
  /** One turn of a main loop: "work, then sleep 1 s", the work being a look at a healthy disk. */
  static final long TICK_MS = 1100;

  /** A command: the target notices it within a tick, the CSS its answer with its next. */
  static final long COMMAND_MS = 2 * TICK_MS;

  /** A launched process reads DCR and slot before it beats. */
  static final long BOOT_MS = 5000;

  private final int nodes;
  private final long cssMs;
  private final long asmMs;
  private final long dbMs;
  private final long restartMs;
  private final Map<String, Long> bounds = new TreeMap<>();

  private DscBounds(int nodes, long cssMs, long asmMs, long dbMs, long restartMs) {
    this.nodes = nodes;
    this.cssMs = cssMs;
    this.asmMs = asmMs;
    this.dbMs = dbMs;
    this.restartMs = restartMs;
    bounds.put("election", election());
    bounds.put("start", start());
    bounds.put("detect", dbMs + 2 * TICK_MS);
    bounds.put("crash", crash());
    bounds.put("rejoin", rejoin());
    bounds.put("asm-crash", asmCrash());
    bounds.put("asm-rejoin", asmRejoin());
    bounds.put("css-death", cssDeath());
    bounds.put("stop", stop());
    bounds.put("restart", restart());
    bounds.put("vote-loss", Math.max(cssMs, Math.max(asmMs, dbMs)) + 3 * EpSeat.ASK_AGAIN_MS);
    bounds.put("heal", heal());
  }

  /** Bounds of a lab, from the dmdcr_cfg.ini and dmdcr.ini of its plan. */
  public static DscBounds of(LabPlan plan) {
    long[] counts = new long[VoteLayout.GROUPS];
    int nodes = 0;
    for (LabPlan.DiskPlan disk : plan.disks()) {
      for (var block : disk.blocks().values()) {
        if (block instanceof DcrGroup group) {
          counts[VoteLayout.seq(group.getType())] = group.getDskchkCnt();
          nodes = group.getType() == GroupType.CSS ? group.getNEp() : nodes;
        }
      }
    }
    long restartS = 0;
    for (LabPlan.HostPlan host : plan.hosts()) {
      if (host.files().containsKey(DmdcrIni.FILE)) {
        DmdcrIni ini = DmdcrIni.read(host.files());
        restartS = Math.max(restartS, ini.asmRestartIntervalS());
        restartS = Math.max(restartS, ini.dbRestartIntervalS());
      }
    }
    return new DscBounds(
        nodes, counts[0] * TICK_MS, counts[1] * TICK_MS, counts[2] * TICK_MS, restartS * 1000);
  }

  /**
   * One bound in milliseconds of lab time.
   *
   * @throws IllegalArgumentException for an unknown name; the message lists the known ones
   */
  public long ms(String what) {
    Long bound = bounds.get(what);
    if (bound == null) {
      throw new IllegalArgumentException(
          "no bound '" + what + "'; known: " + String.join(", ", bounds.keySet()));
    }
    return bound;
  }

  /** All bounds by name. */
  public Map<String, Long> all() {
    return new TreeMap<>(bounds);
  }

  private long election() {
    return 2 * TICK_MS // see whether a control CSS lives: one look to learn, one to see change
        + CssElection.ELECTION_MS // the election itself
        + 2 * TICK_MS // the claim is written, then seen
        + TICK_MS; // the DCR is read for fault marks
  }

  private long start() {
    return election()
        + 2 * TICK_MS // first ASM EP seen; control EP chosen one look later
        + 3 * COMMAND_MS // START NOTIFY, DCR_LOAD, EP START to the control EP
        + TICK_MS // then the normal EPs' turn
        + 3 * COMMAND_MS // EP START, EP OPEN, EP REAL OPEN to all
        + 3 * TICK_MS // DB EPs hear of it and ask to be started; seen; control EP chosen
        + 3 * COMMAND_MS // START NOTIFY, DCR_LOAD, EP START to the control EP
        + TICK_MS // then the normal EPs' turn
        + 5 * COMMAND_MS; // EP START, EP START2 twice, EP OPEN, EP REAL OPEN
  }

  private long crash() {
    return dbMs // DCR_GRP_DSKCHK_CNT of the DB group
        + Math.max(0, asmMs - dbMs) // ASM is judged first if its EP fell silent too
        + 2 * TICK_MS // Kill and fault mark are durable
        + 3 * COMMAND_MS // EP_CRASH_STEP1, EP_CRASH_STEP2, CONFIG VIP to the control EP
        + EpJobs.ASK_AGAIN_MS // a survivor's answer over MAL may need a second question
        + 6 * TICK_MS; // one tick a step in between
  }

  private long rejoin() {
    return BOOT_MS // the process starts
        + 2 * TICK_MS // asks to be started; is seen
        + 11 * COMMAND_MS // START NOTIFY ... EP REAL OPEN, reference 3.8
        + 2 * TICK_MS; // fault mark taken out; the last handling is over for good
  }

  private long asmCrash() {
    return asmMs // DCR_GRP_DSKCHK_CNT of the ASM group
        + 2 * TICK_MS // Kill and fault mark are durable
        + 3 * COMMAND_MS // SUSPEND, EP_CRASH, RESUME
        + crash(); // then the DB EP of the node
  }

  private long asmRejoin() {
    return BOOT_MS + 4 * TICK_MS + 9 * COMMAND_MS;
  }

  private long cssDeath() {
    return cssMs // DCR_GRP_DSKCHK_CNT of the CSS group
        + election() // nobody supervises meanwhile
        + 2 * TICK_MS // Kill to ASM and DB of the node is read
        + asmCrash(); // both are handled
  }

  private long stop() {
    return 2 * COMMAND_MS // EP STOP; SHUTDOWN is seen
        + 4 * TICK_MS; // the last status is written, the process ends
  }

  private long restart() {
    return restartMs + TICK_MS + BOOT_MS;
  }

  /** Whatever went on: judge all, elect, handle, halt if need be, start again, all rejoin. */
  private long heal() {
    long judged = Math.max(cssMs, Math.max(asmMs, dbMs));
    return judged
        + cssDeath()
        + judged // a halt of all waits for silent EPs
        + 2 * restart() // ASM, then DB
        + start()
        + nodes * (asmRejoin() + rejoin());
  }
}
