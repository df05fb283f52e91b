package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.Term;
import halab.systems.dsc.config.DmdcrCfg;
import halab.systems.dsc.config.DmdcrIni;
import java.util.EnumSet;
import java.util.List;

/**
 * How long each part of a flow takes, as formulas of the configured parameters. The grain is the
 * tick of the control CSS (reference 3.5); a command costs a tick, and two when the phase between
 * the two loops that take part in it is unlucky.
 */
final class DscTerms {
  /** The control CSS works, then sleeps a second (reference 7.2: 1.00 to 1.06 s). */
  static final long TICK_MS = 1_060;

  static final long LEAST_TICK_MS = 1_000;
  static final long EXPECTED_TICK_MS = 1_005;

  /** EP START2 opens a real engine and replays real redo. */
  static final long ENGINE_MS = 10_000;

  /** EP_CRASH_STEP2 reads a real log over the storage network. */
  static final long REDO_MS = 2_000;

  /** A card of this host takes or gives up an address, or a block is settled, between two ticks. */
  static final long ADDRESS_MS = 500;

  /** From the launch of a process to its first heartbeat. */
  static final long BOOT_MS = 8_000;

  private static final long EXPECTED_BOOT_MS = 2_000;

  /** Longest wait for the workers of an EP in ticks: four in the seed, and one to look. */
  private static final int SUSPEND_TICKS = 5;

  private final DcrImage dcr;
  private final LinkTerms links;
  private final Wording words;

  /** DMDCR_CRASH_CHECK_OPT_COUNT; 0: the disk alone decides. */
  private final int optCount;

  /** DMDCR_AUTO_OPEN_CHECK; 0: missing EPs are waited for for ever. */
  private final int autoOpenS;

  /**
   * @param words of the lab's dialect, which also says what steps a crash has
   */
  DscTerms(DcrImage dcr, List<DmdcrIni> nodes, LinkTerms links, Wording words) {
    this.dcr = dcr;
    this.links = links;
    this.words = words;
    this.optCount = nodes.stream().mapToInt(DmdcrIni::crashCheckOptCount).max().orElse(0);
    this.autoOpenS = nodes.stream().mapToInt(DmdcrIni::autoOpenCheckS).max().orElse(0);
  }

  LinkTerms links() {
    return links;
  }

  // ---- finding out ------------------------------------------------------------------------------

  /** Name of a group's part of a flow. */
  static String step(GroupType type, String part) {
    return type + " " + part;
  }

  static Term ticks(String step, int least, int expected, int most, String why) {
    return new Term(
        step, least * LEAST_TICK_MS, expected * EXPECTED_TICK_MS, most * TICK_MS, "", why);
  }

  /** The same, decided by a parameter. */
  static Term named(Term term, String parameter) {
    return new Term(
        term.step(), term.leastMs(), term.expectedMs(), term.mostMs(), parameter, term.why());
  }

  /** The same, with another word on what is waited for. */
  static Term because(Term term, String why) {
    return new Term(
        term.step(), term.leastMs(), term.expectedMs(), term.mostMs(), term.parameter(), why);
  }

  static Term longer(Term term, long moreMs) {
    return new Term(
        term.step(),
        term.leastMs(),
        term.expectedMs(),
        term.mostMs() + moreMs,
        term.parameter(),
        term.why());
  }

  /**
   * What is left of a part for whoever begins to wait in the middle of it.
   *
   * @param passedMs how long ago it began then; below zero: it will begin later
   */
  static Term left(Term term, long passedMs) {
    long least = passedMs > 0 ? Math.max(0, term.leastMs() - passedMs) : term.leastMs() - passedMs;
    return new Term(
        term.step(),
        least,
        Math.max(0, term.expectedMs() - passedMs),
        Math.max(0, term.mostMs() - passedMs),
        term.parameter(),
        term.why());
  }

  /** Begins between two ticks, where an address or a block was settled. */
  private static Term late(Term term) {
    return new Term(
        term.step(),
        Math.max(0, term.leastMs() - ADDRESS_MS),
        term.expectedMs(),
        term.mostMs(),
        term.parameter(),
        term.why());
  }

  int count(GroupType type) {
    return group(type).getDskchkCnt();
  }

  private DcrGroup group(GroupType type) {
    return DmdcrCfg.group(dcr, type);
  }

  int nodes() {
    return group(GroupType.CSS).getNEp();
  }

  /** The group whose disk check count is the largest. */
  GroupType slowest() {
    GroupType slowest = GroupType.CSS;
    for (GroupType type : List.of(GroupType.ASM, GroupType.DB)) {
      slowest = count(type) > count(slowest) ? type : slowest;
    }
    return slowest;
  }

