package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.Endpoint;
import halab.systems.Flow;
import halab.systems.LabPlan;
import halab.systems.Term;
import halab.systems.dsc.config.DscPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DscBoundsTest {
  private static LabPlan plan(int hosts, boolean fast) {
    return DscPlan.plan(new LabPlan.Options(hosts, fast, 5200, Map.of(), Map.of()));
  }

  private static long bound(String what, LabPlan plan) {
    return DscBounds.boundMs(what, plan);
  }

  @Test
  void aCrashTakesTheDiskCheckCountAndTheStepsOfTheTickModel() {
    assertThat(bound("crash", plan(2, true)))
        .isEqualTo((5 + 17) * 1_060 + DscTerms.REDO_MS + 2 * DscTerms.ADDRESS_MS);
    assertThat(bound("crash", plan(2, false)) - bound("crash", plan(2, true)))
        .isEqualTo(55 * 1_060);
  }

  @Test
  void aPredictionNamesTheParameterOfTheGroupThatDecides() {
    LabPlan plan =
        DscPlan.plan(
            new LabPlan.Options(
                2, true, 5200, Map.of("GRP_DSC.DCR_GRP_DSKCHK_CNT", "20"), Map.of()));
    assertThat(parameters("crash", plan)).containsExactly("DCR_GRP_DSKCHK_CNT of GRP_DSC = 20");
    assertThat(parameters("asm-crash", plan)).containsExactly("DCR_GRP_DSKCHK_CNT of GRP_ASM = 5");
    assertThat(parameters("poweroff", plan))
        .containsExactly(
            "DCR_GRP_DSKCHK_CNT of GRP_CSS = 5",
            "DCR_GRP_DSKCHK_CNT of GRP_ASM = 5",
            "DCR_GRP_DSKCHK_CNT of GRP_DSC = 20");
    assertThat(expected("poweroff", plan) - expected("poweroff", plan(2, true)))
        .as("15 looks more, of which the handling of ASM takes four")
        .isEqualTo(11 * DscTerms.EXPECTED_TICK_MS);
  }

  private static LabPlan set(String key, String value) {
    return DscPlan.plan(new LabPlan.Options(2, true, 5200, Map.of(key, value), Map.of()));
  }

  @Test
  void theLinksOfMalAreGivenUpAfterBothIntervals() {
    long slower = bound("link-detect", set("MAL_CONN_FAIL_INTERVAL", "13"));
    long faster = bound("link-detect", set("MAL_CONN_FAIL_INTERVAL", "3"));
    assertThat(slower - faster).isEqualTo(10 * DscTerms.TICK_MS);
    assertThat(bound("link-check", plan(2, true)))
        .isGreaterThan(bound("link-detect", plan(2, true)) + bound("crash", plan(2, true)) / 2);
    assertThat(parameters("link-detect", set("MAL_CHECK_INTERVAL", "7")))
        .singleElement()
        .asString()
        .startsWith("MAL_CHECK_INTERVAL = 7, MAL_CONN_FAIL_INTERVAL = ");
  }

  @Test
  void anIdleLinkThatIsNeverAskedCountsFromTheFirstRequest() {
    Flow flow = flow("link-detect", set("MAL_CHECK_INTERVAL", "0"));
    assertThat(flow.what())
        .isEqualTo("a request meets the cut network between EPs: until LINK_CHECK");
    assertThat(flow.terms().get(0).why())
        .startsWith("an idle link is never asked: counts from the first request over it");
    assertThat(flow("link-detect", plan(2, true)).terms().get(0).why())
        .startsWith("the link is asked");
    assertThat(flow("link-check", set("MAL_CHECK_INTERVAL", "0")).what())
        .startsWith("a request meets the cut network");
  }

  @Test
  void theNetworkRuleConcernsWholeNodesOnly() {
    LabPlan plan = set("DMDCR_CRASH_CHECK_OPT_COUNT", "15");
    assertThat(bound("crash", plan)).isEqualTo(bound("crash", plan(2, true)));
    assertThat(expected("poweroff", plan) - expected("poweroff", plan(2, true)))
        .as("16 looks, not 5; nothing of the others' counts is left")
        .isEqualTo(11 * DscTerms.EXPECTED_TICK_MS);
    assertThat(parameters("poweroff", plan)).contains("DMDCR_CRASH_CHECK_OPT_COUNT = 15");
  }

  @Test
  void missingEpsAreWaitedForAsLongAsTheParameterSays() {
    LabPlan plan = set("DMDCR_AUTO_OPEN_CHECK", "30");
    assertThat(bound("open", plan) - bound("open", plan(2, true))).isEqualTo(2 * 30_000);
    assertThat(expected("open", plan)).isEqualTo(expected("open", plan(2, true)));
  }

  @Test
  void everyTermLiesWithinItsRangeAndNoneIsNamedTwiceInADrill() {
    for (Flow flow : DscBounds.flows(plan(3, false))) {
      for (Term term : flow.terms()) {
        assertThat(term.expectedMs()).as(term.toString()).isBetween(term.leastMs(), term.mostMs());
        assertThat(term.why()).isNotEmpty();
      }
      if (!flow.name().equals("heal")) {
        assertThat(flow.terms().stream().map(Term::step)).doesNotHaveDuplicates();
      }
    }
  }

  private static Flow flow(String name, LabPlan plan) {
    return DscBounds.flows(plan).stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static long expected(String name, LabPlan plan) {
    return Term.sum(flow(name, plan).terms(), Term::expectedMs);
  }

  private static List<String> parameters(String name, LabPlan plan) {
    return flow(name, plan).terms().stream()
        .map(Term::parameter)
        .filter(p -> !p.isEmpty())
        .toList();
  }

  @Test
  void coversTheSeedsOwnTimes() {
    long detection = 60_000;
    assertThat(bound("crash", plan(2, false)) - detection).isGreaterThan(11_900);
    assertThat(bound("rejoin", plan(2, false))).isGreaterThan(15_500);
  }

  @Test
  void theOlderRuleCostsARejoinOneStep() {
    LabPlan plan = plan(2, true);
    LabPlan older =
        DscPlan.plan(
            new LabPlan.Options(2, true, 20000, Map.of("adjust_master_ep", "1"), Map.of()));
    assertThat(bound("rejoin", older)).isEqualTo(bound("rejoin", plan) + 2 * DscTerms.TICK_MS);
    assertThat(bound("asm-rejoin", older) - bound("asm-rejoin", plan))
        .isEqualTo(2 * DscTerms.TICK_MS);
    assertThat(bound("crash", older)).isEqualTo(bound("crash", plan));
  }

  @Test
  void automaticRestartAddsItsInterval() {
    LabPlan plan = plan(2, true);
    assertThat(bound("restart", plan))
        .isEqualTo(bound("crash", plan) + 5_000 + bound("rejoin", plan));
  }

  @Test
  void withoutAnIntervalNobodyIsBroughtBack() {
    Flow flow = flow("restart", set("DMDCR_DB_RESTART_INTERVAL", "0"));
    assertThat(flow.ends()).isFalse();
    assertThat(flow.never()).isEqualTo("DMDCR_DB_RESTART_INTERVAL = 0");
    assertThat(flow.terms()).isEqualTo(flow("crash", plan(2, true)).terms());
    assertThat(flow("restart", plan(2, true)).ends()).isTrue();
  }

  @Test
  void aLongIntervalIsWaitedForInAnyCase() {
    Flow flow = flow("restart", set("DMDCR_DB_RESTART_INTERVAL", "86400"));
    long handled = bound("crash", plan(2, true)) - bound("detect", plan(2, true));
    assertThat(Term.sum(flow.terms(), Term::leastMs))
        .isGreaterThan(86_400_000 - handled)
        .isLessThan(Term.sum(flow.terms(), Term::expectedMs));
    assertThat(flow.boundMs()).isGreaterThan(86_400_000);
  }

  @Test
  void startBeginsWithTheLaunchAndOpenWithTheFirstHeartbeat() {
    LabPlan plan = plan(2, true);
    assertThat(bound("start", plan) - bound("open", plan)).isEqualTo(DscTerms.BOOT_MS);
  }

  @Test
  void everyFurtherNodeCostsTheHealingItsRejoins() {
    long step = bound("heal", plan(4, true)) - bound("heal", plan(3, true));
    assertThat(step).isEqualTo(bound("heal", plan(3, true)) - bound("heal", plan(2, true)));
    assertThat(step).isGreaterThan(bound("rejoin", plan(2, true)));
  }

  @Test
  void knowsItsNames() {
    assertThatThrownBy(() -> bound("eviction", plan(2, true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no bound 'eviction'; known: asm-crash, asm-rejoin, crash, css-death, detect, election,"
                + " heal, link-check, link-check-css, link-detect, normal-css-death, open,"
                + " poweroff, poweroff-control, rejoin, restart, start, stop, vote-loss");
  }

  @Test
  void saysWithinWhichCountPeersJudgeWhoIsSilent() {
    LabPlan plan = plan(2, true);
    assertThat(Dsc.SYSTEM.judged(plan, new Endpoint("n1", "dmserver")))
        .isEqualTo("within about 5 s of lab time: DCR_GRP_DSKCHK_CNT of GRP_DSC = 5");
    assertThat(Dsc.SYSTEM.judged(plan, new Endpoint("mon", "dmcssm"))).isNull();
  }
}
