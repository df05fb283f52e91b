package halab.systems.dw;

import static halab.systems.dw.InstBench.ONE;
import static halab.systems.dw.InstBench.THREE;
import static halab.systems.dw.InstBench.TWO;
import static halab.systems.dw.InstBench.at;
import static halab.systems.dw.InstRows.row;
import static halab.systems.dw.InstRows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.Mode;
import halab.dw.proto.OrderKind;
import halab.kernel.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an instance shows in the vendor's views. */
class InstSqlViewsTest {
  // ---- the instance -----------------------------------------------------------------------------

  @Test
  void anInstanceIsShownWithItsModeAndState() {
    assertThat(rows(InstBench.open(DmMode.PRIMARY), "V$INSTANCE").get(0))
        .containsExactly(
            ONE,
            ONE,
            1,
            "n1",
            "DM Database Server x64 V8",
            "DB Version: 0x7000c",
            InstRows.STARTED_MS,
            "OPEN",
            "PRIMARY",
            453331L,
            0,
            null,
            "1-2-218",
            null);
  }

  @Test
  void aDatabaseIsShownByTheNumbersOfStateAndRole() {
    assertThat(row(InstBench.open(DmMode.STANDBY), "V$DATABASE"))
        .containsEntry("STATUS$", 4)
        .containsEntry("ROLE$", 2)
        .containsEntry("ARCH_MODE", "Y");
    assertThat(row(InstBench.mounted(DmMode.PRIMARY), "V$DATABASE"))
        .containsEntry("STATUS$", 3)
        .containsEntry("ROLE$", 1);
  }

