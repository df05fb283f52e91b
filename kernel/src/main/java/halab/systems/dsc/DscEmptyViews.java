package halab.systems.dsc;

import halab.systems.SqlView;
import halab.systems.dm.SqlViewParts;
import java.util.List;

/**
 * The views of services that a lab has none of: buffers, page requests, locks and transactions of
 * the vendor's engine. They have the vendor's columns (manual, chapter 15.2.1) and no rows, so that
 * tools that ask for them go on. Columns are INTEGER unless they say otherwise.
 */
final class DscEmptyViews {
  private static final String PAGE = "POOL_ID TS_ID FILE_ID PAGE_NO ";

  /** A page of either buffer service. */
  private static final String CTL =
      PAGE + "ACCESS_MAP FRESH_EP FRESH_LSN:bigint N_REPLACED N_REVOKED ";

  private static final String GBS = CTL + "N_OWNER N_REQUEST N_REVOKING ";
  private static final String GBS_CTL = GBS + "N_REVOKE_X_ONLY";
  private static final String GBS_DETAIL =
      GBS + "TYPE:text MODE EP_SEQNO REAL_FLUSH:text N_REVOKE_X_ONLY";

  private static final String LBS = CTL + "N_FIXED MODE PHY_LSN:bigint N_REQUEST ";
  private static final String LBS_DETAIL = LBS + "REQUEST_MODE REVOKE_LSN:bigint ";

  /** Requests of a pool of the local buffer service. */
  private static final String LBS_REQUESTS =
      "N_FAST_REQUEST N_GBS_REQUEST N_PAGE_CREATE_REQUEST TOTAL_REQUEST";

  static final List<SqlView<EpState>> ALL =
      List.of(
          view(
              "V$DSC_REQUEST_STATISTIC",
              "TYPE:text TOTAL_REQUEST_COUNT:bigint MAX_REQUEST_TIME MIN_REQUEST_TIME"
                  + " AVERAGE_REQUEST_TIME AVERAGE_RLOG_FLUSH_TIME"),
          view("V$DSC_REQUEST_PAGE_STATISTIC", "TYPE:text TS_ID FILE_ID PAGE_NO REQUEST_TIME"),
          view("V$DSC_GBS_POOL", "N_CTL N_FREE_CTL N_SUB_POOL"),
          view("V$DSC_GBS_POOLS_DETAIL", "POOL_ID N_USED_CTL N_REQUEST N_FREE_REQUEST"),
          view("V$DSC_GBS_CTL", GBS_CTL),
          view("V$DSC_GBS_CTL_DETAIL", GBS_DETAIL),
          view("V$DSC_GBS_CTL_LRU_FIRST", GBS_CTL),
          view("V$DSC_GBS_CTL_LRU_FIRST_DETAIL", GBS_DETAIL),
          view("V$DSC_GBS_CTL_LRU_LAST", GBS_CTL),
          view("V$DSC_GBS_CTL_LRU_LAST_DETAIL", GBS_DETAIL),
          view("V$DSC_GBS_REQUEST_CTL", PAGE + "MODE EP_SEQNO FREQ_CONFLICT"),
          view(
              "V$DSC_GBS_FREQ_CFLT",
              "EPSEQ POOL_ID TS_ID FILE_ID PAGE_NO EP_FROM LOCK_MODE N_FREQ_REVOKE FREQ_INTERVAL"),
          view("V$DSC_LBS_POOL", "N_CTL N_FREE_CTL N_SUB_POOL " + LBS_REQUESTS),
          view(
              "V$DSC_LBS_POOLS_DETAIL",
              "POOL_ID N_USED_CTL N_REQUEST_SPACE N_FREE_REQUEST " + LBS_REQUESTS),
          view("V$DSC_LBS_CTL", LBS + "N_REMOTE_READ TOTAL_REQUEST N_REVOKE_X_ONLY REVOKE_DELAY"),
          view("V$DSC_LBS_CTL_DETAIL", LBS_DETAIL + "N_REMOTE_READ TOTAL_REQUEST"),
          view("V$DSC_LBS_CTL_LRU_FIRST", LBS + "N_REVOKE_X_ONLY"),
          view("V$DSC_LBS_CTL_LRU_FIRST_DETAIL", LBS_DETAIL),
          view("V$DSC_LBS_CTL_LRU_LAST", LBS),
          view("V$DSC_LBS_CTL_LRU_LAST_DETAIL", LBS_DETAIL),
          view(
              "V$DSC_GTV_SYS",
              "T_INFO_NUM NEXT_TRXID:bigint MAX_PURGABLE_TRIXID:bigint UNDO_TRIXID:bigint"
                  + " UNDO_CNT"),
          view("V$DSC_GLS_SYS", "TOTAL_SUCCESS TOTAL_WAIT TOTAL_DEADLOCK HLCK_SEQ:bigint"),
          view(
              "V$DSC_LOCK",
              "EP_SEQNO ADDR:bigint TRX_ID:bigint LTYPE:text LMODE:text BLOCKED TABLE_ID"
                  + " ROW_IDX:bigint IGN_FLAG"),
          view(
              "V$DSC_TRX",
              "EP_SEQNO ID:bigint NEXTID:bigint MIN_ACTIVE_ID:bigint STATUS:text ISOLATION"
                  + " READ_ONLY:text SESS_ID:bigint SESS_SEQ INS_CNT DEL_CNT UPD_CNT UPD_INS_CNT"
                  + " UREC_SEQNO WAITING:bigint THRD_ID"),
          view(
              "V$DSC_TRXWAIT",
              "EP_SEQNO TRX_ID:bigint WAIT_FOR_ID:bigint WAIT_SEQNO WAIT_TIME TRX_OBJ:bigint"
                  + " WAIT_TRX_OBJ:bigint"),
          view("V$DSC_TRX_VIEW", "SELF_ID:bigint EP_SEQNO ACTIVE_ID:bigint"));

  private DscEmptyViews() {}

  private static SqlView<EpState> view(String name, String columns) {
    return SqlView.of(name, SqlViewParts.columns(columns.strip()), (s, x) -> List.of());
  }
}
