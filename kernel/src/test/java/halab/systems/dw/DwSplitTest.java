package halab.systems.dw;

import static halab.systems.dw.WatcherBench.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.CtlStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.systems.View;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Split and two primaries (reference 5.9; manual 3.6, 6.15; matrix rows 10 and 14). */
class DwSplitTest {
  /** The other one took over at this LSN. */
  private static WatcherBench takenOver(WatcherBench b, long lsn) {
    b.other(TWO, Mode.PRIMARY, Status.OPEN);
    return b.says(TWO, m -> m.getReportBuilder().addOpening(WatcherBench.opening(2, TWO, lsn)));
  }

  @Test
  void aPrimaryThatWroteOnAfterTheTakeoverIsSplitAndShutDown() {
    WatcherBench b = takenOver(WatcherBench.primary().forget(), 90).pass(3000);
    Effect.SaveFile file = b.did(Effect.SaveFile.class).get(0);
    assertThat(file.folder()).isEqualTo(Effect.Folder.SYSTEM);
    assertThat(file.name()).isEqualTo("dmwatcher.ctl");
    assertThat(file.text()).contains("STATUS = SPLIT").contains("LSN 100");
    assertThat(b.did(Effect.EndRole.class)).hasSize(1);
    b.comesTo(DwPhase.STARTUP).fired(710).logged("[!!! ").logged("code:-10264");
    assertThat(b.told().getCtl()).isEqualTo(CtlStatus.CTL_SPLIT);
  }

  @Test
  void oneLookIsNotEnough() {
    WatcherBench b = takenOver(WatcherBench.primary().forget(), 90).pass(500);
    b.other(TWO, Mode.STANDBY, Status.OPEN).pass(5000).comesTo(DwPhase.OPEN);
    assertThat(b.did(Effect.EndRole.class)).isEmpty();
  }

  @Test
  void aPrimaryThatWasTakenOverAndHasNothingBeyondIsShutDownWithoutSplit() {
    WatcherBench b = takenOver(WatcherBench.primary().forget(), 100).pass(3000).fired(720);
    assertThat(b.did(Effect.EndRole.class)).hasSize(1);
    assertThat(b.did(Effect.SaveFile.class)).isEmpty();
    b.dies().instance(Mode.PRIMARY, Status.MOUNT).settle();
    b.ordered("ALTER DATABASE STANDBY", "ALTER DATABASE OPEN FORCE").comesTo(DwPhase.OPEN);
  }

  @Test
  void theOneThatTookOverStays() {
    WatcherBench b = WatcherBench.primary().forget();
    b.tells(r -> r.addOpening(WatcherBench.opening(2, WatcherBench.ONE, 80)));
    b.other(TWO, Mode.PRIMARY, Status.OPEN).pass(10_000).comesTo(DwPhase.OPEN);
    assertThat(b.did(Effect.EndRole.class)).isEmpty();
  }

  @Test
  void twoPrimariesOfDifferentHistoriesAreBothShutDown() {
    WatcherBench b = WatcherBench.primary().forget();
    b.tells(r -> r.addOpening(WatcherBench.opening(2, WatcherBench.ONE, 80)));
    takenOver(b, 100).pass(3000).fired(730).comesTo(DwPhase.STARTUP);
    assertThat(b.did(Effect.EndRole.class)).hasSize(1);
    assertThat(b.fact("ctl")).isEqualTo("VALID");
  }

  @Test
  void aPrimaryAtMountThatCannotJoinTheNewOneIsSplit() {
    WatcherBench b = takenOver(WatcherBench.mounted(Mode.PRIMARY), 90).pass(3000).ordered();
    b.fired(712);
    assertThat(b.fact("ctl")).isEqualTo("SPLIT");
  }

  @Test
  void anOpenStandbyOfAnotherHistoryIsSplit() {
    WatcherBench b = WatcherBench.standby().forget();
    b.tells(r -> r.addOpening(WatcherBench.opening(2, "X", 100)));
    b.says(TWO, m -> m.getReportBuilder().addOpening(WatcherBench.opening(2, TWO, 100)));
    b.pass(3000).fired(710);
  }

  @Test
  void onlyAPrimaryThatServesMakesOthersSplit() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY);
    b.other(TWO, Mode.PRIMARY, Status.MOUNT);
    b.says(TWO, m -> m.getReportBuilder().addOpening(WatcherBench.opening(2, TWO, 90)));
    b.pass(20_000);
    assertThat(b.fact("ctl")).isEqualTo("VALID");
  }

  @Test
  void aSplitDatabaseIsNotOpenedNorStarted() {
    Map<String, String> saved = Map.of("dmwatcher.ctl", DwCtl.split("it was so").text());
    WatcherBench b = WatcherBench.born(2, Map.of("INST_AUTO_RESTART", "1"), saved);
    b.instance(Mode.STANDBY, Status.MOUNT).other(TWO, Mode.PRIMARY, Status.OPEN).pass(5000);
    b.ordered().comesTo(DwPhase.STARTUP).logged("it was so");
    View view = Dmwatcher.ROLE.view().apply(b.state);
    assertThat(view.facts()).containsEntry("ctl", "SPLIT").containsEntry("ctl_why", "it was so");
    b.dies().pass(30_000);
    assertThat(b.did(Effect.Launch.class)).isEmpty();
  }

  @Test
  void aFileThatNobodyCanReadCountsAsSplit() {
    assertThat(DwCtl.read(Map.of("dmwatcher.ctl", "")).isSplit()).isTrue();
    assertThat(DwCtl.read(Map.of()).isSplit()).isFalse();
  }

  @Test
  void aSplitDatabaseThatIsOpenIsShutDown() {
    Map<String, String> saved = Map.of("dmwatcher.ctl", DwCtl.split("it was so").text());
    WatcherBench b = WatcherBench.born(2, Map.of(), saved).instance(Mode.PRIMARY, Status.OPEN);
    b.settle().fired(714).comesTo(DwPhase.STARTUP);
    assertThat(b.did(Effect.EndRole.class)).hasSize(1);
  }

  @Test
  void aWatcherThatFindsItsPrimaryTakenOverShutsItDown() {
    WatcherBench b = WatcherBench.born(2, Map.of(), Map.of());
    b.other(TWO, Mode.PRIMARY, Status.OPEN);
    b.says(TWO, m -> m.getReportBuilder().addOpening(WatcherBench.opening(2, TWO, 100)));
    b.instance(Mode.PRIMARY, Status.OPEN).settle().pass(3000).fired(735);
    assertThat(b.did(Effect.EndRole.class)).hasSize(1);
  }
}
