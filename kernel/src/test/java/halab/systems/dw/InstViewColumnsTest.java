package halab.systems.dw;

import static org.assertj.core.api.Assertions.assertThat;

import halab.systems.SqlView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The views have the manual's columns in its order (appendix 1; V$INSTANCE: a transcript). */
class InstViewColumnsTest {
  private static final Map<String, List<String>> MANUAL = new TreeMap<>();

  private static void put(String view, int count, String names) {
    List<String> columns = List.of(names.split(" "));
    assertThat(columns).as(view).hasSize(count);
    MANUAL.put(view, columns);
  }

  static {
    replay();
    archive();
    others();
  }

  private static void replay() {
    put(
        "V$UTSK_INFO",
        11,
        "RUNNING DSEQ CODE SEND_LSN RECOVER_BREAK AUTO_SWITCH NTH CMD INST_NAME"
            + " MAX_SEND_LSN DSEQ2");
    put("V$UTSK_SYS2", 6, "RUNNING BREAK_FLAG AUTO_SWITCH MAX_WAIT_TIME LAST_MSG_TIME DW_VERSION");
    put(
        "V$KEEP_RLOG_PKG",
        11,
        "TYPE MIN_LSN MAX_LSN PTX_OFF LOG_SIZE DSC_SEQNO DB_MAGIC PKG_TYPE"
            + " PKG_SEQNO PREV_LSN PKG_LEN");
    put(
        "V$RAPPLY_SYS",
        15,
        "APPLYING SSEQ SLSN KSEQ KLSN TASK_NUM PRIMARY_NAME HAS_KEEP_PKG"
            + " TASK_MEM_USED TASK_START_TIME LAST_REDO_TIME TASK_NUM_APPLIED"
            + " APPLIED_TOTAL_TIME SEQNO RREC_TYPE");
    put(
        "V$RAPPLY_LOG_TASK",
        11,
        "TYPE MIN_LSN MAX_LSN PTX_OFF LOG_SIZE DSC_SEQNO DB_MAGIC PKG_TYPE"
            + " PKG_SEQNO PREV_LSN PKG_LEN");
    put(
        "V$RAPPLY_STAT",
        27,
        "RECNT_APPLY_NUM TSK_MEM_USED TSK_START_TIME TOTAL_RECVED_NUM"
            + " TOTAL_RECVED_LEN TOTAL_RECVED_TIME TOTAL_APPLY_NUM TOTAL_APPLY_LEN"
            + " TOTAL_APPLY_TIME TOTAL_WAIT_TIME MAX_RECVED_TIME MAX_WAIT_TIME"
            + " MAX_APPLY_TIME MAX_APPLY_LEN LAST_RECVED_LEN LAST_RECVED_TIME"
            + " RECNT_RECVED_LEN RECNT_RECVED_TIME LAST_WAIT_TIME RECNT_WAIT_TIME"
            + " LAST_APPLY_LEN LAST_APPLY_TIME RECNT_APPLY_LEN RECNT_APPLY_TIME SEQNO"
            + " LAST_CMT_TIME APPLY_CMT_TIME");
    put(
        "V$RAPPLY_LSN_INFO",
        8,
        "P_DB_MAGIC N_EP PKG_SEQ_ARR APPLY_LSN_ARR CKPT_P_DB_MAGIC CKPT_N_EP"
            + " CKPT_PKG_SEQ_ARR CKPT_APPLY_LSN_ARR");
    put(
        "V$RAPPLY_PARALLEL_INFO",
        7,
        "DSC_SEQNO APPLY_PKG_SEQ APPLY_LSN REDOS_PARALLEL_NUM REDO_LSN_ARR" + " RPKG_SEQ RPKG_LSN");
  }

