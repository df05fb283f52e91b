package halab.systems.dw;

import static halab.systems.dw.InstBench.ONE;
import static halab.systems.dw.InstBench.THREE;
import static halab.systems.dw.InstBench.TWO;
import static halab.systems.dw.InstBench.at;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.MalAck;
import halab.dw.proto.MalRedo;
import halab.dw.proto.Mode;
import halab.dw.proto.OrderKind;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.TableCheck;
import halab.redo.proto.RlogPkg;
import halab.systems.Serving;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** dmserver of Data Watch, row by row. */
class DmserverTest {
  @Test
  void everyPairOfPhaseAndTriggerIsHeard() {
    assertThat(TableCheck.problems(Dmserver.TABLE)).isEmpty();
  }

  // ---- start
  // --------------------------------------------------------------------------------------

  @Test
  void aPrimaryStopsInMountAndWaits() {
    InstBench b = InstBench.mounted(DmMode.PRIMARY);
    assertThat(b.state.phase).isEqualTo(InstPhase.MOUNT);
    assertThat(Dmserver.serving(b.state).mode()).isEqualTo(Serving.Mode.MOUNTED);
  }

  @Test
  void aNormalDatabaseOpensByItself() {
    InstBench b = InstBench.mounted(DmMode.NORMAL);
    assertThat(b.state.phase).isEqualTo(InstPhase.OPEN);
  }

  @Test
  void aNewerDmserverRefusesADatabaseThatWasNotClosedInOrder() {
    DmCtl old = InstBench.ctl(DmMode.PRIMARY).withVersion(156).withClean(false);
    InstBench b = InstBench.born(old, Map.of()).event(new Event.Started(1, 1));
    assertThat(b.log())
        .containsExactly(
            "Upgrade is not allowed,please startup with origin dmserver and shutdown again");
    assertThat(b.all(Effect.Halt.class).get(0).exitCode()).isEqualTo(ExitCode.CONFIG);
  }

  @Test
  void aNewerDmserverUpgradesACleanDatabaseByRedoThatStandbysGet() {
    DmCtl old = InstBench.ctl(DmMode.PRIMARY).withVersion(156);
    InstBench b = InstBench.born(old, Map.of()).event(new Event.Started(1, 1)).settle();
    b.watcher().linked(TWO).linked(THREE).settle();
    b.sql("ALTER DATABASE OPEN FORCE");
    assertThat(b.lastRedo(TWO).getPtxList()).anyMatch(p -> p.getVersion() == 218);
    assertThat(b.saved.dbVersion()).isEqualTo(156);
    b.ackAll().settle();
    assertThat(b.saved.dbVersion()).isEqualTo(218);
  }

  @Test
  void afterACrashTheOnlineLogIsRedoneAndTheArchiveCompleted() {
    InstBench b = InstBench.born(DmMode.PRIMARY);
    MalRedo redo = b.redo(1, 0, 3);
    redo.getPtxList().forEach(p -> b.online.put(p.getLsn(), p));
    b.archive.put(1L, redo.getPtx(0));
    b.engineLsn = 2;
    b.event(new Event.Started(1, 1)).settle();
    assertThat(b.all(Effect.Apply.class)).extracting(Effect.Apply::lsn).containsExactly(3L);
    assertThat(b.archive.keySet()).containsExactly(1L, 2L, 3L);
    assertThat(b.state.phase).isEqualTo(InstPhase.MOUNT);
    assertThat(b.state.way.flsn).isEqualTo(3);
  }

  @Test
  void theOnlineLogIsReadInPartsUntilItsEnd() {
    InstBench b = InstBench.born(DmMode.PRIMARY);
    b.redo(1, 0, 7).getPtxList().forEach(p -> b.online.put(p.getLsn(), p));
    b.readMost = 3;
    b.event(new Event.Started(1, 1)).settle();
    assertThat(b.engineLsn).isEqualTo(7);
    assertThat(b.archive.keySet()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(b.log()).filteredOn(line -> line.startsWith("begin redo")).hasSize(1);
    assertThat(b.state.phase).isEqualTo(InstPhase.MOUNT);
    assertThat(b.state.way.applied).isEqualTo(7);
  }

  @Test
  void openingAPrimaryAddsARowToTheHistory() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(b.saved.nOpen()).isEqualTo(2);
    assertThat(b.saved.history().get(1).primary()).isEqualTo(ONE);
    assertThat(b.saved.clean()).isFalse();
  }