  /** From a fault to the last look at which the judge saw a change. */
  Term heartbeat(GroupType type) {
    return new Term(
        step(type, "heartbeat"),
        -TICK_MS,
        0,
        2 * TICK_MS,
        "",
        "its last heartbeat is seen: it beats once a second, and the judge looks once a second");
  }

  /** The count itself, from the last look that saw a change. */
  Term silence(GroupType type) {
    return ticksOfCount(step(type, "silence"), type, count(type));
  }

  private Term ticksOfCount(String step, GroupType type, int looks) {
    return named(
        ticks(step, looks, looks, looks, "so many looks in a row show the same heartbeat"),
        countOf(type));
  }

  /** The same for people who hold a daemon. */
  String judged(GroupType type) {
    return "within about " + count(type) + " s of lab time: " + countOf(type);
  }

  private String countOf(GroupType type) {
    return "DCR_GRP_DSKCHK_CNT of " + group(type).getName() + " = " + count(type);
  }

  /**
   * The count of a group whose whole node has fallen silent. DMDCR_CRASH_CHECK_OPT_COUNT wants one
   * look more than it says, of all three groups (reference 2.2).
   */
  Term nodeSilence(GroupType type) {
    if (!nodeRule(type)) {
      return silence(type);
    }
    int looks = nodeCount(type);
    return named(
        ticks(
            step(type, "silence"),
            looks,
            looks,
            looks + 1,
            "so many looks and one more show nothing new of the node, nor does the network"),
        "DMDCR_CRASH_CHECK_OPT_COUNT = " + optCount);
  }

  /** Whether the network rule outlasts the disk rule. */
  boolean nodeRule(GroupType type) {
    return nodeCount(type) > count(type);
  }

  private int nodeCount(GroupType type) {
    return optCount == 0 ? count(type) : Math.max(count(type), optCount + 1);
  }

  /**
   * A CSS has lost the link check IP: its own count of beats, a question, the slot, and the looks
   * for which it has to stand; then Kill is read (reference 4.4 item 5).
   */
  Term linkIpSilence() {
    int least = count(GroupType.CSS) + CssLinkIp.STANDING_LOOKS;
    return named(
        ticks(
            step(GroupType.CSS, "link check IP"),
            least,
            least + 2,
            least + 8,
            "it asks with every beat; that another reaches the host stands for a few looks"),
        countOf(GroupType.CSS));
  }

  /** What of a group's count is left when others of the same node were counted and handled. */
  Term silentToo(GroupType type, GroupType counted, long handledMs) {
    long left = (nodeCount(type) - nodeCount(counted)) * EXPECTED_TICK_MS - handledMs;
    return new Term(
        step(type, "silence"),
        0,
        Math.max(0, left),
        Math.max(0, left) + 2 * TICK_MS + nodeCount(type) * (TICK_MS - EXPECTED_TICK_MS),
        countOf(type),
        "silent since the same moment, so its count runs beside");
  }

  /** An EP left a last status; the next look sees it. */
  Term ended(GroupType type, int expectedTicks) {
    return ticks(
        step(type, "ended"), 0, expectedTicks, 2, "it reads Kill, or ends; its last status counts");
  }

  // ---- the control CSS --------------------------------------------------------------------------

  /**
   * The vendor's election takes 5 s (reference 3.1); before it a candidate looks twice whether a
   * control CSS lives.
   */
  Term election() {
    return new Term(
        "CSS ELECTION",
        CssElection.ELECTION_MS,
        5 * EXPECTED_TICK_MS,
        CssElection.ELECTION_MS + 4 * TICK_MS,
        "",
        "the vendor's election: 5 s");
  }

  Term claim() {
    return longer(
        ticks("CSS CLAIM", 1, 1, 1, "the claim is seen on VOTE alone; the fault marks are read"),
        ADDRESS_MS);
  }

  /** A flow stands still while its control CSS is found silent and another one is elected. */
  List<Term> otherControl() {
    return List.of(heartbeat(GroupType.CSS), silence(GroupType.CSS), election(), claim());
  }

  /** First look as control node. */
  Term control() {
    return ticks("CSS CONTROL", 0, 1, 1, "the new control CSS judges the node: Kill to its EPs");
  }

  // ---- coming up --------------------------------------------------------------------------------

  Term boot(GroupType type) {
    return new Term(
        step(type, "boot"), 0, EXPECTED_BOOT_MS, BOOT_MS, "", "launch to first heartbeat");
  }

  Term asks(GroupType type) {
    return ticks(
        step(type, "STARTUP2"), 0, 1, 2, "the control CSS sees that it asks to be started");
  }