  private static void archive() {
    put(
        "V$RECOVER_STATUS",
        8,
        "PRIMARY_NAME STANDBY_NAME PRIM_LSN SEND_LSN KBYTES_TOTAL"
            + " KBYTES_TO_RECOVER FILES_TO_RECOVER RECOVER_PERCENT");
    put(
        "V$ARCH_FILE",
        20,
        "DB_MAGIC STATUS LEN FREE ARCH_LSN CLSN ARCH_SEQ NEXT_SEQ CREATE_TIME"
            + " CLOSE_TIME PATH PMNT_MAGIC DSC_SEQNO CRC_CHECK LAST_PKG_OFF PREV_LSN"
            + " GLOBAL_NEXT_SEQ SRC_DB_MAGIC LLOG_FIRST_TIME LLOG_LAST_TIME");
    put("V$ARCH_STATUS", 4, "ARCH_TYPE ARCH_DEST ARCH_STATUS ARCH_SRC");
    put(
        "V$DM_ARCH_INI",
        22,
        "ARCH_NAME ARCH_TYPE ARCH_DEST ARCH_FILE_SIZE ARCH_SPACE_LIMIT"
            + " ARCH_HANG_FLAG ARCH_TIMER_NAME ARCH_IS_VALID ARCH_WAIT_APPLY"
            + " ARCH_INCOMING_PATH ARCH_CURR_DEST ARCH_FLUSH_BUF_SIZE"
            + " ARCH_RESERVE_TIME ARCH_LOCAL_SHARE ARCH_LOCAL_SHARE_CHECK"
            + " ARCH_SEND_DELAY ARCH_DEST_IP ARCH_DEST_PORT ARCH_DEST_ID"
            + " ARCH_ASM_MIRROR ARCH_ASM_STRIPING ARCH_RECOVER_TIME");
    put(
        "V$ARCH_SEND_INFO",
        26,
        "ARCH_DEST ARCH_TYPE FOR_RECOVERY RECNT_SEND_CNT TOTAL_SEND_CNT"
            + " TOTAL_SEND_LEN TOTAL_PTX_CNT TOTAL_SEND_TIME MAX_SEND_TIME"
            + " MAX_END_TIME MAX_PTX_CNT MAX_SEND_LEN MAX_SEND_LSN LAST_SEND_LEN"
            + " LAST_SEND_PTX LAST_SEND_LSN LAST_SEND_TIME LAST_START_TIME"
            + " LAST_END_TIME RECNT_SEND_LEN RECNT_SEND_PTX RECNT_SEND_TIME"
            + " LAST_SEND_CODE LAST_SEND_DESC TOTAL_ASYNC_RPKG TOTAL_ASYNC_TIME");
    put(
        "V$ARCH_APPLY_INFO",
        13,
        "DEST_NAME ARCH_STANDBY_APPLY DSC_SEQNO APPLY_SEQNO APPLY_LSN"
            + " KEEP_SEQNO KEEP_LSN STANDBY_SEQNO STANDBY_LSN RPKG_SEQNO RPKG_LSN"
            + " C_SEQNO C_LSN");
    put("V$ARCH_DETACH_INFO", 1, "DB_DETACHED");
    put("V$ARCH_QUEUE", 2, "ARCH_TYPE WAITING");
  }

