package halab.systems.dw;

import static halab.systems.dw.WatcherBench.THREE;
import static halab.systems.dw.WatcherBench.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A standby cannot be reached (reference 3.8; manual 6.9; matrix rows 4 to 7, 9 to 11, 17). */
class DwFaultTest {
  private static final String INVALID = "ORDER_ARCH_INVALID " + TWO;
  private static final String OPEN = "ALTER DATABASE OPEN FORCE";

  @Test
  void manualGoesOnWithoutTheStandby() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual()).forget().suspends(TWO);
    b.ordered(INVALID, OPEN).fired(400, 440).comesTo(DwPhase.OPEN);
    b.logged("status switching [OPEN-->FAILOVER]").logged("status switching [FAILOVER-->OPEN]");
  }

  @Test
  void autoGoesOnAtOnceWhenTheStandbysWatcherSaysThatItsInstanceIsDead() {
    WatcherBench b = WatcherBench.primary().forget().says(TWO, m -> m.setInstOk(false));
    b.suspends(TWO).ordered(INVALID, OPEN).fired(400).comesTo(DwPhase.OPEN);
  }

  @Test
  void autoAsksTheConfirmMonitorAndGoesOnWhenItAgrees() {
    WatcherBench b = WatcherBench.primary().monitor(true).forget().suspends(TWO);
    b.comesTo(DwPhase.CONFIRM).ordered();
    assertThat(b.told().getAsksList()).containsExactly(TWO);
    b.confirms(true, b.state.change).ordered(INVALID, OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void threeSecondsAfterAFailoverTheStandbyMayComeBack() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual()).suspends(TWO).forget();
    b.pass(2500).ordered().pass(1000);
    assertThat(b.orders).contains("ORDER_ARCH_VALID " + TWO);
  }

  @Test
  void theConfirmMonitorMayDisagree() {
    WatcherBench b = WatcherBench.primary().monitor(true).suspends(TWO);
    b.confirms(false, b.state.change).answered(0).comesTo(DwPhase.CONFIRM);
  }

  @Test
  void anAnswerToAnEarlierQuestionDoesNotCount() {
    WatcherBench b = WatcherBench.primary().monitor(true).suspends(TWO);
    b.confirms(true, b.state.change - 1).answered(0).comesTo(DwPhase.CONFIRM).ordered();
  }

  @Test
  void anOrdinaryMonitorCannotConfirm() {
    WatcherBench b = WatcherBench.primary().monitor(false).suspends(TWO);
    b.confirms(true, b.state.change).answered(0).comesTo(DwPhase.CONFIRM);
  }

  @Test
  void withoutConfirmMonitorThePrimaryStaysInSuspendForEver() {
    WatcherBench b = WatcherBench.primary(Map.of("DW_FAILOVER_FORCE", "0")).suspends(TWO);
    b.silent(TWO).pass(600_000).comesTo(DwPhase.CONFIRM).ordered();
  }

  @Test
  void aConfirmMonitorThatComesLaterReleasesIt() {
    WatcherBench b = WatcherBench.primary().suspends(TWO).silent(TWO).pass(60_000);
    b.monitor(true).confirms(true, b.state.change).comesTo(DwPhase.OPEN);
  }

  @Test
  void dwFailoverForceGoesOnAfterThreeErrorTimesWhileTheStandbysWatcherIsThere() {
    Map<String, String> sets = Map.of("DW_FAILOVER_FORCE", "1", "DW_ERROR_TIME", "10");
    WatcherBench b = WatcherBench.primary(sets).suspends(TWO).pass(29_000);
    b.comesTo(DwPhase.CONFIRM).pass(2000).fired(430).ordered(INVALID, OPEN);
  }

  @Test
  void dwFailoverForceDoesNothingWhileTheStandbysWatcherIsSilent() {
    Map<String, String> sets = Map.of("DW_FAILOVER_FORCE", "1", "DW_ERROR_TIME", "10");
    WatcherBench b = WatcherBench.primary(sets).suspends(TWO).silent(TWO).pass(100_000);
    b.comesTo(DwPhase.CONFIRM).ordered();
  }

  @Test
  void whenTheFaultIsGoneThePrimaryGoesOnWithoutAnInvalidArchive() {
    WatcherBench b = WatcherBench.primary().suspends(TWO).target(TWO, t -> t.setFailing(false));
    b.tells(r -> {}).ordered(OPEN).comesTo(DwPhase.OPEN).fired(420, 450);
  }

  @Test
  void whenMoreStandbysAreLostTheQuestionIsANewOne() {
    WatcherBench b = WatcherBench.born(3, Map.of(), Map.of()).instance(Mode.PRIMARY, Status.OPEN);
    b.other(TWO, Mode.STANDBY, Status.OPEN).other(THREE, Mode.STANDBY, Status.OPEN).settle();
    b.monitor(true).suspends(TWO).comesTo(DwPhase.CONFIRM);
    long first = b.state.change;
    b.suspends(THREE);
    assertThat(b.told().getAsksList()).containsExactly(TWO, THREE);
    b.confirms(true, first).comesTo(DwPhase.CONFIRM).ordered();
    b.confirms(true, b.state.change);
    b.ordered(INVALID, "ORDER_ARCH_INVALID " + THREE, OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void thePrimaryItselfIsLostWhileItsWatcherAsks() {
    WatcherBench b = WatcherBench.primary().suspends(TWO).dies().pass(1000);
    b.comesTo(DwPhase.STARTUP);
    assertThat(b.told().getAsksList()).isEmpty();
  }

  @Test
  void aPrimaryThatWasTakenOverMeanwhileDoesNotGoOn() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual());
    b.other(TWO, Mode.PRIMARY, Status.OPEN);
    b.says(TWO, m -> m.getReportBuilder().addOpening(WatcherBench.opening(2, TWO, 100)));
    b.forget().suspends(TWO).ordered().comesTo(DwPhase.OPEN);
  }

  @Test
  void aFailedFailoverIsTriedAgain() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual()).forget();
    b.refuses.put(halab.dw.proto.OrderKind.ORDER_SQL, -9003);
    b.suspends(TWO).ordered(INVALID, OPEN).comesTo(DwPhase.OPEN);
    b.refuses.clear();
    b.pass(4000).ordered(OPEN);
    assertThat(b.fact("inst_status")).isEqualTo("OPEN");
  }

  @Test
  void nothingIsDoneWhileAMonitorsCommandRuns() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual()).held().forget().suspends(TWO);
    b.pass(3000).ordered().comesTo(DwPhase.OPEN);
    b.asks(WatcherBench.op(halab.dw.proto.MonOp.MON_CLEAR_MID)).ordered(INVALID, OPEN);
  }

  @Test
  void theDeathOfAStandbysWatcherAloneChangesNothing() {
    WatcherBench b = WatcherBench.primary().silent(TWO).forget().pass(30_000);
    b.comesTo(DwPhase.OPEN).ordered();
  }

  @Test
  void whileItAsksTheStandbysWatcherSaysThatItsInstanceIsDead() {
    WatcherBench b = WatcherBench.primary().suspends(TWO).comesTo(DwPhase.CONFIRM).forget();
    b.says(TWO, m -> m.setInstOk(false)).fired(425).ordered(INVALID, OPEN);
  }
}