  // ---- the watcher
  // --------------------------------------------------------------------------------

  @Test
  void aWatcherWithAnotherOguidIsTurnedAway() {
    InstBench b = InstBench.born(DmMode.PRIMARY).event(new Event.Started(1, 1)).settle();
    b.event(
        new Event.Received(
            InstBench.WATCHER, halab.dw.proto.DwHello.newBuilder().setOguid(5).build()));
    assertThat(b.sent(InstBench.WATCHER, halab.dw.proto.DwRefused.class).get(0).getWhy())
        .isEqualTo(
            "oguid(5) configured in dmwatcher.ini not equal with local dmserver's oguid(453331),"
                + " cannot build connection!");
    assertThat(b.state.watcherLinked).isFalse();
  }

  @Test
  void anOrderThatIsAskedAgainIsCarriedOutOnce() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(b.sql("SP_SET_GLOBAL_DW_STATUS(0, 7)").getCode()).isZero();
    b.event(
        new Event.Received(
            InstBench.WATCHER,
            halab.dw.proto.DwOrder.newBuilder()
                .setNumber(b.lastOrder())
                .setKind(OrderKind.ORDER_SQL)
                .setText("SP_SET_GLOBAL_DW_STATUS(0, 7)")
                .build()));
    assertThat(b.sent(InstBench.WATCHER, halab.dw.proto.DwOrderDone.class)).hasSize(2);
    assertThat(b.state.dwStatus).isEqualTo(7);
  }

  @Test
  void theGlobalStatusIsComparedBeforeItIsSet() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(b.sql("SP_SET_GLOBAL_DW_STATUS(6, 0)").getCode()).isNegative();
    assertThat(b.state.dwStatus).isZero();
  }

  // ---- realtime archive
  // ---------------------------------------------------------------------------

  @Test
  void aPackageIsSentBeforeItIsWrittenAndCommittedAfterBothLogs() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    long before = b.state.way.flsn;
    b.commit(1).settle();
    assertThat(b.lastRedo(TWO).getBeforeLsn()).isEqualTo(before);
    assertThat(b.all(Effect.WriteRedo.class)).isEmpty();
    b.ack(TWO, 0);
    assertThat(b.all(Effect.WriteRedo.class)).isEmpty();
    b.ack(THREE, 0);
    assertThat(b.all(Effect.WriteRedo.class))
        .extracting(Effect.WriteRedo::disk)
        .containsExactly(Paths.ONLINE, "/dm/arch");
    assertThat(b.committed()).containsExactly(1L);
  }

  @Test
  void theNextPackageWaitsUntilTheOneBeforeIsInTheOnlineLog() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.onlineHangs = true;
    b.commit(1).settle().ackAll().commit(2).commit(3).settle();
    assertThat(b.sent(at(TWO), MalRedo.class)).hasSize(1);
    b.onlineHangs = false;
    long request = b.state.way.online.request();
    b.state.way.online.pkgs().forEach(p -> b.online.put(p.getLsn(), p));
    b.event(new Event.RedoWritten(request, Paths.ONLINE, 0)).settle();
    assertThat(b.lastRedo(TWO).getPtxCount()).isEqualTo(2);
  }

  @Test
  void aTargetThatRefusesSuspendsThePrimary() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().ack(TWO, KeepActs.LOG_CHECK);
    assertThat(b.state.phase).isEqualTo(InstPhase.SUSPEND);
    assertThat(b.lastReport().getArchList())
        .anyMatch(a -> a.getDest().equals(TWO) && a.getFailing());
    b.ack(THREE, 0);
    assertThat(b.committed()).isEmpty();
  }

  @Test
  void aBrokenLinkSuspendsThePrimaryAndCommitsHang() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().event(new Event.LinkDown(at(TWO), "gone")).settle();
    assertThat(b.state.phase).isEqualTo(InstPhase.SUSPEND);
    b.commit(2).settle();
    assertThat(b.committed()).isEmpty();
    assertThat(Dmserver.serving(b.state).mode()).isEqualTo(Serving.Mode.OPEN);
  }

  @Test
  void aTargetThatStillReadsItsRedoIsNotTakenForOneThatLacksSome() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().ackAll().settle();
    b.says(TWO, Mode.STANDBY, Status.STARTUP, 0);
    assertThat(b.state.targets.get(TWO).valid()).isTrue();
    b.says(TWO, Mode.STANDBY, Status.MOUNT, b.state.way.flsn - 1);
    assertThat(b.state.targets.get(TWO).valid()).isFalse();
  }

  @Test
  void aSilentTargetCountsAsGoneAfterCheckAndFailInterval() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().ack(THREE, 0).pass(2900);
    assertThat(b.state.phase).isEqualTo(InstPhase.OPEN);
    b.pass(200);
    assertThat(b.state.phase).isEqualTo(InstPhase.SUSPEND);
  }

  @Test
  void withTheTargetInvalidOpenForceWritesWhatIsHeld() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().ack(THREE, 0);
    b.event(new Event.LinkDown(at(TWO), "gone")).settle().commit(2).settle();
    assertThat(b.order(OrderKind.ORDER_ARCH_INVALID, "", TWO).getCode()).isZero();
    assertThat(b.committed()).isEmpty();
    assertThat(b.sql("ALTER DATABASE OPEN FORCE").getCode()).isZero();
    assertThat(b.state.phase).isEqualTo(InstPhase.OPEN);
    b.settle().ack(THREE, 0);
    assertThat(b.committed()).containsExactly(1L, 2L);
  }

  @Test
  void openForceIsRefusedWhileAValidTargetFails() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().event(new Event.LinkDown(at(TWO), "gone")).settle();
    assertThat(b.sql("ALTER DATABASE OPEN FORCE").getCode()).isNegative();
    assertThat(b.state.phase).isEqualTo(InstPhase.SUSPEND);
  }

  @Test
  void aTargetThatComesBackWithThePackageNeedsNoInvalidation() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().ack(THREE, 0);
    long last = b.state.ship.clsn;
    b.event(new Event.LinkDown(at(TWO), "gone")).settle();
    b.event(new Event.LinkUp(at(TWO), 2)).says(TWO, Mode.STANDBY, last).settle();
    assertThat(b.state.ship.failing()).isFalse();
    assertThat(b.sql("ALTER DATABASE OPEN FORCE").getCode()).isZero();
    b.settle();
    assertThat(b.committed()).containsExactly(1L);
  }

  @Test
  void aTargetThatComesBackWithoutThePackageGetsItOnceMore() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    long before = b.state.way.flsn;
    b.commit(1).settle().ack(THREE, 0).event(new Event.LinkDown(at(TWO), "gone")).settle();
    b.event(new Event.LinkUp(at(TWO), 2)).says(TWO, Mode.STANDBY, before).settle();
    assertThat(b.sent(at(TWO), MalRedo.class)).hasSize(2);
    b.ack(TWO, 0);
    assertThat(b.state.ship.failing()).isFalse();
  }

  // ---- timely archive
  // -----------------------------------------------------------------------------

  @Test
  void timelyIsWrittenFirstAndCommittedAfterTheAcknowledgement() {
    InstBench b = InstBench.open(DmMode.PRIMARY, Map.of("arch_type", "TIMELY"));
    b.commit(1).settle();
    assertThat(b.all(Effect.WriteRedo.class)).hasSize(2);
    assertThat(b.committed()).isEmpty();
    b.ackAll();
    assertThat(b.committed()).containsExactly(1L);
  }

  // ---- local archive
  // ------------------------------------------------------------------------------

  @Test
  void aFullArchiveHangsCommitsUntilThereIsSpace() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.archiveFails = "no space left on device";
    b.commit(1).settle().ackAll().commit(2).settle();
    assertThat(b.committed()).isEmpty();
    assertThat(b.state.phase).isEqualTo(InstPhase.OPEN);
    assertThat(b.lastReport().getArchHangs()).isTrue();
    b.archiveFails = null;
    for (int i = 0; i < 3; i++) {
      b.pass(700);
      b.says(TWO, Mode.STANDBY, 0).says(THREE, Mode.STANDBY, 0);
    }
    b.settle().ackAll();
    assertThat(b.committed()).containsExactly(1L, 2L);
  }

  // ---- standby
  // ------------------------------------------------------------------------------------

  private static InstBench standby() {
    InstBench b = InstBench.open(DmMode.STANDBY);
    return b;
  }

  @Test
  void aStandbyKeepsAPackageAndReplaysTheOneBefore() {
    InstBench b = standby();
    b.from(TWO, b.redo(1, 0, 2)).settle();
    assertThat(b.lastAck(TWO).getCode()).isZero();
    assertThat(b.all(Effect.Apply.class)).isEmpty();
    assertThat(b.state.klsn()).isEqualTo(2);
    b.from(TWO, b.redo(2, 2, 1)).settle();
    assertThat(b.all(Effect.Apply.class)).extracting(Effect.Apply::lsn).containsExactly(1L, 2L);
  }

  @Test
  void theKeptPackageIsReplayedOnceThePrimaryHasItOnDisk() {
    InstBench b = standby();
    b.from(TWO, b.redo(1, 0, 2)).settle().says(TWO, Mode.PRIMARY, 1).settle();
    assertThat(b.state.kept.keeps()).isTrue();
    b.says(TWO, Mode.PRIMARY, 2).settle();
    assertThat(b.state.kept.keeps()).isFalse();
    assertThat(b.state.way.applied).isEqualTo(2);
  }

  @Test
  void aPrimaryThatLostThePackageReplacesIt() {
    InstBench b = standby();
    b.from(TWO, b.redo(1, 0, 2)).settle();
    b.from(TWO, b.redo(9, 0, 1)).settle();
    assertThat(b.lastAck(TWO).getCode()).isZero();
    assertThat(b.state.klsn()).isEqualTo(1);
  }

  @Test
  void transactionConsistentModeAcknowledgesAfterTheReplay() {
    InstBench b = standby();
    b.engineHangs = true;
    b.from(TWO, b.redo(1, 0, 1).toBuilder().setWaitApply(true).build()).settle();
    assertThat(b.sent(at(TWO), MalAck.class)).isEmpty();
    b.event(new Event.Applied(1)).settle();
    assertThat(b.lastAck(TWO).getCode()).isZero();
  }

  @Test
  void redoWithAHoleOrOfAnotherDatabaseIsRefused() {
    InstBench b = standby();
    b.from(TWO, b.redo(1, 5, 1)).settle();
    assertThat(b.lastAck(TWO).getCode()).isEqualTo(KeepActs.LOG_CHECK);
    b.from(TWO, b.redo(2, 0, 1).toBuilder().setPermanentMagic(8).build()).settle();
    assertThat(b.lastAck(TWO).getCode()).isEqualTo(KeepActs.OTHER_MAGIC);
  }

  @Test
  void aStandbyWhoseArchiveIsFullRefusesMore() {
    InstBench b = standby();
    b.archiveFails = "no space left on device";
    b.from(TWO, b.redo(1, 0, 1)).settle().from(TWO, b.redo(2, 1, 1)).settle();
    b.from(TWO, b.redo(3, 2, 1)).settle();
    assertThat(b.lastAck(TWO).getCode()).isEqualTo(KeepActs.ARCHIVE_FAILS);
  }

  @Test
  void aStandbyTakesNoCommits() {
    InstBench b = standby().commit(1);
    assertThat(b.all(Effect.Refused.class).get(0).sqlState()).isEqualTo("25006");
    assertThat(Dmserver.serving(b.state).mode()).isEqualTo(Serving.Mode.READ_ONLY);
  }

  @Test
  void aStandbyThatHasNotReplayedTheUpgradeRefusesAllAccess() {
    InstBench b = InstBench.born(InstBench.ctl(DmMode.STANDBY).withVersion(156), Map.of());
    b.event(new Event.Started(1, 1)).settle().watcher().linked(TWO).linked(THREE).settle();
    b.sql("ALTER DATABASE OPEN FORCE");
    assertThat(Dmserver.serving(b.state).mode()).isEqualTo(Serving.Mode.REFUSED);
    assertThat(Dmserver.serving(b.state).refusal()).isEqualTo("备库版本升级时不允许访问");
    MalRedo redo = b.redo(1, 0, 1);
    RlogPkg upgrade = RlogPkg.newBuilder().setLsn(1).setSeq(1).setVersion(218).build();
    b.from(TWO, redo.toBuilder().setPtx(0, upgrade).setRecovery(true).build()).settle();
    assertThat(b.saved.dbVersion()).isEqualTo(218);
    assertThat(Dmserver.serving(b.state).mode()).isEqualTo(Serving.Mode.READ_ONLY);
  }

  // ---- modes and states
  // -----------------------------------------------------------------------------

  @Test
  void mountAndSuspendNeverChangeIntoEachOther() {
    assertThat(InstBench.mounted(DmMode.PRIMARY).sql("ALTER DATABASE SUSPEND").getCode())
        .isEqualTo(SqlActs.WRONG_STATE);
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(b.sql("ALTER DATABASE SUSPEND").getCode()).isZero();
    assertThat(b.state.phase).isEqualTo(InstPhase.SUSPEND);
    assertThat(b.sql("ALTER DATABASE MOUNT").getCode()).isEqualTo(SqlActs.WRONG_STATE);
  }

  @Test
  void theModeChangesInMountAlone() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(b.sql("ALTER DATABASE STANDBY").getCode()).isEqualTo(SqlActs.WRONG_STATE);
    assertThat(b.sql("ALTER DATABASE MOUNT").getCode()).isZero();
    assertThat(b.sql("ALTER DATABASE STANDBY").getCode()).isZero();
    assertThat(b.saved.mode()).isEqualTo(DmMode.STANDBY);
    assertThat(b.sql("ALTER DATABASE OPEN FORCE").getCode()).isZero();
    assertThat(Dmserver.serving(b.state).mode()).isEqualTo(Serving.Mode.READ_ONLY);
  }

  @Test
  void mountRollsBackWhatWaitsAndSettlesWhatIsUnderWay() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().commit(2).settle();
    assertThat(b.sql("ALTER DATABASE MOUNT")).isNull();
    assertThat(b.all(Effect.Refused.class)).extracting(Effect.Refused::tx).containsExactly(2L);
    b.ackAll();
    assertThat(b.state.phase).isEqualTo(InstPhase.MOUNT);
    assertThat(b.committed()).containsExactly(1L);
    assertThat(b.answered(b.lastOrder()).getCode()).isZero();
  }

  @Test
  void aStandbyBecomesPrimaryWithAllThatItKept() {
    InstBench b = standby();
    b.from(TWO, b.redo(1, 0, 2)).settle();
    assertThat(b.sql("SP_SET_GLOBAL_DW_STATUS(0, 7)").getCode()).isZero();
    assertThat(b.sql("SP_APPLY_KEEP_PKG()").getCode()).isZero();
    assertThat(b.state.way.applied).isEqualTo(2);
    assertThat(b.sql("ALTER DATABASE MOUNT").getCode()).isZero();
    assertThat(b.sql("ALTER DATABASE PRIMARY").getCode()).isZero();
    assertThat(b.order(OrderKind.ORDER_ARCH_INVALID, "", "").getCode()).isZero();
    assertThat(b.sql("ALTER DATABASE OPEN FORCE").getCode()).isZero();
    assertThat(b.sql("SP_SET_GLOBAL_DW_STATUS(7, 0)").getCode()).isZero();
    assertThat(b.saved.nOpen()).isEqualTo(2);
    assertThat(b.saved.history().get(1).lsn()).isEqualTo(2);
    b.commit(5).settle();
    assertThat(b.committed()).containsExactly(5L);
    assertThat(b.online.lastKey()).isEqualTo(4);
  }

  @Test
  void aUserMayNotAlterAGuardedDatabase() {
    InstBench b = InstBench.mounted(DmMode.PRIMARY);
    b.event(new Event.Statement(1, List.of("ALTER", "DATABASE", "OPEN", "FORCE")));
    Effect.StatementDone done = b.all(Effect.StatementDone.class).get(0);
    assertThat(done.sqlState()).isNotNull();
    assertThat(done.text()).startsWith("[-720]");
  }

  // ---- recovery
  // -----------------------------------------------------------------------------------

  @Test
  void aStandbyThatFellBehindGetsHistoryAndThenTheRest() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.order(OrderKind.ORDER_ARCH_INVALID, "", TWO);
    b.commit(1).settle().ack(THREE, 0).commit(2).settle().ack(THREE, 0);
    assertThat(b.committed()).containsExactly(1L, 2L);
    long there = b.state.way.flsn - 2;
    assertThat(b.order(OrderKind.ORDER_RECOVER, "", TWO)).isNull();
    b.says(TWO, Mode.STANDBY, there).settle();
    assertThat(b.lastRedo(TWO).getRecovery()).isTrue();
    assertThat(b.lastRedo(TWO).getPtxCount()).isEqualTo(2);
    b.ack(TWO, 0);
    assertThat(b.answered(b.lastOrder()).getCode()).isZero();
    assertThat(b.sql("ALTER DATABASE SUSPEND").getCode()).isZero();
    b.order(OrderKind.ORDER_RECOVER_TAIL, "", TWO);
    b.says(TWO, Mode.STANDBY, b.state.way.flsn).settle();
    assertThat(b.answered(b.lastOrder()).getCode()).isZero();
    assertThat(b.order(OrderKind.ORDER_ARCH_VALID, "", TWO).getCode()).isZero();
    assertThat(b.sql("ALTER DATABASE OPEN").getCode()).isZero();
    b.commit(3).settle();
    assertThat(b.lastRedo(TWO).getRecovery()).isFalse();
  }

  @Test
  void aStandbyThatIsBehindTheArchiveCannotBeRecovered() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.order(OrderKind.ORDER_ARCH_INVALID, "", TWO);
    b.archive.clear();
    MalRedo late = b.redo(1, 40, 1);
    b.archive.put(41L, late.getPtx(0));
    b.change(s -> s.way = s.way.with(w -> w.archived = 41));
    b.order(OrderKind.ORDER_RECOVER, "", TWO);
    b.says(TWO, Mode.STANDBY, 1).settle();
    assertThat(b.answered(b.lastOrder()).getCode()).isEqualTo(HistoryActs.NO_ARCHIVE);
  }

  // ---- stop
  // ---------------------------------------------------------------------------------------

  @Test
  void aPrimaryThatStopsPurgesAndClosesInOrder() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.event(new Event.StopRequested()).settle();
    assertThat(b.all(Effect.Halt.class)).isEmpty();
    b.ackAll();
    assertThat(b.all(Effect.Halt.class).get(0).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(b.saved.clean()).isTrue();
  }

  @Test
  void aPrimaryThatStopsAfterItsStandbyIsNotClosedInOrder() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.event(new Event.LinkDown(at(TWO), "gone")).settle();
    b.event(new Event.StopRequested()).settle();
    assertThat(b.all(Effect.Halt.class).get(0).exitCode()).isEqualTo(ExitCode.NO);
    assertThat(b.saved.clean()).isFalse();
  }

  @Test
  void aStandbyClosesInOrder() {
    InstBench b = standby();
    b.from(TWO, b.redo(1, 0, 1)).settle();
    b.event(new Event.StopRequested()).settle();
    assertThat(b.all(Effect.Halt.class).get(0).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(b.saved.clean()).isTrue();
  }

  @Test
  void aWordOnItsConsoleIsAnswered() {
    InstBench b = InstBench.open(DmMode.PRIMARY).event(new Event.Command(7, List.of("help")));
    Effect.Reply reply = b.all(Effect.Reply.class).get(0);
    assertThat(reply.requestId()).isEqualTo(7);
    assertThat(reply.last()).isTrue();
    assertThat(reply.text()).startsWith("GRP1_RT_01 knows no console words");
  }
}
