package halab.systems.dw;

import static halab.systems.dw.WatcherBench.INSTANCE;
import static halab.systems.dw.WatcherBench.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.DwHello;
import halab.dw.proto.DwRefused;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The instance is watched, lost and started again (reference 1.3, 5.10, matrix rows 1, 3, 16). */
class DwGuardTest {
  private static final Map<String, String> RESTART =
      Map.of("INST_AUTO_RESTART", "1", "INST_ERROR_TIME", "10");
  private static final Map<String, String> NO_RESTART =
      Map.of("INST_AUTO_RESTART", "0", "INST_ERROR_TIME", "10");

  private static long launches(WatcherBench b) {
    return b.did(Effect.Launch.class).size();
  }

  @Test
  void theInstanceIsGreetedWithTheOguid() {
    WatcherBench b = WatcherBench.born(2, Map.of(), Map.of()).instance(Mode.STANDBY, Status.MOUNT);
    assertThat(b.sent(INSTANCE, DwHello.class)).extracting(DwHello::getOguid).contains(453331);
  }

  @Test
  void theGreetingIsRepeatedWhileNothingIsHeard() {
    WatcherBench b = WatcherBench.born(2, Map.of(), Map.of());
    b.linked = true;
    b.event(new Event.LinkUp(INSTANCE, 1)).settle().pass(5000);
    assertThat(b.sent(INSTANCE, DwHello.class)).hasSizeGreaterThan(1);
  }

  @Test
  void aKilledInstanceIsLostWithinASecondAndStartedAgain() {
    WatcherBench b = WatcherBench.primary(RESTART).forget().dies();
    b.pass(1000).comesTo(DwPhase.STARTUP).logged("its process 1000 is gone");
    assertThat(b.told().getInstOk()).isFalse();
    assertThat(b.told().getReport().getPid()).isEqualTo(1000);
    assertThat(launches(b)).isEqualTo(1);
    assertThat(b.did(Effect.EndRole.class)).isEmpty();
  }

  @Test
  void withoutAutoRestartItStaysDown() {
    WatcherBench b = WatcherBench.primary(NO_RESTART).forget().dies().pass(30_000);
    assertThat(launches(b)).isZero();
    assertThat(b.fact("inst_ok")).isEqualTo("ERROR");
  }

  @Test
  void aRestartedPrimaryThatNobodyTookOverIsReopened() {
    WatcherBench b = WatcherBench.primary(RESTART).forget().dies();
    b.event(new Event.Launched("dmserver", null)).pass(2000);
    b.instance(Mode.PRIMARY, Status.MOUNT).settle();
    b.ordered("ORDER_ARCH_VALID " + TWO, "ALTER DATABASE OPEN FORCE").comesTo(DwPhase.OPEN);
    assertThat(b.fact("restarts")).isEqualTo("1");
  }

  @Test
  void aHangingInstanceIsEndedBeforeItIsStartedAgain() {
    WatcherBench b = WatcherBench.primary(RESTART).forget();
    b.linked = false;
    b.pass(9500).comesTo(DwPhase.OPEN);
    b.pass(1500).comesTo(DwPhase.STARTUP).logged("no message for INST_ERROR_TIME(10)");
    Effect.EndRole end = b.did(Effect.EndRole.class).get(0);
    assertThat(launches(b)).isZero();
    b.runs = false;
    b.event(new Event.RoleEnded(end.request(), "dmserver", null)).settle();
    assertThat(launches(b)).isEqualTo(1);
  }

  @Test
  void aStartThatLeadsToNothingIsTriedAgainUpToInstRestartCnt() {
    Map<String, String> sets =
        Map.of("INST_AUTO_RESTART", "1", "INST_RESTART_CNT", "2", "INST_ERROR_TIME", "10");
    WatcherBench b = WatcherBench.primary(sets).forget().dies();
    for (int i = 0; i < 8; i++) {
      if (launches(b) > i) {
        b.event(new Event.Launched("dmserver", null));
      }
      b.pass(11_000);
    }
    assertThat(launches(b)).isEqualTo(2);
  }

  @Test
  void aSuccessfulStartResetsTheCount() {
    Map<String, String> sets = Map.of("INST_AUTO_RESTART", "1", "INST_RESTART_CNT", "1");
    WatcherBench b = WatcherBench.standby(sets);
    for (int i = 0; i < 3; i++) {
      b.forget().dies().pass(1000);
      assertThat(launches(b)).isEqualTo(1);
      b.event(new Event.Launched("dmserver", null));
      b.instance(Mode.STANDBY, Status.MOUNT).settle().comesTo(DwPhase.OPEN);
    }
  }