  private static void others() {
    put("V$MAL_LINK_STATUS", 4, "SRC_SITE DEST_SITE CTL_LINK_STATUS DATA_LINK_STATUS");
    put(
        "V$DM_MAL_INI",
        9,
        "MAL_NAME MAL_INST_NAME MAL_HOST MAL_PORT MAL_INST_HOST MAL_INST_PORT"
            + " MAL_DW_PORT MAL_LINK_MAGIC MAL_INST_DW_PORT");
    put(
        "V$DM_TIMER_INI",
        13,
        "TIMER_NAME TYPE FREQ_MONTH_WEEK_INTERVAL FREQ_SUB_INTERVAL"
            + " FREQ_MINUTE_INTERVAL START_TIME END_TIME DURING_START_DATE"
            + " DURING_END_DATE NO_END_DATE_FLAG DESCRIBE IS_VALID REPEAT_INTERVAL");
    put(
        "V$DMWATCHER",
        13,
        "N_GROUP GROUP_NAME INST_NAME DW_TYPE DW_MODE AUTO_RESTART DW_STATUS"
            + " DW_SUB_STATUS LAST_MSG_TIME SWITCH_COUNT CTL_NUM INST_NUM"
            + " MAX_CONN_NUM");
    put(
        "V$MAL_SYS",
        24,
        "SYS_STATUS STMT_ID NEXT_MAL_ID MAL_PORT N_SITE MAL_NUM MAL_SEQ_NO"
            + " EMPTY_LET_NUM MAL_CHECK_INTERVAL MAL_CONN_FAIL_INTERVAL"
            + " MAL_COMPRESS_LEVEL MAL_BUF_SIZE MAL_SYS_BUF_SIZE MAL_VPOOL_SIZE"
            + " MAL_TEMP_PATH MAL_CHECK_TIMEOUT MAL_CHECK_IP MAL_SEND_THRESHOLD"
            + " MAL_LEAK_CHECK MAL_LOGIN_TIMEOUT MAL_COMBIN_BUF_SIZE"
            + " MAL_MESSAGE_CHECK MAL_MSG_ENCRYPT MAL_USE_RDMA");
    put(
        "V$MAL_SITE_INFO",
        10,
        "SRC_SITE_SEQ DEST_SITE_SEQ MAL_PORT_NUM BUILD_TIME LBTAPFDS"
            + " CUR_LETTER_NUM MAX_LETTER_NUM TOTAL_LINK_NUM FREE_LINK_NUM"
            + " SEND_LETTER_NUM");
    put(
        "V$DMMONITOR",
        8,
        "DW_CONN_TIME MON_CONFIRM MID MON_ID MON_TERM MON_IP MON_VERSION" + " HP_FLAG");
    put(
        "V$INSTANCE",
        14,
        "NAME INSTANCE_NAME INSTANCE_NUMBER HOST_NAME SVR_VERSION DB_VERSION"
            + " START_TIME STATUS$ MODE$ OGUID DSC_SEQNO DSC_ROLE BUILD_VERSION"
            + " BUILD_TIME");
    put("V$RLOG", 4, "CKPT_LSN FILE_LSN FLUSH_LSN CUR_LSN");
    put("V$RLOGFILE", 4, "FILE_ID PATH CREATE_TIME RLOG_SIZE");
    put("V$DATABASE", 4, "NAME STATUS$ ROLE$ ARCH_MODE");
  }

  @Test
  void everyViewHasTheManualsColumnsInOrder() {
    MANUAL.forEach(
        (name, columns) ->
            assertThat(InstRows.view(name).columns())
                .as(name)
                .extracting(SqlView.Column::name)
                .containsExactlyElementsOf(columns));
  }

  @Test
  void noOtherViewIsThereButParametersAndOpenings() {
    assertThat(InstSqlViews.ALL)
        .extracting(SqlView::name)
        .filteredOn(name -> !MANUAL.containsKey(name))
        .containsExactlyInAnyOrder("V$DM_INI", "SYSOPENHISTORY");
    assertThat(InstSqlViews.ALL).hasSize(MANUAL.size() + 2);
  }

  @Test
  void everyRowFillsEveryColumnWithItsType() {
    for (DmMode mode : DmMode.values()) {
      InstBench b = InstRows.busy(mode);
      for (SqlView<InstState> view : InstSqlViews.ALL) {
        for (List<Object> row : InstRows.rows(b, view.name())) {
          assertThat(row).as(view.name()).hasSize(view.columns().size());
          for (int i = 0; i < row.size(); i++) {
            String what = view.name() + "." + view.columns().get(i).name();
            assertThat(fits(view.columns().get(i).type(), row.get(i))).as(what).isTrue();
          }
        }
      }
    }
  }

  private static boolean fits(SqlView.Type type, Object value) {
    if (value == null) {
      return true;
    }
    return switch (type) {
      case TEXT -> value instanceof String;
      case INTEGER -> value instanceof Integer;
      case BIGINT, TIMESTAMP -> value instanceof Long;
    };
  }
}
