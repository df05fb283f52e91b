package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Status;
import halab.kernel.Event;
import halab.systems.dsc.Golden;
import halab.systems.dw.monitor.MonState.Phase;
import org.junit.jupiter.api.Test;

/** Automatic and manual takeover: Data Watch manual 4.4, 6.6, 6.7; reference 5.7, 7. */
class TakeoverTest {
  private static boolean takesOver(Bench bench) {
    return bench.rows.contains(530);
  }

  @Test
  void aKilledPrimaryIsTakenOverAtOnce() {
    Bench bench = Bench.confirm().primaryKilled();
    assertThat(takesOver(bench)).isTrue();
    assertThat(bench.state.phase).isEqualTo(Phase.TAKEOVER);
    assertThat(Dmmonitor.ROLE.view().apply(bench.state).facts())
        .containsEntry("takeover", "running");
    bench.obeyed();
    assertThat(bench.state.phase).isEqualTo(Phase.WATCHING);
    assertThat(Dmmonitor.ROLE.view().apply(bench.state).facts())
        .containsEntry("takeover", "GRP1_RT_02");
  }

  @Test
  void theStepsAreTheManuals() {
    Bench bench = Bench.confirm().primaryKilled().obeyed();
    assertThat(bench.asked())
        .containsExactly(
            "n1 MON_SET_MID",
            "n2 MON_SET_MID",
            "n3 MON_SET_MID",
            "n2 MON_SWITCH_STATUS DW_TAKEOVER",
            "n2 MON_SQL SP_SET_GLOBAL_DW_STATUS(0, 7)",
            "n2 MON_SQL SP_APPLY_KEEP_PKG()",
            "n2 MON_SQL ALTER DATABASE MOUNT",
            "n2 MON_SQL ALTER DATABASE PRIMARY",
            "n2 MON_ARCH_INVALID",
            "n2 MON_SQL ALTER DATABASE OPEN FORCE",
            "n2 MON_SQL SP_SET_GLOBAL_DW_STATUS(7, 0)",
            "n2 MON_SWITCH_STATUS DW_OPEN",
            "n1 MON_CLEAR_MID",
            "n2 MON_CLEAR_MID",
            "n3 MON_CLEAR_MID");
    Golden.matches("dw", "dmmonitor-auto-takeover.txt", bench.transcript());
  }

  @Test
  void aLostHostIsTakenOverAfterDwErrorTime() {
    Bench bench = Bench.confirm().event(new Event.LinkDown(Bench.watcher(0), "reset"));
    bench.cutFrom(0).unheard(0).passes(9000, 1, 2);
    assertThat(takesOver(bench)).isFalse();
    bench.clear().passes(1000, 1, 2);
    assertThat(bench.lines().get(0)).isEqualTo("Received message timeout from(GRP1_RT_01)");
    assertThat(takesOver(bench)).isTrue();
    bench.obeyed();
    assertThat(bench.asked().get(0)).isEqualTo("n2 MON_SET_MID");
    assertThat(bench.lines()).contains("Group(GRP1) auto takeover use instance GRP1_RT_02 success");
  }

  @Test
  void anOrdinaryMonitorNeverTakesOver() {
    assertThat(takesOver(Bench.ready(false).primaryKilled())).isFalse();
  }

  @Test
  void aManualGroupIsNotTakenOver() {
    Bench bench = Bench.confirm();
    for (int n = 0; n < Bench.MEMBERS; n++) {
      bench.says(n, s -> s.setMode("MANUAL"));
    }
    assertThat(takesOver(bench.primaryKilled())).isFalse();
  }

  @Test
  void aDeadWatcherOfALivingPrimaryIsNoReason() {
    Bench bench = Bench.confirm().unheard(0).passes(12_000, 1, 2);
    assertThat(bench.rows).contains(510);
    assertThat(takesOver(bench)).isFalse();
  }

  @Test
  void aMonitorThatIsCutFromThePrimaryAloneDoesNotTakeOver() {
    Bench bench = Bench.confirm().cutFrom(0).passes(12_000, 1, 2);
    assertThat(bench.rows).contains(510);
    assertThat(takesOver(bench)).isFalse();
  }

  @Test
  void anOrderlyStopIsNoFault() {
    Bench bench = Bench.confirm().cutFrom(0);
    bench.says(0, s -> s.setInstOk(false).getReportBuilder().setStatus(Status.SHUTDOWN));
    assertThat(takesOver(bench.says(1, 2))).isFalse();
  }

  @Test
  void aPrimaryThatRunsAgainIsNotTakenOver() {
    Bench bench = Bench.confirm().says(0, s -> s.setInstOk(false));
    bench.says(0, s -> s.setInstOk(true).getReportBuilder().setStatus(Status.MOUNT));
    assertThat(takesOver(bench.cutFrom(0).says(1, 2))).isFalse();
  }

  @Test
  void aPrimaryThatComesBackMeanwhileEndsTheTakeover() {
    Bench bench = Bench.confirm().primaryKilled();
    bench.says(0, s -> s.setInstOk(true));
    bench.obeyed();
    assertThat(bench.asked()).noneMatch(a -> a.contains("MON_SQL"));
    assertThat(bench.asked()).contains("n1 MON_CLEAR_MID", "n2 MON_CLEAR_MID", "n3 MON_CLEAR_MID");
    assertThat(bench.state.phase).isEqualTo(Phase.WATCHING);
  }