  /**
   * The crash over flag is FALSE for a tick or two (reference 3.11): a checkpoint of each EP; ASM
   * has none. The EP that returns is let in once it has heard every OK EP.
   */
  Term gate(GroupType type) {
    int checkpoints = type == GroupType.DB ? 4 : 2;
    return ticks(
        step(type, "gate"),
        0,
        0,
        checkpoints + 1,
        "the crash over flag is TRUE, ASM is OPEN, it reaches all");
  }

  /**
   * A group does one thing at a time; a flow that is alone has nobody to wait for.
   *
   * @param left what was left of what goes first, part by part
   */
  static Term queue(GroupType type, List<Term> left, String why) {
    return new Term(
        step(type, "queue"),
        Term.sum(left, Term::leastMs),
        Term.sum(left, Term::expectedMs),
        Term.sum(left, Term::mostMs),
        "",
        why);
  }

  /** A step that cannot go on before what goes first is over; its own work is done beside. */
  static Term beside(Term term, Term queue) {
    return new Term(
        term.step(),
        Math.max(term.leastMs(), queue.leastMs()),
        Math.max(term.expectedMs(), queue.expectedMs()),
        Math.max(term.mostMs(), queue.mostMs()),
        term.parameter(),
        term.why());
  }

  // ---- steps ------------------------------------------------------------------------------------

  /** Steps of a crash handling in their order, without those of a second fault. */
  static List<GroupPhase> crash(GroupType type) {
    return type == GroupType.ASM
        ? steps(GroupPhase.ASM_CRASH_SUSPEND, GroupPhase.ASM_CRASH_RESUME)
        : steps(GroupPhase.CRASH_STEP1, GroupPhase.CRASH_WAIT_EP_VIP);
  }

  /**
   * Steps of a rejoin in their order; ASM has no addresses and no redo (reference 3.9). Where the
   * older rule is on, that of an EP which takes the control role back.
   */
  List<GroupPhase> rejoin(GroupType type) {
    return steps(GroupPhase.REJOIN_SUSPEND, GroupPhase.REJOIN_REAL_OPEN).stream()
        .filter(p -> type == GroupType.DB || !ofDbAlone(p))
        .filter(p -> p != GroupPhase.REJOIN_ADJUST || words.adjustsMaster())
        .toList();
  }

  /** Steps of a start in their order (reference 3.11). */
  static List<GroupPhase> start(GroupType type) {
    return steps(GroupPhase.STARTUP, GroupPhase.START_REAL_OPEN).stream()
        .filter(p -> p == GroupPhase.STARTUP || p.starting())
        .filter(p -> type == GroupType.DB || !ofDbAlone(p))
        .toList();
  }

  private static List<GroupPhase> steps(GroupPhase first, GroupPhase last) {
    return List.copyOf(EnumSet.range(first, last));
  }

  private static boolean ofDbAlone(GroupPhase phase) {
    return switch (phase) {
      case START_LOAD, START2_CONTROL, START2_NORMAL, REJOIN_REDO -> true;
      default -> phase.name().endsWith("_VIP");
    };
  }

  List<Term> all(GroupType type, List<GroupPhase> steps) {
    return steps.stream().map(p -> phase(type, p)).toList();
  }

  /** How long a group stays in a step; a step that waits for nobody takes no time at all. */
  Term phase(GroupType type, GroupPhase phase) {
    String step = step(type, words.part(phase));
    if (phase.rejoining()) {
      return rejoinStep(step, phase);
    }
    if (phase == GroupPhase.LINK_CHECK) {
      return links.verdict(type);
    }
    if (type == GroupType.DB && phase.crashing() && words.crashFirst() == Cmd.CMD_EP_CRASH) {
      return crashInOne(step, phase);
    }
    return phase.crashing() || phase == GroupPhase.HALT || phase == GroupPhase.SHUTDOWN
        ? endStep(type, step, phase)
        : startStep(type, step, phase);
  }

  /** B and C: one EP_CRASH does it all, CMD CLEAR follows, and the addresses cost no tick (3.6). */
  private Term crashInOne(String step, GroupPhase phase) {
    return switch (phase) {
      case CRASH_WAIT_STEP1 -> longer(ticks(step, 1, 2, 3, "freeze, redo and roll back"), REDO_MS);
      case CRASH_WAIT_STEP2 -> command(step, "the control EP forgets the handling");
      case CRASH_SLAVE_VIP, CRASH_MASTER_VIP ->
          longer(ticks(step, 0, 0, 0, "an address goes down, another comes up"), ADDRESS_MS);
      case CRASH_WAIT_EP_VIP -> late(endStep(GroupType.DB, step, phase));
      default ->
          words.fallsThrough(phase)
              ? ticks(step, 0, 0, 0, "falls through")
              : endStep(GroupType.DB, step, phase);
    };
  }

