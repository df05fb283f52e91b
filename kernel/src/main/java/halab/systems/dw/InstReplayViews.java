package halab.systems.dw;

import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.row;

import halab.redo.proto.RlogPkg;
import halab.systems.SqlView;
import java.util.ArrayList;
import java.util.List;

/** The views of a standby over the redo that it gets and replays; of no standby they are empty. */
final class InstReplayViews {
  private static final String PACKAGE =
      "TYPE:text MIN_LSN:bigint MAX_LSN:bigint PTX_OFF LOG_SIZE DSC_SEQNO DB_MAGIC:bigint PKG_TYPE"
          + " PKG_SEQNO:bigint PREV_LSN:bigint PKG_LEN:bigint";

  static final List<SqlView<InstState>> ALL =
      List.of(
          SqlView.of(
              "V$RAPPLY_SYS",
              columns(
                  "APPLYING:text SSEQ:bigint SLSN:bigint KSEQ:bigint KLSN:bigint TASK_NUM"
                      + " PRIMARY_NAME:text HAS_KEEP_PKG:text TASK_MEM_USED:bigint"
                      + " TASK_START_TIME:timestamp LAST_REDO_TIME:bigint TASK_NUM_APPLIED:bigint"
                      + " APPLIED_TOTAL_TIME:bigint SEQNO RREC_TYPE:text"),
              (s, x) -> s.standby() ? List.of(system(s, x)) : List.of()),
          SqlView.of(
              "V$RAPPLY_STAT",
              columns(
                  "RECNT_APPLY_NUM TSK_MEM_USED:bigint TSK_START_TIME:timestamp"
                      + " TOTAL_RECVED_NUM:bigint TOTAL_RECVED_LEN:bigint TOTAL_RECVED_TIME:bigint"
                      + " TOTAL_APPLY_NUM:bigint TOTAL_APPLY_LEN:bigint TOTAL_APPLY_TIME:bigint"
                      + " TOTAL_WAIT_TIME:bigint MAX_RECVED_TIME:bigint MAX_WAIT_TIME:bigint"
                      + " MAX_APPLY_TIME:bigint MAX_APPLY_LEN:bigint LAST_RECVED_LEN:bigint"
                      + " LAST_RECVED_TIME:bigint RECNT_RECVED_LEN:bigint RECNT_RECVED_TIME:bigint"
                      + " LAST_WAIT_TIME:bigint RECNT_WAIT_TIME:bigint LAST_APPLY_LEN:bigint"
                      + " LAST_APPLY_TIME:bigint RECNT_APPLY_LEN:bigint RECNT_APPLY_TIME:bigint"
                      + " SEQNO LAST_CMT_TIME:timestamp APPLY_CMT_TIME:timestamp"),
              (s, x) -> s.standby() ? List.of(stat(s, x)) : List.of()),
          SqlView.of("V$RAPPLY_LOG_TASK", columns(PACKAGE), (s, x) -> InstReplayViews.tasks(s)),
          SqlView.of(
              "V$KEEP_RLOG_PKG",
              columns(PACKAGE),
              (s, x) -> s.standby() && s.kept.keeps() ? List.of(kept(s)) : List.of()),
          SqlView.of(
              "V$RAPPLY_LSN_INFO",
              columns(
                  "P_DB_MAGIC:bigint N_EP:bigint PKG_SEQ_ARR:text APPLY_LSN_ARR:text"
                      + " CKPT_P_DB_MAGIC:bigint CKPT_N_EP CKPT_PKG_SEQ_ARR:text"
                      + " CKPT_APPLY_LSN_ARR:text"),
              (s, x) -> s.standby() ? List.of(lsns(s)) : List.of()),
          SqlView.of(
              "V$RAPPLY_PARALLEL_INFO",
              columns(
                  "DSC_SEQNO APPLY_PKG_SEQ:bigint APPLY_LSN:bigint REDOS_PARALLEL_NUM"
                      + " REDO_LSN_ARR:text RPKG_SEQ:bigint RPKG_LSN:bigint"),
              (s, x) -> s.standby() ? List.of(lanes(s)) : List.of()));

