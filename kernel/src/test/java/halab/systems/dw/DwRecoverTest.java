package halab.systems.dw;

import static halab.systems.dw.WatcherBench.THREE;
import static halab.systems.dw.WatcherBench.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.ApplyStat;
import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.MonOp;
import halab.dw.proto.OrderKind;
import halab.dw.proto.SendInfo;
import halab.dw.proto.Status;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Standbys come back (reference 5.6; manual 3.1.9; matrix rows 5, 14, 18). */
class DwRecoverTest {
  private static final String[] ALL = {
    "ORDER_RECOVER " + TWO,
    "ALTER DATABASE SUSPEND",
    "ORDER_RECOVER_TAIL " + TWO,
    "ORDER_ARCH_VALID " + TWO,
    "ALTER DATABASE OPEN FORCE"
  };

  private static WatcherBench invalid(Map<String, String> sets) {
    WatcherBench b = WatcherBench.primary(sets).forget();
    b.target(TWO, t -> t.setValid(false));
    return b;
  }

  private static WatcherBench invalid() {
    return invalid(Map.of());
  }

  @Test
  void anInvalidStandbyIsBroughtBack() {
    WatcherBench b = invalid().tells(r -> {}).ordered(ALL).comesTo(DwPhase.OPEN);
    b.logged("status switching [OPEN-->RECOVERY]").logged("recovery of instance " + TWO);
    assertThat(b.told().getRecovered(0).getCode()).isZero();
    b.pass(10_000).ordered();
  }

  private static void isNotBegun(Consumer<WatcherBench> change) {
    WatcherBench b = invalid();
    change.accept(b);
    b.tells(r -> {}).pass(2000).ordered().comesTo(DwPhase.OPEN);
  }

  @Test
  void itWaitsForTheStandbysWatcherToBeOpen() {
    isNotBegun(b -> b.says(TWO, m -> m.setStatus(DwStatus.DW_STARTUP)));
  }

  @Test
  void itWaitsForTheStandbyToBeOpen() {
    isNotBegun(b -> b.says(TWO, m -> m.getReportBuilder().setStatus(Status.MOUNT)));
  }

  @Test
  void itWaitsUntilTheStandbyHasReplayedAllItHolds() {
    isNotBegun(b -> b.says(TWO, m -> m.getReportBuilder().getApplyBuilder().setRlsn(90)));
  }

  @Test
  void itWaitsForTheMalLink() {
    isNotBegun(b -> b.target(TWO, t -> t.setMalUp(false)));
  }

  @Test
  void aSplitStandbyIsNotBroughtBack() {
    isNotBegun(b -> b.says(TWO, m -> m.setCtl(CtlStatus.CTL_SPLIT)));
  }

  @Test
  void aStandbyThatCannotJoinIsNotBroughtBack() {
    isNotBegun(
        b -> b.says(TWO, m -> m.getReportBuilder().addOpening(WatcherBench.opening(2, TWO, 100))));
  }

  @Test
  void aDetachedStandbyIsNotBroughtBack() {
    isNotBegun(b -> b.says(TWO, m -> m.setDetached(true)));
  }

  @Test
  void aFailureIsKeptAndTriedAgainAfterAnInterval() {
    WatcherBench b = invalid();
    b.refuses.put(OrderKind.ORDER_RECOVER, -10204);
    b.tells(r -> {}).ordered(ALL[0]).comesTo(DwPhase.OPEN);
    assertThat(b.told().getRecovered(0).getCode()).isEqualTo(-10204);
    assertThat(b.fact("recover_time")).isEqualTo("300");
    b.refuses.clear();
    b.pass(299_000).ordered().pass(2000).ordered(ALL);
  }

  @Test
  void aTailThatFailsLeavesThePrimaryOpen() {
    WatcherBench b = invalid();
    b.refuses.put(OrderKind.ORDER_RECOVER_TAIL, -10216);
    b.tells(r -> {}).ordered(ALL[0], ALL[1], ALL[2], ALL[4]).comesTo(DwPhase.OPEN);
    assertThat(b.fact("inst_status")).isEqualTo("OPEN");
    assertThat(b.fact("recovered." + TWO)).isEqualTo("-10216");
  }