  @Test
  void theStandbyWithTheLargestKlsnTakesOver() {
    Bench bench = Bench.confirm().reports(2, r -> r.getApplyBuilder().setKlsn(45304));
    bench.primaryKilled().obeyed();
    assertThat(bench.asked()).contains("n3 MON_SWITCH_STATUS DW_TAKEOVER");
  }

  @Test
  void anInvalidStandbyDoesNotTakeOver() {
    Bench bench = Bench.confirm().reports(0, r -> r.getArchBuilder(0).setValid(false));
    bench.primaryKilled().obeyed();
    assertThat(bench.asked()).contains("n3 MON_SWITCH_STATUS DW_TAKEOVER");
  }

  @Test
  void aStandbyThatWasRestartedSinceDoesNotTakeOver() {
    Bench bench = Bench.confirm();
    bench.cutFrom(0).says(0, s -> s.setInstOk(false));
    bench.reports(1, r -> r.setIncarnation(2)).says(2).obeyed();
    assertThat(bench.asked()).contains("n3 MON_SWITCH_STATUS DW_TAKEOVER");
  }

  @Test
  void aStandbyThatLacksWhatThePrimaryHadDoesNotTakeOver() {
    Bench bench = Bench.confirm();
    for (int n = 1; n < Bench.MEMBERS; n++) {
      bench.reports(n, r -> r.getApplyBuilder().setKlsn(45302));
    }
    assertThat(takesOver(bench.primaryKilled())).isFalse();
  }

  @Test
  void aStandbyWhoseWatcherIsNotOpenDoesNotTakeOver() {
    Bench bench = Bench.confirm();
    bench.says(1, s -> s.setStatus(DwStatus.DW_SHUTDOWN));
    bench.says(2, s -> s.setCtl(CtlStatus.CTL_SPLIT));
    assertThat(takesOver(bench.primaryKilled())).isFalse();
  }

  @Test
  void aStandbyThatWasGivenUpDoesNotTakeOver() {
    Bench bench = Bench.confirm();
    bench.says(
        0,
        s -> {
          s.setStatus(DwStatus.DW_CONFIRM).setChange(2).addAsks("GRP1_RT_02").addAsks("GRP1_RT_03");
          s.getReportBuilder().setStatus(Status.SUSPEND);
        });
    assertThat(bench.asked()).containsExactly("n1 MON_CONFIRM 2 true");
    // what the primary commits from now on, the standbys lack; it dies before it tells so
    assertThat(takesOver(bench.primaryKilled())).isFalse();
  }

  @Test
  void aStandbyThatWasLostForAMomentCountsWhenThePrimarySaysSo() {
    Bench bench = Bench.confirm().says(1, s -> s.setInstOk(false)).says(1, s -> s.setInstOk(true));
    bench.event(new Event.LinkDown(Bench.watcher(2), "reset")).linked(2).says(2);
    // the primary may have gone on without them before it could tell so
    assertThat(takesOver(bench.primaryKilled())).isFalse();
    bench = Bench.confirm().says(1, s -> s.setInstOk(false)).says(1, s -> s.setInstOk(true));
    assertThat(takesOver(bench.says(0).primaryKilled())).isTrue();
  }

  @Test
  void aFailedTakeoverIsTriedAgain() {
    Bench bench = Bench.confirm().refusing("ALTER DATABASE MOUNT", -542).primaryKilled().obeyed();
    assertThat(bench.lines()).contains("Group(GRP1) auto takeover use instance GRP1_RT_02 failed");
    assertThat(bench.asked())
        .contains("n2 MON_SQL SP_SET_GLOBAL_DW_STATUS(7, 0)", "n2 MON_CLEAR_MID");
    assertThat(bench.asked()).noneMatch(a -> a.contains("PRIMARY"));
    bench.says(1, s -> s.setStatus(DwStatus.DW_OPEN)).clear().refusing("none", 0);
    assertThat(takesOver(bench.passes(4000, 0, 1, 2))).isFalse();
    assertThat(takesOver(bench.passes(1000, 0, 1, 2))).isTrue();
  }

  // ---- by the user
  // -------------------------------------------------------------------------------

  @Test
  void theUserTakesOver() {
    Bench bench = Bench.manual().primaryKilled();
    assertThat(bench.types("choose takeover").last().text())
        .isEqualTo(
            """
            Can choose one of the following instances to do takeover:
            1: GRP1_RT_02
            2: GRP1_RT_03""");
    assertThat(bench.does("takeover 2").last().exitCode()).isZero();
    assertThat(bench.asked()).contains("n3 MON_SQL ALTER DATABASE PRIMARY");
    bench = Bench.manual().primaryKilled();
    assertThat(bench.does("takeover GRP1.GRP1_RT_02").last().exitCode()).isZero();
    Golden.matches("dw", "dmmonitor-takeover.txt", bench.transcript());
  }

