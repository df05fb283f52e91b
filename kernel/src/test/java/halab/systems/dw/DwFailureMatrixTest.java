package halab.systems.dw;

import static halab.systems.dw.WatcherBench.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.ArchType;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Rows of the failure matrix (reference 7) in which a watcher has to do nothing, or only little.
 */
class DwFailureMatrixTest {
  private static void isCalm(WatcherBench b, DwPhase phase) {
    b.comesTo(phase).ordered();
    assertThat(b.did(Effect.EndRole.class)).isEmpty();
    assertThat(b.did(Effect.Launch.class)).isEmpty();
  }

  @Test
  void row1TheFaultOfTheInstanceIsToldAtOnce() {
    WatcherBench b = WatcherBench.primary().forget().dies().pass(500);
    assertThat(b.told().getInstOk()).isFalse();
    assertThat(b.told().getReport().getMode()).isEqualTo(Mode.PRIMARY);
  }

  @Test
  void row2AStandbysWatcherTakesNothingOverByItself() {
    isCalm(WatcherBench.standby().forget().silent(TWO).pass(120_000), DwPhase.OPEN);
    isCalm(
        WatcherBench.standby(WatcherBench.manual()).forget().silent(TWO).pass(120_000),
        DwPhase.OPEN);
  }

  @Test
  void row4ANewWatcherFindsItsInstanceOpen() {
    WatcherBench b = WatcherBench.born(2, Map.of(), Map.of()).instance(Mode.PRIMARY, Status.OPEN);
    isCalm(b.settle().pass(3000), DwPhase.OPEN);
  }

  @Test
  void row7TheStandbysWatcherMayDieWhileRedoFlows() {
    isCalm(WatcherBench.primary().forget().silent(TWO).pass(60_000), DwPhase.OPEN);
  }

  @Test
  void row8WithoutMonitorTheServiceIsNormal() {
    WatcherBench b = WatcherBench.primary().monitor(true).forget();
    b.event(new Event.LinkDown(WatcherBench.MON, "reset"));
    isCalm(b.pass(60_000), DwPhase.OPEN);
    assertThat(b.fact("monitors")).isEqualTo("0");
  }

  @Test
  void row10AnIsolatedPrimaryStaysInSuspend() {
    WatcherBench b = WatcherBench.primary().forget().silent(TWO).suspends(TWO);
    isCalm(b.pass(120_000), DwPhase.CONFIRM);
  }

  @Test
  void row12AFullLocalArchiveIsNoFaultWhileTheInstanceReports() {
    WatcherBench b = WatcherBench.primary().forget().tells(r -> r.setArchHangs(true));
    isCalm(b.pass(120_000), DwPhase.OPEN);
    assertThat(b.told().getReport().getArchHangs()).isTrue();
    assertThat(b.fact("inst_ok")).isEqualTo("OK");
  }

  @Test
  void row17And19AnAsynchronousOrRemoteTargetThatFailsIsNotTheWatchersAffair() {
    WatcherBench b = WatcherBench.primary().forget();
    ArchTarget.Builder async = ArchTarget.newBuilder().setDest("A").setType(ArchType.ARCH_ASYNC);
    ArchTarget.Builder remote = ArchTarget.newBuilder().setDest("R").setType(ArchType.ARCH_REMOTE);
    isCalm(b.tells(r -> r.addArch(async).addArch(remote)).pass(60_000), DwPhase.OPEN);
  }

  @Test
  void row20AWallClockThatStepsChangesNothing() {
    WatcherBench b = WatcherBench.primary().forget();
    b.says(TWO, m -> m.setWallMs(5));
    isCalm(b.pass(30_000), DwPhase.OPEN);
  }
}
