package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.sim.Fault;
import halab.sim.FaultText;
import halab.sim.SimLog;
import halab.systems.Dialects;
import halab.systems.Flow;
import halab.systems.LabPlan;
import halab.systems.Term;
import halab.systems.Waterfall;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Predicted equals measured: in virtual time, on a calm machine, every part of the main drills
 * takes what its term says, and the parts are those of the flow that is predicted.
 */
class DscExplainSimTest {
  private static final int SEEDS = 12;
  private static final long REST_MS = 60_000;

  private static SimLog lab(int hosts, long seed) {
    return lab(hosts, seed, Map.of());
  }

  private static SimLog lab(int hosts, long seed, Map<String, String> more) {
    Map<String, String> sets = new TreeMap<>(more);
    sets.put("DMDCR_ASM_RESTART_INTERVAL", "0");
    sets.put("DMDCR_DB_RESTART_INTERVAL", "0");
    return new SimLog(Dsc.SYSTEM, hosts, seed, sets).runs(REST_MS + seed * 83);
  }

  private static Fault fault(String text) {
    return FaultText.plain("the test", 0, text);
  }

  private static List<String> steps(List<Term> terms) {
    return terms.stream().map(Term::step).toList();
  }

  private static Flow flow(String name, LabPlan plan) {
    return Dsc.SYSTEM.flows(plan).stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "2, kill n1/dmserver, crash, loss of DSC0[0]",
    "3, kill n3/dmserver, crash, loss of DSC2[2]",
    "2, kill n2/dmasmsvr, asm-crash, 'loss of ASM1[1], DSC1[1]'",
    "2, kill n1/dmcss, css-death, 'loss of CSS0[0], ASM0[0], DSC0[0]'",
    "2, kill n2/dmcss, normal-css-death, 'loss of CSS1[1], ASM1[1], DSC1[1]'",
    "3, poweroff n1, poweroff-control, 'loss of CSS0[0], ASM0[0], DSC0[0]'",
  })
  void aLossTakesWhatIsPredicted(int hosts, String what, String name, String title) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimLog lab = lab(hosts, seed).does(fault(what)).runs(REST_MS);
      List<Waterfall> all = lab.explained();
      assertThat(all).as(what + " seed " + seed).hasSize(2);
      assertThat(all.get(0).title()).isEqualTo("start of the cluster");
      Waterfall loss = all.get(1);
      assertThat(loss.title()).isEqualTo(title);
      assertThat(loss.cause()).isEqualTo(what);
      matches(loss, flow(name, lab.plan()));
    }
  }

  @ParameterizedTest
  @CsvSource({"B, kill n1/dmserver", "C, kill n2/dmserver"})
  void aLossInALaterDialectTakesWhatIsPredictedThere(String dialect, String what) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimLog lab = lab(2, seed, Map.of(Dialects.LOG, dialect)).does(fault(what)).runs(REST_MS);
      Waterfall loss = lab.explained().get(1);
      matches(loss, flow("crash", lab.plan()));
      assertThat(steps(loss.terms())).contains("DB EP_CRASH", "DB WAIT_CMD_CLEAR");
      assertThat(loss.toString()).contains("PROCESS_CRASH", "CMD CLEAR -> DSC");
    }
  }

  /**
   * The three counts of a node run beside each other; whether its CSS or its ASM server is seen to
   * be silent first is a matter of when they beat.
   */
  @Test
  void aNodeThatGoesOffTakesWhatIsPredicted() {
    int whole = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimLog lab = lab(2, seed).does(fault("poweroff n2")).runs(REST_MS);
      Waterfall loss = lab.explained().get(1);
      assertThat(loss.title()).isEqualTo("loss of CSS1[1], ASM1[1], DSC1[1]");
      Flow flow = flow("poweroff", lab.plan());
      within(loss, flow);
      whole += steps(loss.terms()).equals(steps(flow.terms())) ? 1 : 0;
    }
    assertThat(whole).isPositive();
  }

  @Test
  void aCssThatLosesTheLinkCheckIpTakesWhatIsPredicted() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimLog lab = lab(2, seed, Map.of("DMDCR_LINK_CHECK_IP", "store"));
      lab.does(fault("cut n2|store on private")).runs(REST_MS);
      Waterfall loss = lab.explained().get(1);
      assertThat(loss.title()).isEqualTo("loss of CSS1[1], ASM1[1], DSC1[1]");
      assertThat(loss.cause()).isEqualTo("cut n2 | store on private");
      matches(loss, flow("link-check-css", lab.plan()));
    }
  }

  /** Which group finds the cut first is a matter of when its links are asked. */
  @Test
  void aBrokenNetworkBetweenEpsTakesWhatIsPredicted() {
    int whole = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimLog lab = lab(2, seed, Map.of("MAL_CHECK_INTERVAL", "5", "MAL_CONN_FAIL_INTERVAL", "3"));
      List<Waterfall> all = lab.does(fault("cut n1|n2 on private")).runs(REST_MS).explained();
      assertThat(all).as("seed " + seed).hasSize(2);
      Waterfall loss = all.get(1);
      assertThat(loss.title()).isEqualTo("loss of ASM1[1], DSC1[1]");
      assertThat(loss.cause()).isEqualTo("cut n1 | n2 on private");
      Flow flow = flow("link-check", lab.plan());
      String story = loss.rows().toString();
      assertThat(loss.rows()).as(story).allMatch(Waterfall.Row::within);
      assertThat(loss.rows().get(0).term().parameter())
          .isEqualTo("MAL_CHECK_INTERVAL = 5, MAL_CONN_FAIL_INTERVAL = 3");
      assertThat(loss.over()).as(story).isTrue();
      assertThat(loss.tookMs()).as(story).isLessThanOrEqualTo(flow.boundMs());
      whole += steps(loss.terms()).equals(steps(flow.terms())) ? 1 : 0;
    }
    assertThat(whole).isPositive();
  }

  /** A network that comes and goes is reported by DB, too, while ASM is at it. */
  @Test
  void aDbGroupThatTestsItsLinksBesideAsmTellsItsRealWait() {
    int decidedByAsm = 0;
    int longer = 0;
    for (long seed = 1; seed <= 3; seed++) {
      for (String what : List.of("cut n1|n2 on private", "loss n1|n2 60% on private")) {
        SimLog lab = lab(3, seed, Map.of("MAL_CHECK_INTERVAL", "0", "MAL_CONN_FAIL_INTERVAL", "3"));
        lab.does(fault(what)).runs(5_000).does(fault("heal all")).runs(1_000);
        for (Waterfall w : lab.does(fault(what)).runs(REST_MS).explained()) {
          String story = what + ", seed " + seed + ": " + w.rows();
          for (Waterfall.Row row : w.rows()) {
            String notes = row.notes().toString();
            if (row.term().step().equals("DB LINK_CHECK")) {
              assertThat(row.tookMs()).as(story).isPositive();
              longer += notes.matches(".*DB in LINK_CHECK for \\d+\\.\\d s beside ASM.") ? 1 : 0;
            } else if (notes.matches(".DB in LINK_CHECK .*beside ASM, whose verdict decided.")) {
              assertThat(row.term().step()).as(story).isEqualTo("DB ended");
              assertThat(row.within()).as(story).isTrue();
              decidedByAsm++;
            }
          }
        }
      }
    }
    assertThat(decidedByAsm).isPositive();
    assertThat(longer).isPositive();
  }

  @Test
  void aNetworkThatHealsCostsNobodyHisPlace() {
    SimLog lab = lab(2, 3, Map.of("MAL_CHECK_INTERVAL", "2", "MAL_CONN_FAIL_INTERVAL", "20"));
    lab.does(fault("cut n1|n2 on private"));
    for (int s = 0; s < 60 && lab.explained().size() < 2; s++) {
      lab.runs(1_000);
    }
    Waterfall begun = lab.explained().get(1);
    assertThat(begun.title()).isEqualTo("broken network between EPs, none lost");
    lab.does(fault("heal all")).runs(REST_MS);
    Waterfall over = lab.explained().get(1);
    assertThat(over.over()).as(over.rows().toString()).isTrue();
    assertThat(over.title()).isEqualTo("broken network between EPs, none lost");
    assertThat(steps(over.terms())).contains("ASM LINK_CHECK").doesNotContain("DB CRASH_STEP1");
  }

  @Test
  void aNodeIsJudgedByTheNetworkTooWhereTheParameterSaysSo() {
    SimLog lab = lab(2, 6, Map.of("DMDCR_CRASH_CHECK_OPT_COUNT", "15"));
    Waterfall loss = lab.does(fault("poweroff n2")).runs(REST_MS).explained().get(1);
    within(loss, flow("poweroff", lab.plan()));
    assertThat(loss.rows().get(1).term().parameter()).isEqualTo("DMDCR_CRASH_CHECK_OPT_COUNT = 15");
  }

  @Test
  void aRejoinTakesWhatIsPredicted() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimLog lab =
          lab(2, seed)
              .does(fault("kill n1/dmserver"))
              .runs(REST_MS)
              .does(fault("start n1/dmserver"))
              .runs(REST_MS);
      Waterfall rejoin = lab.explained().get(2);
      assertThat(rejoin.title()).isEqualTo("rejoin of DSC0[0]");
      assertThat(rejoin.cause()).isEqualTo("start n1/dmserver");
      matches(rejoin, flow("rejoin", lab.plan()));
    }
  }

  @Test
  void aRejoinThatTakesTheControlRoleBackTakesWhatIsPredicted() {
    for (String role : List.of("dmserver", "dmasmsvr")) {
      for (long seed = 1; seed <= SEEDS; seed++) {
        SimLog lab =
            lab(3, seed, Map.of(Dialects.ADJUST, "1"))
                .does(fault("kill n1/" + role))
                .runs(REST_MS)
                .does(fault("start n1/" + role))
                .runs(REST_MS);
        Waterfall rejoin = lab.explained().get(2);
        String name = role.equals("dmserver") ? "rejoin" : "asm-rejoin";
        matches(rejoin, flow(name, lab.plan()));
        assertThat(rejoin.toString()).contains("WAIT_ADJUST_MASTER", "ADJUST_MASTER_EP -> ");
      }
    }
  }

  @Test
  void whatAMonitorAsksForIsTheCause() {
    SimLog lab =
        lab(2, 4)
            .does(fault("type mon/dmcssm ep halt GRP_DSC.DSC1"))
            .runs(REST_MS)
            .does(fault("type mon/dmcssm ep startup GRP_DSC"))
            .runs(REST_MS);
    assertThat(lab.explained().subList(1, 3))
        .extracting(Waterfall::cause)
        .containsExactly("EP HALT DSC1 of a monitor", "EP STARTUP DSC1 of a monitor");
  }

  @Test
  void aControlCssThatDiesMeanwhileIsAPartOfItsOwn() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimLog lab = lab(3, seed).does(fault("kill n3/dmserver")).runs(REST_MS);
      lab.does(fault("start n3/dmserver"));
      for (int s = 0; s < 100 && lab.explained().size() < 3; s++) {
        lab.runs(500);
      }
      Waterfall rejoin = lab.does(fault("kill n1/dmcss")).runs(REST_MS).explained().get(2);
      String story = "seed " + seed + ": " + rejoin.rows();
      List<Waterfall.Row> change = ofCss(rejoin);
      assertThat(change).as(story).allMatch(Waterfall.Row::within);
      assertThat(change)
          .extracting(row -> row.term().step())
          .as(story)
          .endsWith("CSS silence", "CSS ELECTION", "CSS CLAIM");
      assertThat(change.get(change.size() - 1).notes())
          .containsExactly("n2/dmcss is the control CSS now, and begins the step anew");
    }
  }

  private static List<Waterfall.Row> ofCss(Waterfall w) {
    return w.rows().stream().filter(row -> row.term().step().startsWith("CSS ")).toList();
  }

  /** The count of the EP is over before there is somebody to judge by it. */
  @ParameterizedTest
  @CsvSource({"pause, unchanged at 5 looks", "kill, unchanged at 5 looks", "stop, shows SHUTDOWN"})
  void aControlCssThatIsLostBeforeTheVerdictIsToldPartByPart(String how, String seen) {
    for (long seed = 1; seed <= 4; seed++) {
      SimLog lab = lab(3, seed).does(fault("kill n2/dmserver")).runs(1_000);
      List<Waterfall> all = lab.does(fault(how + " n1/dmcss")).runs(REST_MS).explained();
      Waterfall change = all.get(1);
      Waterfall loss = all.get(2);
      String story = "seed " + seed + ": " + loss.rows();
      assertThat(loss.title()).as(story).isEqualTo("loss of DSC0[0], DSC1[1]");
      assertThat(loss.cause()).as(story).isEqualTo("kill n2/dmserver; " + how + " n1/dmcss");
      assertThat(steps(loss.terms())).as(story).startsWith("DB heartbeat", "DB silence");
      List<Waterfall.Row> parts = ofCss(loss);
      assertThat(parts).as(story).allMatch(Waterfall.Row::within);
      assertThat(parts)
          .extracting(row -> row.term().step())
          .as(story)
          .endsWith("CSS ELECTION", "CSS CLAIM", "CSS CONTROL");
      assertThat(parts.get(parts.size() - 2).notes())
          .containsExactly("n2/dmcss is the control CSS now");
      assertThat(change.rows().toString()).as("how it was found").contains("CSS0[0] " + seen);
      beginsInTheMiddle(loss, change, parts.get(0), story);
      assertThat(loss.rows())
          .filteredOn(r -> r.term().step().equals("DB ended"))
          .as(story)
          .isNotEmpty()
          .allMatch(r -> r.term().expectedMs() > 0, "by the Kill of the new control CSS");
      Waterfall.Row first =
          loss.rows().stream()
              .filter(r -> r.term().step().equals("DB CRASH_STEP1"))
              .findFirst()
              .orElseThrow();
      assertThat(first.notes()).as(story).containsExactly("loss of CSS0[0], ASM0[0] goes first");
      assertThat(first.within()).as(story).isTrue();
      assertThat(first.term().expectedMs()).as(story).isGreaterThan(2 * DscTerms.TICK_MS);
    }
  }

  /** Of the part that ran when the EP's own count was over, only the rest is told and predicted. */
  private static void beginsInTheMiddle(
      Waterfall loss, Waterfall change, Waterfall.Row rest, String story) {
    Waterfall.Row whole =
        change.rows().stream()
            .filter(r -> r.term().step().equals(rest.term().step()))
            .findFirst()
            .orElseThrow();
    long passedMs = whole.tookMs() - rest.tookMs();
    assertThat(rest.endMs()).as(story).isEqualTo(whole.endMs());
    assertThat(passedMs).as(story).isPositive();
    assertThat(rest.term().expectedMs())
        .as(story)
        .isEqualTo(Math.max(0, whole.term().expectedMs() - passedMs));
    assertThat(rest.term().parameter()).as(story).isEqualTo(whole.term().parameter());
    assertThat(rest.endMs() - rest.tookMs()).as(story).isEqualTo(loss.rows().get(1).endMs());
  }

  @Test
  void anAsmServerRejoinsAsIsPredicted() {
    SimLog lab =
        lab(2, 5)
            .does(fault("kill n2/dmasmsvr"))
            .runs(REST_MS)
            .does(fault("start n2/dmasmsvr"))
            .runs(REST_MS);
    matches(lab.explained().get(2), flow("asm-rejoin", lab.plan()));
  }

  /** The CSS of the node starts it again, with nobody's hand in it. */
  @Test
  void anAutomaticRestartIsALossAndARejoin() {
    SimLog lab = new SimLog(Dsc.SYSTEM, 2, 9, Map.of()).runs(REST_MS);
    List<Waterfall> all = lab.does(fault("kill n2/dmserver")).runs(REST_MS).explained();
    assertThat(steps(all.get(2).terms()))
        .as("it asks while its own loss is still handled")
        .startsWith("DB boot", "DB STARTUP2", "DB queue", "DB gate");
    assertThat(all)
        .extracting(Waterfall::cause)
        .containsExactly(
            "first heartbeat of n1/dmcss", "kill n2/dmserver", "automatic restart of n2/dmserver");
    assertThat(all.get(2).endMs() - all.get(1).beginMs())
        .isLessThanOrEqualTo(flow("restart", lab.plan()).boundMs());
  }

  @Test
  void aStartHasThePartsThatArePredicted() {
    SimLog lab = lab(3, 4);
    Waterfall start = lab.explained().get(0);
    assertThat(steps(start.terms())).isEqualTo(steps(flow("open", lab.plan()).terms()));
    assertThat(start.over()).isTrue();
  }

  @Test
  void aJointLossNamesAllThatLedToIt() {
    for (long seed = 1; seed <= 4; seed++) {
      SimLog lab = lab(3, seed).does(fault("kill n1/dmserver")).does(fault("kill n2/dmserver"));
      Waterfall loss = lab.runs(REST_MS).explained().get(1);
      assertThat(loss.title()).isEqualTo("loss of DSC0[0], DSC1[1]");
      assertThat(loss.cause().split("; "))
          .containsExactlyInAnyOrder("kill n1/dmserver", "kill n2/dmserver");
    }
  }

  /** Two failures at once: the second one's EP appears in the same loss or in one of its own. */
  @Test
  void aSecondFaultWithinTheHandlingIsTold() {
    SimLog lab = lab(3, 2).does(fault("kill n2/dmserver")).runs(7_000);
    List<Waterfall> all = lab.does(fault("kill n3/dmserver")).runs(REST_MS).explained();
    assertThat(all).hasSize(2);
    assertThat(all.get(1).title()).isEqualTo("loss of DSC1[1], DSC2[2]");
    assertThat(all.get(1).cause()).isEqualTo("kill n2/dmserver; kill n3/dmserver");
    assertThat(steps(all.get(1).terms())).contains("DB CRASH_ROLLBACK", "DB CRASH_WAIT_ROLLBACK");
    assertThat(all.get(1).over()).isTrue();
  }

  /** The control EP dies while another one rejoins: all are halted, and it says for whose sake. */
  @Test
  void aRejoinThatFailsSaysWhoWasLostMeanwhile() {
    for (long seed = 1; seed <= 4; seed++) {
      SimLog lab = lab(3, seed).does(fault("kill n3/dmserver")).runs(REST_MS);
      lab.does(fault("start n3/dmserver"));
      for (int s = 0; s < 100 && lab.explained().size() < 3; s++) {
        lab.runs(500);
      }
      lab.does(fault("kill n1/dmserver")).runs(REST_MS);
      Waterfall rejoin = lab.explained().get(2);
      String story = rejoin.rows().toString();
      assertThat(rejoin.title())
          .as(story)
          .isEqualTo("rejoin of DSC2[2] failed, DSC0[0] lost: all EPs halted");
      Waterfall.Row cut =
          rejoin.rows().stream()
              .filter(r -> r.notes().toString().contains("looks: kill n1/dmserver"))
              .findFirst()
              .orElseThrow();
      assertThat(cut.term().step()).as(story).contains("REJOIN_");
      assertThat(cut.term().why()).contains("; but DSC0[0] unchanged at 5 looks");
      assertThat(rejoin.over()).as(story).isTrue();
    }
  }

  /**
   * Two EPs come back at once: the gate of the second is short, for what it waited for is named.
   */
  @Test
  void whoeverWaitsForAnotherRejoinSaysSo() {
    int waited = 0;
    for (long seed = 1; seed <= 4; seed++) {
      SimLog lab = lab(3, seed).does(fault("kill n2/dmserver")).runs(1_000);
      lab.does(fault("kill n3/dmserver")).runs(3_000);
      lab.does(fault("start n2/dmserver")).does(fault("start n3/dmserver")).runs(2 * REST_MS);
      for (Waterfall w : lab.explained()) {
        String story = w.rows().toString();
        assertThat(w.rows().stream().filter(r -> r.term().step().equals("DB gate")))
            .as(story)
            .allMatch(Waterfall.Row::within);
        for (Waterfall.Row r : w.rows()) {
          if (r.term().step().equals("DB queue")) {
            assertThat(r.within()).as(story).isTrue();
            assertThat(r.term().expectedMs()).as(story).isPositive();
          }
        }
        waited += story.contains(" goes first: one EP at a time") ? 1 : 0;
      }
    }
    assertThat(waited).isPositive();
  }

  @Test
  void whatIsDecidedByTheCountSaysSo() {
    Waterfall loss = lab(2, 1).does(fault("kill n1/dmserver")).runs(REST_MS).explained().get(1);
    Waterfall.Row silence = loss.rows().get(1);
    assertThat(silence.term().parameter()).isEqualTo("DCR_GRP_DSKCHK_CNT of GRP_DSC = 5");
    assertThat(silence.notes()).containsExactly("DSC0[0] unchanged at 5 looks");
    assertThat(loss.rows().stream().flatMap(r -> r.notes().stream()))
        .anyMatch(n -> n.matches("EP_CRASH_STEP1 -> DSC1 \\(\\d+\\)"));
  }

  /** The parts of the flow, each within its range, and so is their sum. */
  private static void matches(Waterfall measured, Flow predicted) {
    String story = measured.rows().toString();
    assertThat(measured.over()).as(story).isTrue();
    assertThat(steps(measured.terms())).as(story).isEqualTo(steps(predicted.terms()));
    for (int i = 0; i < predicted.terms().size(); i++) {
      Term term = predicted.terms().get(i);
      assertThat(measured.rows().get(i).tookMs())
          .as(term + " in " + story)
          .isBetween(term.leastMs(), term.mostMs());
    }
    within(measured, predicted);
  }

  private static void within(Waterfall measured, Flow predicted) {
    String story = measured.rows().toString();
    assertThat(measured.rows()).as(story).allMatch(Waterfall.Row::within);
    long expected = Term.sum(predicted.terms(), Term::expectedMs);
    assertThat(measured.tookMs()).as(story).isBetween(expected - 2_500, expected + 3_500);
    assertThat(measured.tookMs()).isLessThanOrEqualTo(predicted.boundMs());
  }
}
