package halab.systems.dw;

import static halab.systems.dw.WatcherBench.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From MOUNT to OPEN (reference 5.3, matrix rows 1, 2, 15). */
class DwOpeningTest {
  private static final String VALID = "ORDER_ARCH_VALID " + TWO;
  private static final String INVALID = "ORDER_ARCH_INVALID " + TWO;
  private static final String OPEN = "ALTER DATABASE OPEN FORCE";

  @Test
  void thePrimaryIsOpenedWhenAllMembersAreThereAndThoseWithAllRedoAreValid() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY).ordered();
    b.other(TWO, Mode.STANDBY, Status.OPEN).settle().ordered(VALID, OPEN);
    b.comesTo(DwPhase.OPEN).logged("status switching [STARTUP-->OPEN]");
    assertThat(b.fact("recover_time")).isEqualTo("3");
  }

  @Test
  void aStandbyThatLacksRedoIsInvalidWhenThePrimaryOpens() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.other(TWO, Mode.STANDBY, Status.OPEN);
    b.says(TWO, m -> m.getReportBuilder().setFlsn(90).getApplyBuilder().setSlsn(90).setKlsn(90));
    b.ordered(INVALID, OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void theInstanceHasTheLastWordOnWhoIsValid() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.refuses.put(halab.dw.proto.OrderKind.ORDER_ARCH_VALID, -10201);
    b.other(TWO, Mode.STANDBY, Status.OPEN).settle();
    b.ordered(VALID, INVALID, OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void aStandbyAtMountGetsTimeToBeOpenedBeforeItsPrimary() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.other(TWO, Mode.STANDBY, Status.MOUNT).pass(3000).ordered();
    b.other(TWO, Mode.STANDBY, Status.OPEN).settle().ordered(VALID, OPEN);
  }

  @Test
  void aStandbyThatStaysAtMountIsNotWaitedForForEver() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.other(TWO, Mode.STANDBY, Status.MOUNT).pass(7000).ordered(INVALID, OPEN);
  }

  @Test
  void aStandbyIsOpenedWhenItCanJoinOneOther() {
    WatcherBench b = WatcherBench.mounted(Mode.STANDBY).pass(3000).ordered();
    b.logged("has found no database that it can join");
    b.other(TWO, Mode.PRIMARY, Status.MOUNT).settle().ordered(OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void aLocalInstanceIsOpenedAtOnce() {
    WatcherBench b = WatcherBench.local().instance(Mode.STANDBY, Status.MOUNT).settle();
    b.ordered(OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void aDatabaseInItsRedoIsNotTouched() {
    WatcherBench b = WatcherBench.born(2, Map.of(), Map.of());
    b.other(TWO, Mode.STANDBY, Status.OPEN);
    b.instance(Mode.PRIMARY, Status.AFTER_REDO).pass(3000).ordered().comesTo(DwPhase.STARTUP);
  }

  @Test
  void anInstanceThatIsOpenWhenTheWatcherStartsIsJustGuarded() {
    WatcherBench.primary().ordered().fired(310);
  }

  @Test
  void withAMemberMissingAutoAsksTheConfirmMonitor() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY).monitor(true);
    b.pass(12_000).ordered().comesTo(DwPhase.STARTUP);
    assertThat(b.told().getAsksOpen()).isTrue();
    assertThat(b.told().getAsksList()).containsExactly(TWO);
    b.confirms(false, b.state.change).answered(0).comesTo(DwPhase.STARTUP);
    b.confirms(true, b.state.change - 1).comesTo(DwPhase.STARTUP).ordered();
    b.confirms(true, b.state.change).answered(0).ordered(INVALID, OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void aMemberThatStartsSlowlyIsGivenDwErrorTimeFromMountOn() {
    WatcherBench b = WatcherBench.born(2, Map.of(), Map.of()).monitor(true);
    b.other(TWO, Mode.STANDBY, Status.STARTUP);
    b.says(TWO, s -> s.setInstOk(false).setStatus(DwStatus.DW_STARTUP));
    b.pass(12_000).instance(Mode.PRIMARY, Status.MOUNT).settle().pass(5_000);
    assertThat(b.told().getAsksList()).isEmpty();
    b.pass(6_000);
    assertThat(b.told().getAsksList()).containsExactly(TWO);
  }

  @Test
  void withAMemberMissingManualWaitsForAUser() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY, WatcherBench.manual());
    b.pass(60_000).ordered().comesTo(DwPhase.STARTUP);
    assertThat(b.told().getAsksOpen()).isFalse();
    b.logged(TWO + " is missing");
  }

  @Test
  void dwOpenForceTimeoutOpensAManualPrimaryWithoutMonitor() {
    Map<String, String> sets = Map.of("DW_MODE", "MANUAL", "DW_OPEN_FORCE_TIMEOUT", "20");
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY, sets).pass(18_000).ordered();
    b.pass(3000).ordered(INVALID, OPEN).comesTo(DwPhase.OPEN).fired(365, 382);
  }

  @Test
  void anOldPrimaryBecomesAStandbyOfTheOneThatTookOver() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.other(TWO, Mode.PRIMARY, Status.OPEN);
    b.says(TWO, m -> m.getReportBuilder().clearOpening().addAllOpening(WatcherBench.history(2)));
    b.pass(3000);
    b.ordered("ALTER DATABASE STANDBY", OPEN).comesTo(DwPhase.OPEN);
    assertThat(b.fact("inst_mode")).isEqualTo("STANDBY");
  }

  @Test
  void ofTwoPrimariesAtMountTheOneThatIsContainedGivesWay() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.other(TWO, Mode.PRIMARY, Status.MOUNT);
    b.says(TWO, m -> m.getReportBuilder().clearOpening().addAllOpening(WatcherBench.history(2)));
    b.ordered("ALTER DATABASE STANDBY", OPEN);
  }

  @Test
  void twoPrimariesAtMountOfDifferentHistoriesWaitForAUser() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.tells(r -> r.addOpening(WatcherBench.opening(2, "X", 100)));
    b.other(TWO, Mode.PRIMARY, Status.MOUNT);
    b.says(TWO, m -> m.getReportBuilder().clearOpening().addAllOpening(WatcherBench.history(2)));
    b.pass(20_000).ordered().comesTo(DwPhase.STARTUP).logged("a user has to decide");
    assertThat(b.fact("ctl")).isEqualTo("VALID");
  }

  @Test
  void aPrimaryIsNotOpenedOverAStandbyThatHasMore() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.other(TWO, Mode.STANDBY, Status.OPEN);
    b.says(TWO, m -> m.getReportBuilder().setFlsn(101).getApplyBuilder().setSlsn(101));
    b.says(TWO, m -> {}).pass(20_000);
    assertThat(b.state.phase).isEqualTo(DwPhase.STARTUP);
  }

  @Test
  void aHalfDoneCommandsMarkIsTakenBack() {
    WatcherBench b = WatcherBench.primary().tells(r -> r.setDwStatus(7));
    b.ordered("SP_SET_GLOBAL_DW_STATUS(7, 0)").comesTo(DwPhase.OPEN);
  }

  @Test
  void anOrderThatFailsIsTriedAgainAfterARest() {
    WatcherBench b = WatcherBench.mounted(Mode.STANDBY);
    b.refuses.put(halab.dw.proto.OrderKind.ORDER_SQL, -1);
    b.other(TWO, Mode.PRIMARY, Status.OPEN).settle().ordered(OPEN).comesTo(DwPhase.STARTUP);
    b.pass(2000).ordered();
    b.refuses.clear();
    b.pass(2000).ordered(OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void anOrderWithoutAnswerIsSentAgainUnderItsNumber() {
    WatcherBench b = WatcherBench.mounted(Mode.STANDBY);
    b.obeys = false;
    b.other(TWO, Mode.PRIMARY, Status.OPEN).settle();
    b.pass(7000).ordered(OPEN);
    long orders =
        b.sent(WatcherBench.INSTANCE, halab.dw.proto.DwOrder.class).stream()
            .map(halab.dw.proto.DwOrder::getNumber)
            .distinct()
            .count();
    assertThat(orders).isEqualTo(1);
    assertThat(b.sent(WatcherBench.INSTANCE, halab.dw.proto.DwOrder.class)).hasSizeGreaterThan(2);
  }

  @Test
  void anInstanceThatDoesNotAnswerIsGivenUpAndTriedAgain() {
    WatcherBench b = WatcherBench.mounted(Mode.STANDBY);
    b.obeys = false;
    b.other(TWO, Mode.PRIMARY, Status.OPEN).settle();
    b.pass(61_000).fired(232).logged("does not answer ALTER DATABASE OPEN FORCE");
    b.obeys = true;
    b.forget().pass(5000).ordered(OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void aForcedOpeningThatFailsLeadsBackToStartup() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY).monitor(true).pass(16_000);
    b.refuses.put(halab.dw.proto.OrderKind.ORDER_SQL, -1);
    b.confirms(true, b.state.change).fired(384).comesTo(DwPhase.STARTUP);
  }
}