  private Term endStep(GroupType type, String step, GroupPhase phase) {
    return switch (phase) {
      case CRASH_STEP1, ASM_CRASH_SUSPEND ->
          ticks(step, 1, 1, 2, "Kill and fault mark are durable; the control EP is chosen");
      case CRASH_WAIT_STEP1 -> command(step, "survivors freeze and rebuild");
      case CRASH_WAIT_STEP2 -> longer(ticks(step, 1, 2, 3, "redo and roll back"), REDO_MS);
      case CRASH_SLAVE_VIP ->
          longer(ticks(step, 1, 1, 1, "the broken node's address goes down"), ADDRESS_MS);
      case CRASH_MASTER_VIP ->
          longer(ticks(step, 1, 1, 1, "the address comes up elsewhere"), ADDRESS_MS);
      case CRASH_WAIT_SLAVE_VIP, CRASH_WAIT_MASTER_VIP ->
          late(ticks(step, 1, 1, 1, "not waited for"));
      case CRASH_STEP2, CRASH_EP_VIP -> ticks(step, 1, 1, 1, "the next tick");
      case CRASH_WAIT_EP_VIP -> command(step, "the control EP listens on the address");
      case CRASH_WAIT_ROLLBACK -> command(step, "survivors go back to before the handling");
      case ASM_CRASH_WAIT_SUSPEND -> ticks(step, 1, 1, SUSPEND_TICKS, "running work ends");
      case ASM_CRASH_RECV -> ticks(step, 1, 1, 3, "the node's dmserver is halted; recovery");
      case ASM_CRASH_RESUME -> command(step, "workers go on");
      case HALT ->
          ticks(step, 0, 1, 2 + count(type), "all EPs read Kill and end, or are silent too long");
      case SHUTDOWN -> longer(command(step, "all EPs stop"), type == GroupType.DB ? 10_000 : 5_000);
      default -> ticks(step, 1, 1, 2, "the next tick"); // CRASH_ROLLBACK, STOP_EP
    };
  }

  private static Term rejoinStep(String step, GroupPhase phase) {
    return switch (phase) {
      case REJOIN_WAIT_SUSPEND ->
          ticks(step, 2, 2, 2 + SUSPEND_TICKS, "START NOTIFY; then running work ends");
      case REJOIN_DCR_LOAD -> late(command(step, "all load the DCR without the fault mark"));
      case REJOIN_ERROR_EP_ADD -> command(step, "all take the EP in again");
      case REJOIN_RECOVER -> command(step, "the control EP recovers it");
      case REJOIN_WAIT_EP_VIP -> command(step, "the control EP listens on the address no more");
      case REJOIN_START -> late(command(step, "it starts"));
      case REJOIN_REDO -> longer(ticks(step, 1, 2, 3, "it opens its engine; redo"), ENGINE_MS);
      case REJOIN_OPEN -> command(step, "it opens inside");
      case REJOIN_ADJUST -> command(step, "it takes the control role back, if its seqno is lower");
      case REJOIN_RESUME -> command(step, "the others' workers go on");
      case REJOIN_REAL_OPEN -> command(step, "it opens for users");
      case REJOIN_MASTER_VIP -> longer(ticks(step, 0, 0, 0, "the address goes down"), ADDRESS_MS);
      case REJOIN_SLAVE_VIP -> longer(ticks(step, 0, 0, 0, "its own address comes up"), ADDRESS_MS);
      default -> ticks(step, 0, 0, 0, "falls through");
    };
  }

  private Term startStep(GroupType type, String step, GroupPhase phase) {
    boolean db = type == GroupType.DB;
    return switch (phase) {
      case STARTUP ->
          ticks(step, 0, db ? 1 : 2, db ? 4 : 3, "fault marks are read; one look for the others");
      case START_NOTIFY -> command(step, "the control EP is told");
      case START_LOAD -> command(step, "all load the DCR");
      case START_CONTROL -> command(step, "the control EP starts");
      case START_NORMAL -> normals(ticks(step, 1, 2, 3, "the normal EPs are there, and start"));
      case START2_CONTROL ->
          longer(ticks(step, 1, 2, 3, "the control EP opens its engine; redo"), ENGINE_MS);
      case START2_NORMAL ->
          longer(ticks(step, 1, 2, 3, "the normal EPs open their engines; redo"), ENGINE_MS);
      case START_OPEN -> command(step, "all open inside");
      default -> command(step, "all open for users"); // START_REAL_OPEN
    };
  }

  /** Whoever is missing is waited for until the parameter makes it ERROR (reference 2.2). */
  private Term normals(Term term) {
    return autoOpenS == 0
        ? term
        : named(longer(term, autoOpenS * 1000L), "DMDCR_AUTO_OPEN_CHECK = " + autoOpenS);
  }

  private static Term command(String step, String why) {
    return ticks(step, 1, 1, 2, why);
  }
}
