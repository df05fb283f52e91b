package halab.systems.dw;

import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.each;
import static halab.systems.dm.SqlViewParts.row;

import halab.systems.SqlView;
import java.util.List;
import java.util.stream.Stream;

/**
 * The vendor's views of an instance (reference 9.1; columns and meanings: manual of Data Watch,
 * appendix 1). What every column is here, and which are NULL: docs/systems/dw-views.md.
 */
final class InstSqlViews {
  private static final String SERVER = "DM Database Server x64 V8";
  private static final String DB_VERSION = "DB Version: 0x7000c";
  private static final String DATABASE = "DAMENG";

  private static final List<SqlView<InstState>> DATABASES =
      List.of(
          SqlView.of(
              "V$INSTANCE",
              columns(
                  "NAME:text INSTANCE_NAME:text INSTANCE_NUMBER HOST_NAME:text SVR_VERSION:text"
                      + " DB_VERSION:text START_TIME:timestamp STATUS$:text MODE$:text OGUID:bigint"
                      + " DSC_SEQNO DSC_ROLE:text BUILD_VERSION:text BUILD_TIME:text"),
              (s, x) -> List.of(instance(s, x))),
          SqlView.of(
              "V$DATABASE",
              columns("NAME:text STATUS$ ROLE$ ARCH_MODE:text"),
              (s, x) -> List.of(database(s))),
          SqlView.of(
              "V$RLOG",
              columns("CKPT_LSN:bigint FILE_LSN:bigint FLUSH_LSN:bigint CUR_LSN:bigint"),
              (s, x) -> List.of(rlog(s))),
          SqlView.of(
              "V$RLOGFILE",
              columns("FILE_ID PATH:text CREATE_TIME:timestamp RLOG_SIZE:bigint"),
              (s, x) -> List.of(row(0, s.onlinePath(), null, null))),
          SqlView.of(
              "SYSOPENHISTORY",
              columns(
                  "TGUID:text OPEN_TIME:timestamp SYS_MODE:text PRIMARY_INST_NAME:text"
                      + " CUR_INST_NAME:text PRIMARY_DB_MAGIC:bigint CUR_DB_MAGIC:bigint N_EP"
                      + " PKG_SEQ_ARR:text APPLY_LSN_ARR:text"),
              (s, x) -> each(s.ctl.history(), InstSqlViews::opening)));

  static final List<SqlView<InstState>> ALL =
      Stream.of(
              DATABASES,
              InstIniViews.ALL,
              InstArchViews.ALL,
              InstReplayViews.ALL,
              InstMalViews.ALL,
              InstWatchViews.ALL)
          .flatMap(List::stream)
          .toList();

  private InstSqlViews() {}

  /** A moment of this life as wall clock; null for one that was never. */
  static Long wallMs(InstState s, SqlView.Scene scene, long monoMs) {
    return monoMs == Long.MIN_VALUE ? null : scene.startedWallMs() + monoMs - s.bornMs;
  }

  /** NULL for a moment that never was. */
  static Long moment(long wallMs) {
    return wallMs == 0 ? null : wallMs;
  }

  static String bool(boolean is) {
    return is ? "TRUE" : "FALSE";
  }

  private static List<Object> instance(InstState s, SqlView.Scene scene) {
    return row(
        s.name(),
        s.name(),
        1,
        s.self.host(),
        SERVER,
        DB_VERSION,
        scene.startedWallMs(),
        s.phase.status().name().replace('_', ' '),
        s.ctl.mode().name(),
        (long) s.ctl.oguid(),
        0,
        null, // of a cluster with shared disks
        Texts.f("1-2-%d", s.build),
        null);
  }

  private static List<Object> database(InstState s) {
    int role =
        switch (s.ctl.mode()) {
          case NORMAL -> 0;
          case PRIMARY -> 1;
          case STANDBY -> 2;
        };
    return row(DATABASE, s.phase.status().getNumber(), role, s.ini.archIni() ? "Y" : "N");
  }

  private static List<Object> rlog(InstState s) {
    long current = Math.max(s.ship.clsn, s.klsn());
    return row(s.way.ckptLsn, s.way.flsn, s.way.taken(), current);
  }

  private static List<Object> opening(OpenRow o) {
    return row(
        Integer.toString(o.number()),
        o.atMs(),
        DmMode.PRIMARY.name(),
        o.primary(),
        o.primary(), // the row travels as its primary wrote it
        o.magic(),
        o.magic(),
        1,
        Long.toString(o.seq()),
        Long.toString(o.lsn()));
  }
}
