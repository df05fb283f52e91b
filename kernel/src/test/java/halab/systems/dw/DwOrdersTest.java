package halab.systems.dw;

import static halab.systems.dw.WatcherBench.MID;
import static halab.systems.dw.WatcherBench.MON;
import static halab.systems.dw.WatcherBench.TWO;
import static halab.systems.dw.WatcherBench.op;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.DwOrder;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.dw.proto.OrderKind;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What monitors have done (reference 5.7, 5.8, 6; manual 4.5). */
class DwOrdersTest {
  private static MonOrder.Builder para(String name, long value) {
    return op(MonOp.MON_SET_PARA).setText(name).setValue(value);
  }

  // ---- MID --------------------------------------------------------------------------------------

  @Test
  void oneMonitorAtATime() {
    WatcherBench b = WatcherBench.primary().held();
    assertThat(b.told().getSetMid()).isEqualTo(MID);
    b.asks(op(MonOp.MON_SET_MID).setMid(88)).answered(DwOrders.MID_TAKEN);
    b.asks(op(MonOp.MON_STOP_WATCHER).setMid(88)).answered(DwOrders.BUSY);
    b.asks(op(MonOp.MON_CLEAR_MID).setMid(88)).answered(DwOrders.OTHER_MID);
    b.asks(op(MonOp.MON_SET_MID)).answered(0);
    b.asks(op(MonOp.MON_CLEAR_MID)).answered(0);
    b.asks(op(MonOp.MON_SET_MID).setMid(88)).answered(0);
  }

  @Test
  void aStepOfAClearedCommandIsRefused() {
    WatcherBench b = WatcherBench.primary().monitor(false);
    b.switches(DwStatus.DW_SWITCHOVER).answered(DwOrders.MID_CLEARED);
  }

  @Test
  void theCommandOfAMonitorThatIsGoneIsClearedAfterFiveSeconds() {
    WatcherBench b = WatcherBench.primary().held().switches(DwStatus.DW_SWITCHOVER);
    b.event(new Event.LinkDown(MON, "reset")).pass(4000).comesTo(DwPhase.SWITCHOVER);
    b.pass(2000).fired(810).comesTo(DwPhase.OPEN);
    assertThat(b.fact("set_mid")).isEqualTo("0");
  }

  @Test
  void aMonitorThatComesBackInTimeKeepsItsCommand() {
    WatcherBench b = WatcherBench.primary().held().switches(DwStatus.DW_SWITCHOVER);
    b.event(new Event.LinkDown(MON, "reset")).pass(3000).monitor(false).pass(20_000);
    b.comesTo(DwPhase.SWITCHOVER).switches(DwStatus.DW_OPEN).answered(0);
  }

  @Test
  void aCommandThatGoesOnNoMoreIsCleared() {
    WatcherBench b = WatcherBench.primary().held().switches(DwStatus.DW_SWITCHOVER);
    b.pass(190_000).comesTo(DwPhase.OPEN).logged("its command is cleared (MID)");
  }