  @Test
  void redoIsShownWhereItIs() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    long flsn = b.state.way.flsn;
    b.commit(1).settle();
    assertThat(row(b, "V$RLOG"))
        .containsEntry("FILE_LSN", flsn)
        .containsEntry("FLUSH_LSN", flsn)
        .containsEntry("CUR_LSN", flsn + 1);
    assertThat(row(b, "V$RLOGFILE")).containsEntry("PATH", Paths.ONLINE);
  }

  @Test
  void everyOpeningOfAPrimaryIsARow() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(rows(b, "SYSOPENHISTORY")).hasSize(2);
    assertThat(row(b, "SYSOPENHISTORY", "1"))
        .containsEntry("OPEN_TIME", 1_000L)
        .containsEntry("SYS_MODE", "PRIMARY")
        .containsEntry("PRIMARY_INST_NAME", ONE)
        .containsEntry("PRIMARY_DB_MAGIC", 101L)
        .containsEntry("APPLY_LSN_ARR", "0");
  }

  // ---- files ------------------------------------------------------------------------------------

  @Test
  void parametersAreShownAndTheOneThatMemoryMayChangeAsItIs() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(row(b, "V$DM_INI", "INSTANCE_NAME")).containsEntry("PARA_VALUE", ONE);
    b.sql("SP_SET_PARA_VALUE(1, 'ALTER_MODE_STATUS', 2)");
    assertThat(row(b, "V$DM_INI", "ALTER_MODE_STATUS"))
        .containsEntry("PARA_VALUE", "2")
        .containsEntry("MAX_VALUE", "2");
  }

  @Test
  void archivesAreShownWithWhatTheirTypeHas() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    Map<String, Object> local = row(b, "V$DM_ARCH_INI", b.state.arch.local().get(0).section());
    assertThat(local)
        .containsEntry("ARCH_TYPE", "LOCAL")
        .containsEntry("ARCH_DEST", "/dm/arch")
        .containsEntry("ARCH_HANG_FLAG", 1)
        .containsEntry("ARCH_WAIT_APPLY", null);
    Map<String, Object> target = row(b, "V$DM_ARCH_INI", b.state.arch.to(TWO).section());
    assertThat(target)
        .containsEntry("ARCH_TYPE", "REALTIME")
        .containsEntry("ARCH_CURR_DEST", TWO)
        .containsEntry("ARCH_WAIT_APPLY", 0)
        .containsEntry("ARCH_FILE_SIZE", null);
  }

  @Test
  void membersAreShownWithAllTheirPorts() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(rows(b, "V$DM_MAL_INI")).hasSize(3);
    String section = b.state.mal.instance(TWO).section();
    assertThat(row(b, "V$DM_MAL_INI", section))
        .containsEntry("MAL_INST_NAME", TWO)
        .containsEntry("MAL_INST_DW_PORT", b.state.mal.instance(TWO).instDwPort());
  }

  // ---- archives ---------------------------------------------------------------------------------

  @Test
  void aPrimaryKnowsTheStatusOfItsArchives() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.order(OrderKind.ORDER_ARCH_INVALID, "", THREE);
    assertThat(rows(b, "V$ARCH_STATUS"))
        .containsExactlyInAnyOrder(
            List.of("LOCAL", "/dm/arch", "VALID", ONE),
            List.of("REALTIME", TWO, "VALID", ONE),
            List.of("REALTIME", THREE, "INVALID", ONE));
  }

  @Test
  void aStandbyKnowsTheStatusOfItsLocalArchiveAlone() {
    InstBench b = InstBench.open(DmMode.STANDBY);
    assertThat(row(b, "V$ARCH_STATUS", "REALTIME", TWO)).containsEntry("ARCH_STATUS", null);
    assertThat(row(b, "V$ARCH_STATUS", "LOCAL")).containsEntry("ARCH_STATUS", "VALID");
    b.archiveFails = "no space left on device";
    b.from(TWO, b.redo(1, 0, 1)).settle().from(TWO, b.redo(2, 1, 1)).settle();
    assertThat(row(b, "V$ARCH_STATUS", "LOCAL")).containsEntry("ARCH_STATUS", "INVALID");
    assertThat(row(b, "V$ARCH_QUEUE", "LOCAL")).containsEntry("WAITING", 1);
  }

  @Test
  void whatIsNotAcknowledgedWaitsInTheQueue() {
    InstBench b = InstBench.open(DmMode.PRIMARY).commit(1).settle();
    assertThat(row(b, "V$ARCH_QUEUE", "REALTIME")).containsEntry("WAITING", 1);
    b.ackAll();
    assertThat(row(b, "V$ARCH_QUEUE", "REALTIME")).containsEntry("WAITING", 0);
    assertThat(row(b, "V$ARCH_FILE"))
        .containsEntry("CLSN", b.state.way.flsn)
        .containsEntry("PMNT_MAGIC", 7L)
        .containsEntry("STATUS", "ACTIVE");
  }

  @Test
  void whatWasSentIsShownPerTarget() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.sql("SP_CLEAR_ARCH_SEND_INFO()");
    assertThat(row(b, "V$ARCH_SEND_INFO", TWO))
        .containsEntry("TOTAL_SEND_CNT", 0L)
        .containsEntry("LAST_START_TIME", null);
    b.commit(1).settle().pass(40).ackAll();
    Map<String, Object> sent = row(b, "V$ARCH_SEND_INFO", TWO);
    long bytes = Replays.bytes(b.lastRedo(TWO).getPtxList());
    assertThat(sent)
        .containsEntry("FOR_RECOVERY", "N")
        .containsEntry("LAST_SEND_CODE", 0)
        .containsEntry("LAST_SEND_LEN", (int) bytes)
        .containsEntry("RECNT_SEND_CNT", 1)
        .containsEntry("MAX_SEND_TIME", 40_000L)
        .containsEntry("LAST_SEND_LSN", b.state.way.flsn);
    assertThat(rows(InstBench.open(DmMode.STANDBY), "V$ARCH_SEND_INFO")).isEmpty();
  }

  @Test
  void whereATargetIsIsWhatItSaidLast() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.says(TWO, Mode.STANDBY, 1);
    assertThat(row(b, "V$ARCH_APPLY_INFO", TWO))
        .containsEntry("APPLY_LSN", 1L)
        .containsEntry("KEEP_LSN", 1L)
        .containsEntry("RPKG_LSN", 1L)
        .containsEntry("C_LSN", null);
    b.event(new Event.LinkDown(at(TWO), "gone"));
    assertThat(rows(b, "V$ARCH_APPLY_INFO")).extracting(r -> r.get(0)).containsExactly(THREE);
  }

  @Test
  void aRecoveryIsShownWhileItLasts() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.commit(1).settle().ackAll().commit(2).settle().ackAll();
    b.order(OrderKind.ORDER_ARCH_INVALID, "", TWO);
    assertThat(rows(b, "V$RECOVER_STATUS")).isEmpty();
    b.order(OrderKind.ORDER_RECOVER, "", TWO);
    assertThat(row(b, "V$RECOVER_STATUS"))
        .containsEntry("STANDBY_NAME", TWO)
        .containsEntry("RECOVER_PERCENT", null);
    assertThat(row(b, "V$UTSK_INFO"))
        .containsEntry("CODE", 100)
        .containsEntry("CMD", "RECOVER")
        .containsEntry("INST_NAME", TWO);
    b.says(TWO, Mode.STANDBY, 1).settle();
    assertThat(row(b, "V$RECOVER_STATUS"))
        .containsEntry("PRIM_LSN", b.state.way.flsn)
        .containsEntry("SEND_LSN", b.state.way.flsn)
        .containsEntry("RECOVER_PERCENT", "100%");
    b.ack(TWO, 0);
    assertThat(rows(b, "V$RECOVER_STATUS")).isEmpty();
    assertThat(row(b, "V$UTSK_INFO")).containsEntry("CODE", 0);
  }

  // ---- a standby --------------------------------------------------------------------------------

  @Test
  void theKeptPackageIsShownUntilItIsReplayed() {
    InstBench b = InstBench.open(DmMode.STANDBY);
    b.from(TWO, b.redo(5, 0, 2)).settle();
    assertThat(row(b, "V$KEEP_RLOG_PKG"))
        .containsEntry("TYPE", "REALTIME")
        .containsEntry("MIN_LSN", 1L)
        .containsEntry("MAX_LSN", 2L)
        .containsEntry("PKG_SEQNO", 5L)
        .containsEntry("PREV_LSN", 0L)
        .containsEntry("DB_MAGIC", 101L);
    assertThat(row(b, "V$RAPPLY_SYS"))
        .containsEntry("HAS_KEEP_PKG", "TRUE")
        .containsEntry("KLSN", 2L)
        .containsEntry("SLSN", 0L)
        .containsEntry("PRIMARY_NAME", TWO);
    b.sql("SP_APPLY_KEEP_PKG()");
    assertThat(rows(b, "V$KEEP_RLOG_PKG")).isEmpty();
    assertThat(row(b, "V$RAPPLY_SYS"))
        .containsEntry("HAS_KEEP_PKG", "FALSE")
        .containsEntry("TASK_NUM_APPLIED", 1L);
  }

  @Test
  void whatTheEngineWorksOnIsATaskThatHasStarted() {
    InstBench b = InstBench.open(DmMode.STANDBY);
    b.engineHangs = true;
    b.from(TWO, b.redo(1, 0, 2)).settle().pass(100).from(TWO, b.redo(2, 2, 1)).settle();
    assertThat(row(b, "V$RAPPLY_SYS"))
        .containsEntry("APPLYING", "TRUE")
        .containsEntry("TASK_NUM", 0)
        .containsEntry("TASK_START_TIME", InstRows.STARTED_MS + 100);
    assertThat(row(b, "V$RAPPLY_LOG_TASK"))
        .containsEntry("MAX_LSN", 2L)
        .containsEntry("TYPE", "REALTIME");
    assertThat(row(b, "V$RAPPLY_LSN_INFO")).containsEntry("APPLY_LSN_ARR", "2");
    assertThat(row(b, "V$RAPPLY_PARALLEL_INFO"))
        .containsEntry("APPLY_LSN", 2L)
        .containsEntry("RPKG_LSN", 0L);
    b.pass(50).event(new Event.Applied(2)).settle();
    assertThat(row(b, "V$RAPPLY_SYS"))
        .containsEntry("APPLYING", "FALSE")
        .containsEntry("LAST_REDO_TIME", 50L);
    assertThat(row(b, "V$RAPPLY_STAT"))
        .containsEntry("TOTAL_RECVED_NUM", 2L)
        .containsEntry("TOTAL_APPLY_NUM", 1L)
        .containsEntry("LAST_APPLY_TIME", 50_000L)
        .containsEntry("RECNT_APPLY_NUM", 1);
  }

  @Test
  void aPrimaryShowsNothingOfReplays() {
    InstBench b = InstRows.busy(DmMode.PRIMARY);
    for (String view : List.of("V$RAPPLY_SYS", "V$RAPPLY_STAT", "V$KEEP_RLOG_PKG")) {
      assertThat(rows(b, view)).as(view).isEmpty();
    }
  }

  // ---- MAL and the watcher ----------------------------------------------------------------------

  @Test
  void linksAreShownAsTheyStandAndSilentOnesAsBroken() {
    InstBench b = InstBench.open(DmMode.STANDBY);
    assertThat(rows(b, "V$MAL_LINK_STATUS")).contains(List.of(ONE, TWO, "CONNECTED", "CONNECTED"));
    b.event(new Event.LinkDown(at(TWO), "gone"));
    assertThat(row(b, "V$MAL_LINK_STATUS", ONE, TWO))
        .containsEntry("DATA_LINK_STATUS", "DISCONNECT");
    assertThat(row(b, "V$MAL_SITE_INFO", 0, 1)).containsEntry("MAL_PORT_NUM", 0);
    assertThat(row(b, "V$MAL_SITE_INFO", 0, 2)).containsEntry("MAL_PORT_NUM", 1);
    b.pass(MalActs.brokenMs(b.state) + 2 * MalActs.HELLO_MS);
    assertThat(row(b, "V$MAL_LINK_STATUS", ONE, THREE))
        .containsEntry("CTL_LINK_STATUS", "DISCONNECT");
  }

  @Test
  void malIsShownWithItsFilesHead() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    assertThat(row(b, "V$MAL_SYS"))
        .containsEntry("SYS_STATUS", 0)
        .containsEntry("N_SITE", 3)
        .containsEntry("MAL_SEQ_NO", 0)
        .containsEntry("MAL_PORT", b.state.mal.instance(ONE).port())
        .containsEntry("MAL_VPOOL_SIZE", 128)
        .containsEntry("MAL_CHECK_INTERVAL", b.state.mal.checkIntervalS());
  }

  @Test
  void theWatcherIsShownOnceItWasHeard() {
    InstBench b = InstBench.open(DmMode.STANDBY);
    assertThat(rows(b, "V$DMWATCHER")).isEmpty();
    assertThat(rows(b, "V$DMMONITOR")).isEmpty();
    b.pass(500);
    InstRows.beat(b);
    assertThat(row(b, "V$DMWATCHER"))
        .containsEntry("GROUP_NAME", "GRP1")
        .containsEntry("INST_NAME", ONE)
        .containsEntry("DW_MODE", "AUTO")
        .containsEntry("DW_STATUS", "STANDBY CHECK")
        .containsEntry("AUTO_RESTART", 1)
        .containsEntry("SWITCH_COUNT", 3)
        .containsEntry("LAST_MSG_TIME", InstRows.STARTED_MS + 500);
    assertThat(row(b, "V$DMMONITOR"))
        .containsEntry("MON_CONFIRM", "TRUE")
        .containsEntry("MID", 77L)
        .containsEntry("DW_CONN_TIME", 5_000L);
    assertThat(row(b, "V$UTSK_SYS2"))
        .containsEntry("AUTO_SWITCH", "TRUE")
        .containsEntry("RUNNING", "FALSE");
  }

  @Test
  void theWatchersLastOrderIsShownWithItsOutcome() {
    InstBench b = InstBench.born(DmMode.PRIMARY).event(new Event.Started(1, 1)).settle().watcher();
    assertThat(rows(b, "V$UTSK_INFO")).isEmpty();
    b.sql("SP_SET_GLOBAL_DW_STATUS(6, 0)");
    assertThat(row(b, "V$UTSK_INFO"))
        .containsEntry("CMD", "SP_SET_GLOBAL_DW_STATUS(6, 0)")
        .containsEntry("CODE", SqlActs.WRONG_STATE)
        .containsEntry("DSEQ", 0)
        .containsEntry("DSEQ2", b.lastOrder());
  }
}