  private static void refused(Bench bench, String command, int code) {
    bench.types(command);
    assertThat(bench.last().text()).contains("[code:" + code + "]");
    assertThat(bench.last().exitCode()).isEqualTo(1);
    assertThat(bench.orders()).isEmpty();
  }

  @Test
  void aServingPrimaryIsNotTakenOver() {
    refused(Bench.manual(), "choose takeover", -8388);
    refused(Bench.manual(), "choose takeover force", -8388);
    refused(Bench.manual(), "takeover GRP1_RT_02", -8394);
    refused(Bench.manual(), "takeover force GRP1_RT_02", -8394);
  }

  @Test
  void aPrimaryThatAStandbyHearsIsNotTakenOver() {
    Bench bench = Bench.manual().passes(12_000, 1, 2);
    refused(bench, "takeover GRP1_RT_02", -8420);
    assertThat(bench.types("choose takeover").last().text()).contains("[code:-8496]");
  }

  @Test
  void withoutAnyKnowledgeOfThePrimaryOnlyForceHelps() {
    Bench bench = new Bench(false).started().linked(1).cutFrom(0).says(1);
    bench.state = bench.state.with(s -> s.loggedIn = true);
    refused(bench, "takeover GRP1_RT_02", -8395);
    assertThat(bench.does("takeover force GRP1_RT_02").last().exitCode()).isZero();
  }

  @Test
  void anInvalidStandbyTakesOverByForceAlone() {
    Bench bench = Bench.manual().reports(0, r -> r.getArchBuilder(0).setValid(false));
    bench.primaryKilled();
    refused(bench, "takeover GRP1_RT_02", -8400);
    assertThat(bench.types("choose takeover force").last().text()).contains("1: GRP1_RT_02");
    assertThat(bench.does("takeover force GRP1_RT_02").last().exitCode()).isZero();
    assertThat(bench.lines()).contains("Takeover force use instance GRP1_RT_02 success");
  }

  @Test
  void forceOpensAStandbyThatStandsAtMount() {
    Bench bench = Bench.manual().primaryKilled();
    bench.says(1, s -> s.setStatus(DwStatus.DW_STARTUP).getReportBuilder().setStatus(Status.MOUNT));
    bench.does("takeover force GRP1_RT_02");
    assertThat(bench.asked())
        .containsSubsequence(
            "n2 MON_SQL SP_SET_GLOBAL_DW_STATUS(0, 7)",
            "n2 MON_SQL ALTER DATABASE OPEN FORCE",
            "n2 MON_SQL SP_APPLY_KEEP_PKG()");
  }

  @Test
  void standbysThatAreUnfitAreRefused() {
    Bench bench = Bench.manual().reports(2, r -> r.getApplyBuilder().setKlsn(45305));
    bench.primaryKilled();
    refused(bench, "takeover GRP1_RT_02", -8393);
    refused(bench, "takeover force GRP1_RT_02", -8393);
    refused(
        Bench.manual().primaryKilled().says(1, s -> s.setStatus(DwStatus.DW_STARTUP)),
        "takeover GRP1_RT_02",
        -8390);
    refused(
        Bench.manual().primaryKilled().reports(1, r -> r.setStatus(Status.MOUNT)),
        "takeover GRP1_RT_02",
        -8392);
    refused(
        Bench.manual().primaryKilled().says(1, s -> s.setCtl(CtlStatus.CTL_SPLIT)),
        "takeover GRP1_RT_02",
        -8401);
    refused(
        Bench.manual().primaryKilled().reports(1, r -> r.clearOpening()),
        "takeover GRP1_RT_02",
        -8402);
    refused(
        Bench.manual().primaryKilled().reports(1, r -> r.getApplyBuilder().setKlsn(1)),
        "takeover GRP1_RT_02",
        -8397);
    refused(
        Bench.manual().primaryKilled().says(1, s -> s.setStatus(DwStatus.DW_SHUTDOWN)),
        "takeover force GRP1_RT_02",
        -8458);
    refused(
        Bench.manual().primaryKilled().reports(1, r -> r.setStatus(Status.SUSPEND)),
        "takeover force GRP1_RT_02",
        -8460);
  }

  @Test
  void aPrimaryWhoseWatcherWasAtWorkIsNotTakenOver() {
    Bench bench = Bench.manual().says(0, s -> s.setStatus(DwStatus.DW_FAILOVER));
    refused(bench.primaryKilled(), "takeover GRP1_RT_02", -8398);
  }

  @Test
  void thePrimaryItselfIsNoCandidate() {
    Bench bench = Bench.manual().primaryKilled();
    refused(bench, "takeover force GRP1_RT_01", -8459);
  }

  @Test
  void tellsHowLongATakeoverWaits() {
    Bench bench = Bench.confirm();
    assertThat(bench.types("get takeover time").last().text()).contains("[code:-8720]");
    bench.passes(4000, 1, 2);
    assertThat(bench.types("get takeover time").last().text())
        .contains("Instance GRP1_RT_02 of group(GRP1) takes over in 6 s unless");
    refused(Bench.ready(false), "get takeover time", -8726);
  }
}