  @Test
  void anInstanceThatWasNeverThereIsStarted() {
    WatcherBench b = WatcherBench.born(2, RESTART, Map.of()).pass(12_000);
    assertThat(launches(b)).isEqualTo(1);
  }

  @Test
  void aShortBreakOfTheLinkIsNoFault() {
    WatcherBench b = WatcherBench.primary(RESTART).forget();
    b.linked = false;
    b.event(new Event.LinkDown(INSTANCE, "reset")).settle().pass(3000);
    b.link().pass(2000).comesTo(DwPhase.OPEN);
    assertThat(b.fact("inst_ok")).isEqualTo("OK");
  }

  @Test
  void dwReconnect0TakesABrokenLinkForAFaultAndEndsTheInstance() {
    WatcherBench b = WatcherBench.primary(Map.of("DW_RECONNECT", "0")).forget();
    b.linked = false;
    b.event(new Event.LinkDown(INSTANCE, "reset")).settle().comesTo(DwPhase.STARTUP);
    assertThat(b.did(Effect.EndRole.class)).hasSize(1);
  }

  @Test
  void dwReconnect2TakesABrokenLinkForAFaultAndEndsNothing() {
    Map<String, String> sets = Map.of("DW_RECONNECT", "2", "INST_AUTO_RESTART", "0");
    WatcherBench b = WatcherBench.primary(sets).forget();
    b.linked = false;
    b.event(new Event.LinkDown(INSTANCE, "reset")).settle().comesTo(DwPhase.STARTUP);
    assertThat(b.did(Effect.EndRole.class)).isEmpty();
  }

  @Test
  void anotherOguidBuildsNoConnectionAndRestartsNothing() {
    WatcherBench b = WatcherBench.born(2, RESTART, Map.of());
    b.runs = true;
    b.link();
    String why =
        "oguid(453331) configured in dmwatcher.ini not equal with local dmserver's oguid(1),"
            + " cannot build connection!";
    b.from(INSTANCE, DwRefused.newBuilder().setWhy(why).build()).pass(30_000).logged(why);
    assertThat(b.told().getInstOk()).isFalse();
    assertThat(launches(b)).isZero();
  }

  @Test
  void anUnnoticedRestartOfTheInstanceLeadsBackToStartup() {
    WatcherBench b = WatcherBench.standby().forget();
    b.instance(Mode.STANDBY, Status.STARTUP).comesTo(DwPhase.STARTUP).fired(130);
  }

  @Test
  void anInstanceThatWasTakenToMountByHandIsBroughtUpAgain() {
    WatcherBench b = WatcherBench.standby().forget();
    b.tells(r -> r.setStatus(Status.MOUNT)).comesTo(DwPhase.OPEN).fired(460);
    b.ordered("ALTER DATABASE OPEN FORCE");
  }

  @Test
  void aJobEndsWithTheLifeOfTheInstance() {
    WatcherBench b = WatcherBench.mounted(Mode.STANDBY);
    b.obeys = false;
    b.other(TWO, Mode.PRIMARY, Status.OPEN).settle();
    b.ordered("ALTER DATABASE OPEN FORCE").dies().pass(1000);
    assertThat(b.state.job).isNull();
    b.obeys = true;
    b.instance(Mode.STANDBY, Status.MOUNT).settle();
    b.ordered("ALTER DATABASE OPEN FORCE").comesTo(DwPhase.OPEN);
  }

  @Test
  void anotherWatcherIsInErrorAfterDwErrorTime() {
    WatcherBench b = WatcherBench.standby(Map.of("DW_ERROR_TIME", "10")).silent(TWO).forget();
    b.pass(8000);
    assertThat(b.fact("heard." + TWO)).isEqualTo("OK");
    b.pass(3000).logged("Received message timeout from(" + TWO + ")");
    assertThat(b.fact("heard." + TWO)).isEqualTo("ERROR");
    assertThat(b.told().getHeard(0).getOk()).isFalse();
  }

  @Test
  void aWatcherAtRestWakesOnceASecond() {
    WatcherBench b = WatcherBench.primary().forget().pass(10_000);
    assertThat(b.rows.stream().filter(r -> r == 110).count()).isBetween(9L, 11L);
    assertThat(b.rows).hasSizeLessThan(80);
  }
}
