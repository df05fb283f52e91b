package halab.systems.dsc;

import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.Flow;
import halab.systems.LabPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.Term;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import halab.systems.dsc.config.DmdcrCfg;
import halab.systems.dsc.config.DmdcrIni;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long each flow takes, as a chain of {@link DscTerms}. A prediction is the sum of what each
 * term is expected to take, a bound the sum of what it may take at most: they cannot disagree.
 */
public final class DscBounds {
  private final DscTerms terms;
  private final long asmIntervalMs;
  private final long dbIntervalMs;

  private DscBounds(DscTerms terms, List<DmdcrIni> nodes) {
    this.terms = terms;
    this.asmIntervalMs =
        1000L * nodes.stream().mapToInt(DmdcrIni::asmRestartIntervalS).max().orElse(0);
    this.dbIntervalMs =
        1000L * nodes.stream().mapToInt(DmdcrIni::dbRestartIntervalS).max().orElse(0);
  }

  /**
   * The bound of this name for a plan whose files are right.
   *
   * @throws IllegalArgumentException for an unknown name, listing the known ones
   * @throws halab.systems.ConfigException if the plan's files cannot be read
   */
  public static long boundMs(String what, LabPlan plan) {
    List<Flow> flows = flows(plan);
    return flows.stream()
        .filter(f -> f.name().equals(what))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no bound '"
                        + what
                        + "'; known: "
                        + String.join(", ", flows.stream().map(Flow::name).sorted().toList())))
        .boundMs();
  }

  /**
   * Every flow with its terms for a plan whose files are right.
   *
   * @throws halab.systems.ConfigException if the plan's files cannot be read
   */
  public static List<Flow> flows(LabPlan plan) {
    List<DmdcrIni> nodes = nodes(plan);
    DscBounds b = new DscBounds(terms(plan, nodes), nodes);
    return List.of(
        new Flow("crash", "a DB EP dies, control or normal: until its group is OPEN", b.crash()),
        new Flow(
            "asm-crash", "an ASM server dies: until ASM and DB are OPEN without it", b.asmCrash()),
        new Flow(
            "css-death", "the control CSS dies: until ASM and DB are OPEN", b.controlCssDeath()),
        new Flow(
            "normal-css-death", "another CSS dies: until ASM and DB are OPEN", b.normalCssDeath()),
        new Flow(
            "poweroff",
            "another node than the control CSS's goes off: until ASM and DB are OPEN",
            b.powerOff()),
        new Flow(
            "poweroff-control",
            "the control CSS's node goes off: until ASM and DB are OPEN",
            b.powerOffControl()),
        new Flow(
            "link-check",
            b.cut() + ": until ASM and DB are OPEN without the losers",
            b.linkCheck()),
        new Flow(
            "link-check-css",
            "another CSS than the control CSS loses the link check IP: until ASM and DB are OPEN",
            chain(List.of(b.terms.linkIpSilence()), b.halted())),
        new Flow("rejoin", "a DB EP is launched: until it is OPEN in its group", b.rejoin()),
        new Flow("asm-rejoin", "an ASM server is launched: until it is OPEN", b.asmRejoin()),
        b.restart(),
        new Flow("open", "all daemons beat: until all groups are OPEN", b.open()),
        new Flow("start", "all daemons are launched: until all groups are OPEN", b.start()),
        new Flow("stop", "a monitor stops DB, then ASM", b.stop()),
        new Flow("detect", "a DB EP dies: until the control CSS says so", b.detect(GroupType.DB)),
        new Flow(
            "link-detect",
            b.cut() + ": until LINK_CHECK",
            List.of(b.terms.links().silence(GroupType.DB))),
        new Flow("election", "a CSS stands: until it is control node", b.election()),
        new Flow("vote-loss", "VOTE is out of reach: until every process has ended", b.voteLoss()),
        new Flow(
            "heal", "all faults are over, everything is on: until every EP is OPEN", b.heal()));
  }

  /** When a role that writes no heartbeat any more is judged; null: it writes none. */
  static String judged(LabPlan plan, String role) {
    GroupType type =
        switch (role) {
          case "dmcss" -> GroupType.CSS;
          case "dmasmsvr" -> GroupType.ASM;
          case "dmserver" -> GroupType.DB;
          default -> null;
        };
    return type == null ? null : terms(plan).judged(type);
  }

  static DcrImage dcr(LabPlan plan) {
    Problems problems = new Problems();
    HostPlan first =
        plan.hosts().stream()
            .filter(h -> h.files().containsKey(DmdcrCfg.FILE))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no host has " + DmdcrCfg.FILE));
    DcrImage dcr = DmdcrCfg.read(DmdcrCfg.FILE, first.files().get(DmdcrCfg.FILE), problems);
    problems.throwIfAny();
    return dcr;
  }

  private static List<DmdcrIni> nodes(LabPlan plan) {
    return daemonHosts(plan).stream().map(h -> DmdcrIni.read(h.files())).toList();
  }

  private static List<HostPlan> daemonHosts(LabPlan plan) {
    return plan.hosts().stream().filter(h -> h.files().containsKey(DmdcrIni.FILE)).toList();
  }

  private static MalIni mal(HostPlan host, String file) {
    return MalIni.read(host.files(), file);
  }

  /** The terms of a plan, for those who measure. */
  static DscTerms terms(LabPlan plan) {
    return terms(plan, nodes(plan));
  }

  private static DscTerms terms(LabPlan plan, List<DmdcrIni> nodes) {
    List<MalIni> mals =
        daemonHosts(plan).stream()
            .flatMap(h -> Stream.of(MalIni.ASM_FILE, MalIni.DB_FILE).map(f -> mal(h, f)))
            .toList();
    Wording words = Wording.of(plan.dialects());
    return new DscTerms(dcr(plan), nodes, LinkTerms.of(mals), words);
  }

  @SafeVarargs
  private static List<Term> chain(List<Term>... parts) {
    List<Term> all = new ArrayList<>();
    for (List<Term> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private static long expectedMs(List<Term> terms) {
    return Term.sum(terms, Term::expectedMs);
  }

  // ---- faults -----------------------------------------------------------------------------------

  /** DCR_GRP_DSKCHK_CNT of a group, from the fault to the look that judges (reference 4.1). */
  private List<Term> detect(GroupType type) {
    return List.of(terms.heartbeat(type), terms.silence(type));
  }

  private List<Term> handling(GroupType type) {
    return terms.all(type, DscTerms.crash(type));
  }

  /** Reference 3.6, 3.7. */
  private List<Term> crash() {
    return chain(detect(GroupType.DB), handling(GroupType.DB));
  }

  /** Reference 3.9: the dmserver of the node ends with its ASM server, or is halted. */
  private List<Term> asmCrash() {
    return chain(
        detect(GroupType.ASM),
        handling(GroupType.ASM),
        List.of(terms.ended(GroupType.DB, 0)),
        handling(GroupType.DB));
  }

  private List<Term> election() {
    return List.of(terms.election(), terms.claim());
  }

  /** Its node's ASM and DB EPs are halted, and seen to have ended (reference 3.10). */
  private List<Term> halted() {
    return chain(
        List.of(terms.ended(GroupType.ASM, 1)),
        handling(GroupType.ASM),
        List.of(terms.ended(GroupType.DB, 0)),
        handling(GroupType.DB));
  }

  private List<Term> normalCssDeath() {
    return chain(detect(GroupType.CSS), halted());
  }

  private List<Term> controlCssDeath() {
    return chain(detect(GroupType.CSS), election(), List.of(terms.control()), halted());
  }

  /** The counts of all three groups run beside each other; ASM is handled before DB (4.1). */
  private List<Term> silentNode(List<Term> before) {
    long handledMs = expectedMs(handling(GroupType.ASM));
    return chain(
        List.of(terms.silentToo(GroupType.ASM, GroupType.CSS, expectedMs(before))),
        handling(GroupType.ASM),
        List.of(terms.silentToo(GroupType.DB, GroupType.CSS, expectedMs(before) + handledMs)),
        handling(GroupType.DB));
  }

  private List<Term> powerOff() {
    return chain(detectNode(), silentNode(List.of()));
  }

  private List<Term> powerOffControl() {
    List<Term> elected = chain(election(), List.of(terms.control()));
    return chain(detectNode(), elected, silentNode(elected));
  }

  private List<Term> detectNode() {
    return List.of(terms.heartbeat(GroupType.CSS), terms.nodeSilence(GroupType.CSS));
  }

  /** DB waits where ASM is at it (reference 4.4). */
  private List<Term> linkCheck() {
    return chain(
        List.of(terms.links().silence(GroupType.ASM), terms.links().verdict(GroupType.ASM)),
        handling(GroupType.ASM),
        List.of(terms.links().followed()),
        handling(GroupType.DB));
  }

  private String cut() {
    return terms.links().asksIdle()
        ? "the network between EPs is cut"
        : "a request meets the cut network between EPs";
  }

  /** Every process gives up when it could not read its area for the count (reference 4.5). */
  private List<Term> voteLoss() {
    Term silence = terms.silence(terms.slowest());
    return List.of(
        silence,
        new Term("VOTE", 0, EpSeat.ASK_AGAIN_MS, 2 * EpSeat.ASK_AGAIN_MS, "", "the last question"));
  }

  // ---- coming up --------------------------------------------------------------------------------

  /** From the first heartbeat of every daemon to all groups OPEN (reference 3.11). */
  private List<Term> open() {
    return chain(election(), starting(GroupType.ASM), starting(GroupType.DB));
  }

  private List<Term> starting(GroupType type) {
    return terms.all(type, DscTerms.start(type));
  }

  private List<Term> start() {
    return chain(List.of(terms.boot(GroupType.CSS)), open());
  }

  private List<Term> rejoining(GroupType type) {
    return chain(
        List.of(terms.boot(type), terms.asks(type), terms.gate(type)),
        terms.all(type, terms.rejoin(type)));
  }

  /** Reference 3.8. */
  private List<Term> rejoin() {
    return rejoining(GroupType.DB);
  }

  /** Reference 3.9. */
  private List<Term> asmRejoin() {
    return rejoining(GroupType.ASM);
  }

  /**
   * `active` turns FALSE when the crash is seen, so the interval runs beside its handling; the
   * node's own CSS may see it a tick before the control CSS does. With 0 no CSS starts anything.
   */
  private Flow restart() {
    String what = "a DB EP dies: until its CSS has brought it back";
    String parameter = "DMDCR_DB_RESTART_INTERVAL = " + dbIntervalMs / 1000;
    if (dbIntervalMs == 0) {
      return new Flow("restart", what, crash(), parameter);
    }
    List<Term> handling = handling(GroupType.DB);
    Term interval =
        new Term(
            "DB restart",
            Math.max(0, dbIntervalMs - Term.sum(handling, Term::mostMs) - DscTerms.TICK_MS),
            Math.max(0, dbIntervalMs - expectedMs(handling)),
            dbIntervalMs,
            parameter,
            "what of the interval is left when the crash is handled");
    return new Flow("restart", what, chain(crash(), List.of(interval), rejoin()));
  }

  /** Orderly stop of DB, then ASM, through a monitor (reference 3.12: up to 10 s and about 5 s). */
  private List<Term> stop() {
    return List.of(
        terms.phase(GroupType.DB, GroupPhase.SHUTDOWN),
        terms.phase(GroupType.ASM, GroupPhase.SHUTDOWN));
  }

  /**
   * The longest way: the control CSS's node has just gone, both handlings follow, a group is halted
   * by a second fault (4.3), each layer is brought back by automatic restart, and the nodes rejoin
   * one at a time.
   */
  private List<Term> heal() {
    List<Term> all = new ArrayList<>();
    all.add(terms.boot(GroupType.CSS));
    all.add(terms.heartbeat(GroupType.CSS));
    all.add(terms.nodeSilence(terms.slowest()));
    all.addAll(chain(election(), List.of(terms.control()), halted()));
    all.add(terms.nodeSilence(terms.slowest()));
    all.add(interval("DMDCR_ASM_RESTART_INTERVAL", asmIntervalMs));
    all.add(terms.boot(GroupType.ASM));
    all.addAll(starting(GroupType.ASM));
    all.add(interval("DMDCR_DB_RESTART_INTERVAL", dbIntervalMs));
    all.add(terms.boot(GroupType.DB));
    all.addAll(starting(GroupType.DB));
    for (int node = 1; node < terms.nodes(); node++) {
      all.addAll(chain(asmRejoin(), rejoin()));
    }
    return all;
  }

  private static Term interval(String key, long ms) {
    String name = key.contains("ASM") ? "ASM restart" : "DB restart";
    return new Term(name, 0, ms, ms, key + " = " + ms / 1000, "automatic restart");
  }
}
