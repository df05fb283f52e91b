package halab.systems.dsc;

import static halab.systems.SqlView.Type.BIGINT;
import static halab.systems.SqlView.Type.INTEGER;
import static halab.systems.SqlView.Type.TEXT;

import halab.systems.SqlView;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The views of services that a lab has none of: buffers, page requests, locks and transactions of
 * the vendor's engine. They have the columns that reference 6 names and no rows, so that tools that
 * ask for them go on.
 */
final class DscEmptyViews {
  private static final List<String> POOL = names("POOL_ID TS_ID FILE_ID PAGE_NO");

  /** A page of the global buffer service. */
  private static final List<String> GBS =
      names(
          "POOL_ID TS_ID FILE_ID PAGE_NO ACCESS_MAP FRESH_EP FRESH_LSN N_OWNER N_REQUEST"
              + " N_REVOKING MODE EP_SEQNO");

  /** A page of the local buffer service. */
  private static final List<String> LBS =
      names(
          "POOL_ID TS_ID FILE_ID PAGE_NO ACCESS_MAP FRESH_EP FRESH_LSN N_OWNER N_REQUEST"
              + " N_REVOKING MODE EP_SEQNO PHY_LSN N_FIXED N_REMOTE_READ TOTAL_REQUEST");

  private static final List<String> OF_SERVICE =
      names("CTL CTL_DETAIL CTL_LRU_FIRST CTL_LRU_FIRST_DETAIL CTL_LRU_LAST CTL_LRU_LAST_DETAIL");

  private static final List<String> WORDS = names("TYPE LTYPE LMODE ADDR ACCESS_MAP");
  private static final List<String> SMALL = names("EP_SEQNO POOL_ID TS_ID FILE_ID FRESH_EP");

  static final List<SqlView<EpState>> ALL =
      Stream.of(
              Stream.of(
                  view(
                      "V$DSC_REQUEST_STATISTIC",
                      names(
                          "TYPE TOTAL_REQUEST_COUNT MAX_REQUEST_TIME MIN_REQUEST_TIME"
                              + " AVERAGE_REQUEST_TIME AVERAGE_RLOG_FLUSH_TIME")),
                  view(
                      "V$DSC_REQUEST_PAGE_STATISTIC",
                      names("TYPE TS_ID FILE_ID PAGE_NO REQUEST_TIME")),
                  view("V$DSC_GBS_POOL", POOL),
                  view("V$DSC_GBS_POOLS_DETAIL", POOL),
                  view("V$DSC_GBS_REQUEST_CTL", GBS),
                  view("V$DSC_GBS_FREQ_CFLT", GBS),
                  view("V$DSC_LBS_POOL", POOL),
                  view("V$DSC_LBS_POOLS_DETAIL", POOL),
                  view(
                      "V$DSC_GTV_SYS",
                      names("T_INFO_NUM NEXT_TRXID MAX_PURGABLE_TRIXID UNDO_TRIXID UNDO_CNT")),
                  view("V$DSC_GLS_SYS", names("TOTAL_SUCCESS TOTAL_WAIT TOTAL_DEADLOCK HLCK_SEQ")),
                  view(
                      "V$DSC_LOCK",
                      names("EP_SEQNO ADDR TRX_ID LTYPE LMODE BLOCKED TABLE_ID ROW_IDX IGN_FLAG")),
                  view("V$DSC_TRX", names("EP_SEQNO TRX_ID")),
                  view("V$DSC_TRXWAIT", names("EP_SEQNO TRX_ID WAIT_FOR_ID WAIT_SEQNO WAIT_TIME")),
                  view("V$DSC_TRX_VIEW", names("EP_SEQNO TRX_ID"))),
              OF_SERVICE.stream().map(part -> view("V$DSC_GBS_" + part, GBS)),
              OF_SERVICE.stream().map(part -> view("V$DSC_LBS_" + part, LBS)))
          .flatMap(all -> all)
          .toList();

  private DscEmptyViews() {}

  private static List<String> names(String text) {
    return Arrays.asList(text.split(" "));
  }

  private static SqlView<EpState> view(String name, List<String> columns) {
    return SqlView.of(
        name,
        columns.stream().map(c -> new SqlView.Column(c, type(c))).toList(),
        (s, x) -> List.of());
  }

  private static SqlView.Type type(String column) {
    return WORDS.contains(column) ? TEXT : SMALL.contains(column) ? INTEGER : BIGINT;
  }
}