  @Test
  void aPrimaryThatIsJustBeingOpenedTakesNoCommand() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY).monitor(true);
    b.obeys = false;
    b.other(TWO, Mode.STANDBY, Status.OPEN).settle();
    b.asks(op(MonOp.MON_SET_MID)).answered(DwOrders.WRONG_STATUS);
  }

  // ---- takeover, switchover, open database
  // ------------------------------------------------------------

  @Test
  void takeoverStepByStep() {
    WatcherBench b = WatcherBench.standby().silent(TWO).pass(20_000).held().forget();
    b.switches(DwStatus.DW_TAKEOVER).answered(0).comesTo(DwPhase.TAKEOVER);
    b.executes("SP_SET_GLOBAL_DW_STATUS(0, 7)").answered(0);
    b.executes("SP_APPLY_KEEP_PKG()").answered(0);
    b.executes("ALTER DATABASE MOUNT").answered(0).pass(3000).comesTo(DwPhase.TAKEOVER);
    b.executes("ALTER DATABASE PRIMARY").answered(0);
    b.asks(op(MonOp.MON_ARCH_INVALID)).answered(0);
    b.executes("ALTER DATABASE OPEN FORCE").answered(0);
    b.executes("SP_SET_GLOBAL_DW_STATUS(7, 0)").answered(0);
    b.switches(DwStatus.DW_OPEN).answered(0).comesTo(DwPhase.OPEN);
    b.asks(op(MonOp.MON_CLEAR_MID)).answered(0).pass(5000).comesTo(DwPhase.OPEN);
    assertThat(b.orders)
        .containsExactly(
            "SP_SET_GLOBAL_DW_STATUS(0, 7)",
            "SP_APPLY_KEEP_PKG()",
            "ALTER DATABASE MOUNT",
            "ALTER DATABASE PRIMARY",
            "ORDER_ARCH_INVALID",
            "ALTER DATABASE OPEN FORCE",
            "SP_SET_GLOBAL_DW_STATUS(7, 0)");
    assertThat(b.fact("recover_time")).isEqualTo("3");
    b.logged("status switching [OPEN-->TAKEOVER]");
    b.logged("Instance GRP1_RT_01 start to execute sql ALTER DATABASE MOUNT");
    b.logged("Instance GRP1_RT_01 execute sql ALTER DATABASE MOUNT success");
  }

  @Test
  void aTakeoverThatStopsHalfwayIsSettledByTheWatcher() {
    WatcherBench b = WatcherBench.standby().silent(TWO).pass(20_000).held();
    b.switches(DwStatus.DW_TAKEOVER).executes("SP_SET_GLOBAL_DW_STATUS(0, 7)");
    b.executes("ALTER DATABASE MOUNT").forget();
    b.asks(op(MonOp.MON_CLEAR_MID)).answered(0).fired(834).comesTo(DwPhase.STARTUP);
    b.ordered("SP_SET_GLOBAL_DW_STATUS(7, 0)");
    b.other(TWO, Mode.PRIMARY, Status.OPEN).settle();
    b.ordered("ALTER DATABASE OPEN FORCE").comesTo(DwPhase.OPEN);
  }

  @Test
  void noTakeoverWhileThePrimaryServesByItsOwnWatcher() {
    WatcherBench b = WatcherBench.standby().held();
    b.switches(DwStatus.DW_TAKEOVER).answered(DwOrders.PRIMARY_IS_OPEN).comesTo(DwPhase.OPEN);
  }

  @Test
  void noTakeoverByAPrimary() {
    WatcherBench b = WatcherBench.primary().held();
    b.switches(DwStatus.DW_TAKEOVER).answered(DwOrders.NOT_STANDBY);
  }

  @Test
  void noCommandForALostOrASplitInstance() {
    WatcherBench b = WatcherBench.standby().silent(TWO).dies().pass(20_000).held();
    b.switches(DwStatus.DW_TAKEOVER).answered(DwOrders.INST_ERROR);
    Map<String, String> saved = Map.of("dmwatcher.ctl", "");
    WatcherBench split = WatcherBench.born(2, Map.of(), saved);
    split.instance(Mode.STANDBY, Status.MOUNT).settle().held();
    split.switches(DwStatus.DW_OPEN_FORCE).answered(DwOrders.SPLIT);
  }

  @Test
  void switchoverLeadsFromOpenToOpen() {
    WatcherBench b = WatcherBench.primary().held().switches(DwStatus.DW_SWITCHOVER).answered(0);
    b.comesTo(DwPhase.SWITCHOVER).executes("ALTER DATABASE MOUNT").answered(0);
    b.executes("ALTER DATABASE STANDBY").answered(0);
    b.executes("ALTER DATABASE OPEN FORCE").answered(0);
    b.switches(DwStatus.DW_OPEN).answered(0).comesTo(DwPhase.OPEN);
  }

  @Test
  void openDatabaseIsForOneThatCouldNotBeOpened() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY, WatcherBench.manual()).held().forget();
    b.switches(DwStatus.DW_OPEN_FORCE).answered(0).comesTo(DwPhase.OPEN_FORCE);
    b.asks(op(MonOp.MON_ARCH_INVALID)).executes("ALTER DATABASE OPEN FORCE").answered(0);
    b.switches(DwStatus.DW_OPEN).answered(0).comesTo(DwPhase.OPEN);
    b.switches(DwStatus.DW_OPEN_FORCE).answered(DwOrders.NOT_STARTUP);
  }

  @Test
  void statementsNeedACommandsStatus() {
    WatcherBench b = WatcherBench.primary().held();
    b.executes("ALTER DATABASE MOUNT").answered(DwOrders.NO_SQL_NOW).ordered();
  }

  @Test
  void aStatementThatFailsIsAnsweredWithTheServersCode() {
    WatcherBench b = WatcherBench.primary().held().switches(DwStatus.DW_SWITCHOVER);
    b.refuses.put(OrderKind.ORDER_SQL, -9003);
    b.executes("ALTER DATABASE MOUNT").answered(-9003).comesTo(DwPhase.SWITCHOVER);
  }

  @Test
  void anInstanceThatIsLostDuringACommandEndsIt() {
    WatcherBench b = WatcherBench.primary().held().switches(DwStatus.DW_SWITCHOVER);
    b.obeys = false;
    b.executes("ALTER DATABASE MOUNT").unanswered().dies().pass(1000);
    b.answered(DwJobs.INSTANCE_LOST).comesTo(DwPhase.STARTUP);
  }

  @Test
  void changeArchWaitsForTheIntervalBeforeTheStandbyComesBack() {
    WatcherBench b = WatcherBench.primary(Map.of("INST_RECOVER_TIME", "60")).held().forget();
    b.switches(DwStatus.DW_CHANGE_ARCH).answered(0).comesTo(DwPhase.CHANGE_ARCH);
    b.asks(op(MonOp.MON_ARCH_INVALID).setText(TWO)).answered(0);
    b.switches(DwStatus.DW_OPEN).asks(op(MonOp.MON_CLEAR_MID)).ordered("ORDER_ARCH_INVALID " + TWO);
    b.pass(55_000).ordered().pass(10_000);
    assertThat(b.orders).contains("ORDER_ARCH_VALID " + TWO);
  }

  // ---- orders that wait
  // -------------------------------------------------------------------------------

  @Test
  void anOrderWaitsForTheEndOfWhatTheInstanceDoes() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual()).monitor(false).forget();
    b.obeys = false;
    b.suspends(TWO).comesTo(DwPhase.FAILOVER).asks(op(MonOp.MON_SET_MID)).unanswered();
    b.dies().pass(1000).answered(0).comesTo(DwPhase.STARTUP);
  }

  @Test
  void stoppingAndKillingDoNotWait() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual()).held().forget();
    b.switches(DwStatus.DW_SWITCHOVER);
    b.obeys = false;
    b.executes("ALTER DATABASE MOUNT").unanswered();
    b.asks(op(MonOp.MON_KILL_INSTANCE)).comesTo(DwPhase.SHUTDOWN);
    Effect.EndRole end = b.did(Effect.EndRole.class).get(0);
    b.event(new Event.RoleEnded(end.request(), "dmserver", null)).settle().answered(0);
    assertThat(b.fact("inst_ok")).isEqualTo("ERROR");
  }

  // ---- SHUTDOWN and the instance's life
  // ---------------------------------------------------------------

  @Test
  void inShutdownNothingIsHandledAndEverythingIsTold() {
    WatcherBench b = WatcherBench.primary(WatcherBench.manual()).held();
    b.asks(op(MonOp.MON_STOP_WATCHER)).answered(0).comesTo(DwPhase.SHUTDOWN);
    b.asks(op(MonOp.MON_STOP_WATCHER)).answered(0);
    b.asks(op(MonOp.MON_CLEAR_MID)).forget().suspends(TWO).pass(5000).ordered();
    b.dies().pass(30_000).comesTo(DwPhase.SHUTDOWN);
    assertThat(b.did(Effect.Launch.class)).isEmpty();
    assertThat(b.told().getInstOk()).isFalse();
  }

  @Test
  void startupDmwatcherGuardsAgain() {
    WatcherBench b = WatcherBench.standby().held().asks(op(MonOp.MON_STOP_WATCHER));
    b.asks(op(MonOp.MON_STARTUP_WATCHER)).answered(0).comesTo(DwPhase.STARTUP);
    b.asks(op(MonOp.MON_STARTUP_WATCHER)).answered(0);
    b.asks(op(MonOp.MON_CLEAR_MID)).comesTo(DwPhase.OPEN);
  }

  @Test
  void stopDatabaseStopsInOrder() {
    WatcherBench b = WatcherBench.standby().held().forget();
    b.obeys = false;
    b.asks(op(MonOp.MON_STOP_INSTANCE)).comesTo(DwPhase.SHUTDOWN).ordered("ORDER_SHUTDOWN");
    b.unanswered().dies().pass(1000).answered(0);
    b.asks(op(MonOp.MON_STOP_INSTANCE)).answered(DwDeeds.DOWN_ALREADY);
  }

  @Test
  void startupDatabaseStartsWhatTheWatcherDoesNotStartItself() {
    WatcherBench b = WatcherBench.standby(Map.of("INST_AUTO_RESTART", "0")).held();
    b.asks(op(MonOp.MON_STARTUP_INSTANCE)).answered(DwDeeds.RUNS_ALREADY);
    b.dies().pass(2000).asks(op(MonOp.MON_STARTUP_INSTANCE)).unanswered();
    assertThat(b.did(Effect.Launch.class)).hasSize(1);
    b.event(new Event.Launched("dmserver", null)).answered(0);
  }

  @Test
  void startupDatabaseIsRefusedWhereAutoRestartDoesIt() {
    WatcherBench b = WatcherBench.standby(Map.of("INST_AUTO_RESTART", "1")).held();
    b.dies().pass(2000).asks(op(MonOp.MON_STARTUP_INSTANCE)).answered(DwDeeds.RESTARTS_ITSELF);
  }

  @Test
  void startupDatabaseOfAStoppedWatcherGuardsAgain() {
    WatcherBench b = WatcherBench.standby(Map.of("INST_AUTO_RESTART", "1")).held();
    b.asks(op(MonOp.MON_STOP_WATCHER)).dies().pass(2000).forget();
    b.asks(op(MonOp.MON_STARTUP_INSTANCE)).comesTo(DwPhase.STARTUP);
    assertThat(b.did(Effect.Launch.class)).hasSize(1);
  }

  // ---- settings
  // ---------------------------------------------------------------------------------------

  @Test
  void setChangesMemoryAndFile() {
    WatcherBench b = WatcherBench.primary().held().asks(para("INST_ERROR_TIME", 25)).answered(0);
    Effect.SaveFile file = b.did(Effect.SaveFile.class).get(0);
    assertThat(file.folder()).isEqualTo(Effect.Folder.CONFIG);
    assertThat(file.name()).isEqualTo("dmwatcher.ini");
    assertThat(file.text()).contains("INST_ERROR_TIME = 25\n").contains("INST_OGUID");
    assertThat(b.told().getInstErrorTimeS()).isEqualTo(25);
    assertThat(b.told().getIniText()).contains("INST_ERROR_TIME = 25\n");
  }

  @Test
  void setRefusesWhatThereIsNotAndWhatIsOutOfRange() {
    WatcherBench b = WatcherBench.primary().held();
    b.asks(para("DW_MODE", 1)).answered(DwDeeds.BAD_PARA);
    b.asks(para("DW_ERROR_TIME", 2)).answered(DwDeeds.BAD_PARA);
    b.switches(DwStatus.DW_SWITCHOVER).asks(para("DW_ERROR_TIME", 20));
    b.answered(DwDeeds.PARA_NOT_NOW);
  }

  @Test
  void setRecoverTimeIsOfAPrimaryAndOfItsMemory() {
    WatcherBench b = WatcherBench.primary().held();
    b.asks(op(MonOp.MON_SET_RECOVER_TIME).setDest(TWO).setValue(86_400)).answered(0);
    assertThat(b.told().getRecoverTimeS()).isEqualTo(86_400);
    b.asks(op(MonOp.MON_SET_RECOVER_TIME).setValue(2)).answered(DwDeeds.BAD_INTERVAL);
    WatcherBench s = WatcherBench.standby().held();
    s.asks(op(MonOp.MON_SET_RECOVER_TIME).setValue(5)).answered(DwDeeds.NOT_OF_PRIMARY);
  }

  @Test
  void detachAndAttachAreShown() {
    WatcherBench b = WatcherBench.standby().held().asks(op(MonOp.MON_DETACH)).answered(0);
    assertThat(b.told().getDetached()).isTrue();
    b.asks(op(MonOp.MON_ATTACH)).answered(0);
    assertThat(b.told().getDetached()).isFalse();
  }

  // ---- moments
  // ----------------------------------------------------------------------------------------

  @Test
  void aLoginIsCheckedByTheInstance() {
    WatcherBench b = WatcherBench.primary().monitor(false).forget();
    b.asks(op(MonOp.MON_LOGIN).setText("SYSDBA").setSecret("xyz").setMid(0)).answered(0);
    b.fired(894, 897).comesTo(DwPhase.OPEN);
    DwOrder order = b.sent(WatcherBench.INSTANCE, DwOrder.class).get(0);
    assertThat(order.getSecret()).isEqualTo("xyz");
    assertThat(b.did(Effect.Say.class)).noneMatch(s -> s.text().contains("xyz"));
    b.refuses.put(OrderKind.ORDER_LOGIN, -2501);
    b.asks(op(MonOp.MON_LOGIN).setText("SYSDBA")).answered(DwJobs.BAD_LOGIN);
  }

  @Test
  void aLoginNeedsAGuardedInstance() {
    WatcherBench b = WatcherBench.primary().dies().pass(1000).monitor(false);
    b.asks(op(MonOp.MON_LOGIN)).answered(DwDeeds.NO_LOGIN);
  }

  @Test
  void statisticsAreClearedByTheInstance() {
    WatcherBench b = WatcherBench.primary().held().forget();
    b.asks(op(MonOp.MON_CLEAR_SEND).setDest(TWO)).answered(0).fired(895).comesTo(DwPhase.OPEN);
    b.asks(op(MonOp.MON_CLEAR_APPLY)).answered(0).fired(896).comesTo(DwPhase.OPEN);
    b.ordered("ORDER_CLEAR_SEND " + TWO, "ORDER_CLEAR_APPLY");
  }

  @Test
  void anOrderThatThereIsNotIsRefused() {
    WatcherBench b = WatcherBench.primary().held();
    b.asks(op(MonOp.MON_OP_UNSPECIFIED)).answered(DwDeeds.UNKNOWN);
  }

  @Test
  void aCommandMayLeaveTheStateToBeFoundAnew() {
    WatcherBench b = WatcherBench.primary().held().switches(DwStatus.DW_SWITCHOVER);
    b.switches(DwStatus.DW_SWITCHOVER).answered(0).fired(861);
    b.asks(op(MonOp.MON_STOP_INSTANCE)).answered(DwDeeds.NOT_NOW);
    b.switches(DwStatus.DW_STARTUP).answered(0).comesTo(DwPhase.STARTUP).fired(860);
    b.switches(DwStatus.DW_SWITCHOVER).answered(DwOrders.WRONG_STATUS).fired(862);
  }

  @Test
  void aStatementForALostInstanceIsRefused() {
    WatcherBench b = WatcherBench.primary().held().dies().pass(1000);
    b.executes("ALTER DATABASE MOUNT").answered(DwOrders.INST_ERROR);
  }

  @Test
  void aStoppedWatcherStopsAndKillsItsInstance() {
    WatcherBench b = WatcherBench.standby().held().asks(op(MonOp.MON_STOP_WATCHER)).forget();
    b.asks(op(MonOp.MON_STOP_INSTANCE)).answered(0).ordered("ORDER_SHUTDOWN").fired(879);
    b.asks(op(MonOp.MON_KILL_INSTANCE)).fired(882);
    assertThat(b.did(Effect.EndRole.class)).hasSize(1);
  }

  @Test
  void whereNoInstanceWasEverHeardThereIsNothingToKill() {
    WatcherBench b = WatcherBench.born(2, Map.of(), Map.of()).held();
    b.asks(op(MonOp.MON_KILL_INSTANCE)).answered(0).fired(881);
  }

  @Test
  void aLoginAtStartupLeadsBackToStartup() {
    WatcherBench b = WatcherBench.mounted(Mode.PRIMARY).monitor(false);
    b.asks(op(MonOp.MON_LOGIN)).answered(0).fired(898).comesTo(DwPhase.STARTUP);
  }

  @Test
  void notAnyNumberOfOrdersMayWait() {
    WatcherBench b = WatcherBench.primary().monitor(false);
    b.obeys = false;
    for (int n = 0; n < 17; n++) {
      b.asks(op(MonOp.MON_LOGIN)).unanswered();
    }
    b.asks(op(MonOp.MON_LOGIN)).answered(DwOrders.BUSY);
  }

  @Test
  void theMidOfAMonitorThatIsGoneIsClearedInOpenToo() {
    WatcherBench b = WatcherBench.primary().held();
    b.event(new Event.LinkDown(MON, "reset")).pass(6000).fired(812).comesTo(DwPhase.OPEN);
    assertThat(b.fact("set_mid")).isEqualTo("0");
  }
}