  @Test
  void afterItsOpeningAPrimaryWaitsThreeSecondsForTheFirstAttempt() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.refuses.put(OrderKind.ORDER_ARCH_VALID, -10201);
    b.other(TWO, Mode.STANDBY, Status.OPEN).settle().forget();
    b.refuses.clear();
    b.pass(2000).ordered().pass(1500).ordered(ALL);
  }

  @Test
  void oneAfterTheOtherIsBroughtBack() {
    WatcherBench b = WatcherBench.born(3, Map.of(), Map.of()).instance(Mode.PRIMARY, Status.OPEN);
    b.target(TWO, t -> t.setValid(false)).target(THREE, t -> t.setValid(false));
    b.other(TWO, Mode.STANDBY, Status.OPEN).other(THREE, Mode.STANDBY, Status.OPEN);
    b.tells(r -> {}).pass(1000);
    assertThat(b.orders).hasSize(10).contains("ORDER_ARCH_VALID " + THREE);
    b.comesTo(DwPhase.OPEN);
  }

  @Test
  void aMonitorsCommandEndsIt() {
    WatcherBench b = invalid().monitor(false);
    b.obeys = false;
    b.tells(r -> {}).ordered(ALL[0]).comesTo(DwPhase.RECOVERY);
    b.asks(WatcherBench.op(MonOp.MON_SET_MID)).answered(0).comesTo(DwPhase.OPEN).fired(824, 510);
  }

  @Test
  void theLossOfAnotherStandbyEndsIt() {
    WatcherBench b =
        WatcherBench.born(3, WatcherBench.manual(), Map.of()).instance(Mode.PRIMARY, Status.OPEN);
    b.target(TWO, t -> t.setValid(false));
    b.other(TWO, Mode.STANDBY, Status.OPEN).other(THREE, Mode.STANDBY, Status.OPEN);
    b.obeys = false;
    b.tells(r -> {}).comesTo(DwPhase.RECOVERY);
    b.obeys = true;
    b.forget().suspends(THREE).report().settle().fired(415, 400);
    b.ordered("ORDER_ARCH_INVALID " + THREE, ALL[4]).comesTo(DwPhase.OPEN);
  }

  @Test
  void theLossOfTheStandbyItselfEndsIt() {
    WatcherBench b = invalid();
    b.obeys = false;
    b.tells(r -> {}).comesTo(DwPhase.RECOVERY);
    b.says(TWO, m -> m.setInstOk(false)).comesTo(DwPhase.OPEN).fired(520);
  }

  @Test
  void aSlowReplayKeepsAStandbyInvalid() {
    WatcherBench b = invalid(Map.of("RLOG_APPLY_THRESHOLD", "5"));
    ApplyStat slow = ApplyStat.newBuilder().setRecentCount(2).setRecentApplyUs(12_000_000).build();
    b.says(TWO, m -> m.getReportBuilder().setApplyStat(slow));
    b.tells(r -> {}).ordered(ALL[0]).fired(228).comesTo(DwPhase.OPEN);
  }

  @Test
  void aSlowStandbyIsGivenUp() {
    WatcherBench b = WatcherBench.primary(Map.of("RLOG_SEND_THRESHOLD", "2")).forget();
    SendInfo slow = SendInfo.newBuilder().setRecentCount(2).setRecentUs(4_200_000).build();
    b.target(TWO, t -> t.setSend(slow)).tells(r -> {});
    b.ordered("ORDER_ARCH_INVALID " + TWO).fired(600, 610).comesTo(DwPhase.OPEN);
    b.pass(30_000).ordered();
  }

  @Test
  void aThresholdAboveThreeIsInMilliseconds() {
    WatcherBench b = WatcherBench.primary(Map.of("RLOG_SEND_THRESHOLD", "4")).forget();
    SendInfo slow = SendInfo.newBuilder().setRecentCount(2).setRecentUs(9_000).build();
    b.target(TWO, t -> t.setSend(slow)).tells(r -> {}).fired(600);
  }
}