  private InstReplayViews() {}

  /** What waits to be replayed, the kept package included. */
  private static long bytes(InstState s) {
    long waiting = s.replays.waiting().stream().mapToLong(Replays.Task::bytes).sum();
    return waiting + Replays.bytes(s.kept.ptx());
  }

  /** When the engine got what it works on. */
  private static Long started(InstState s, SqlView.Scene scene) {
    Replays.Task task = s.replays.current();
    return task == null ? null : InstSqlViews.wallMs(s, scene, task.handedMs());
  }

  private static List<Object> system(InstState s, SqlView.Scene scene) {
    Series applied = s.replays.applied();
    return row(
        InstSqlViews.bool(s.replays.current() != null),
        s.way.takenSeq(),
        s.way.taken(),
        s.kseq(),
        s.klsn(),
        s.replays.waiting().size(),
        s.kept.primary().isEmpty() ? null : s.kept.primary(),
        InstSqlViews.bool(s.kept.keeps()),
        bytes(s),
        started(s, scene),
        applied.last().us() / 1000,
        applied.count(),
        applied.total().us() / 1000,
        0,
        "RTYPE_NONE"); // files neither grow nor are made
  }

  private static List<Object> stat(InstState s, SqlView.Scene scene) {
    Series received = s.replays.received();
    Series answered = s.replays.answered();
    Series waited = s.replays.waited();
    Series applied = s.replays.applied();
    return row(
        applied.window().size(),
        bytes(s),
        started(s, scene),
        received.count(),
        received.total().bytes(),
        answered.total().us(),
        applied.count(),
        applied.total().bytes(),
        applied.total().us(),
        waited.total().us(),
        answered.longest().us(),
        waited.longest().us(),
        applied.longest().us(),
        applied.longest().bytes(),
        received.last().bytes(),
        answered.last().us(),
        received.recent().bytes(),
        answered.recent().us(),
        waited.last().us(),
        waited.recent().us(),
        applied.last().bytes(),
        applied.last().us(),
        applied.recent().bytes(),
        applied.recent().us(),
        0,
        InstSqlViews.moment(s.replays.lastCmtMs()),
        InstSqlViews.moment(s.replays.applyCmtMs()));
  }

  /** DB_MAGIC of the primary whose redo it is: of the last opening; null: there was none. */
  private static Long magic(InstState s) {
    List<OpenRow> history = s.ctl.history();
    return history.isEmpty() ? null : history.get(history.size() - 1).magic();
  }

  private static List<List<Object>> tasks(InstState s) {
    List<List<Object>> rows = new ArrayList<>();
    if (s.standby()) {
      s.replays
          .tasks()
          .forEach(
              (last, t) -> {
                String type = t.type().name().replace("ARCH_", "");
                rows.add(pkg(s, type, t.firstLsn(), last, t.bytes(), t.seq()));
              });
    }
    return rows;
  }

  private static List<Object> kept(InstState s) {
    List<RlogPkg> ptx = s.kept.ptx();
    long first = ptx.get(0).getLsn();
    return pkg(s, "REALTIME", first, s.kept.lastLsn(), Replays.bytes(ptx), s.kept.lastSeq());
  }

  private static List<Object> pkg(
      InstState s, String type, long first, long last, long bytes, long seq) {
    return row(type, first, last, null, (int) bytes, 0, magic(s), null, seq, first - 1, bytes);
  }

  private static List<Object> lsns(InstState s) {
    String seq = Long.toString(s.way.fseq);
    String lsn = Long.toString(s.way.flsn);
    return row(magic(s), 1L, seq, lsn, magic(s), 1, seq, lsn);
  }

  /** One lane: the engine replays in order. */
  private static List<Object> lanes(InstState s) {
    return row(
        0,
        s.way.fseq,
        s.way.flsn,
        1,
        Long.toString(s.way.applied),
        s.way.appliedSeq,
        s.way.applied);
  }
}
