package halab.systems.dw.config;

import static halab.systems.dm.config.DmKeys.HOST_BYTES;
import static halab.systems.dm.config.DmKeys.INT;
import static halab.systems.dm.config.DmKeys.NAME_BYTES;
import static halab.systems.dm.config.DmKeys.PATH_BYTES;
import static halab.systems.dm.config.Key.flag;
import static halab.systems.dm.config.Key.number;
import static halab.systems.dm.config.Key.of;
import static halab.systems.dm.config.Key.port;

import halab.systems.dm.config.DmKeys;
import halab.systems.dm.config.Key;
import halab.systems.dm.config.Key.Kind;
import halab.systems.dm.config.KeyBook;
import halab.systems.dm.config.Schema;

/**
 * Every key of Data Watch's files with range and default (reference 2.2 to 2.7). Where no range is
 * published the widest that makes sense is taken. SVR_BUILD is HALab's own.
 */
final class DwKeys {
  private static final long DAY_S = 86400;
  private static final int TEXT_BYTES = 512;

  static final Schema DM =
      Schema.open(
          "dm.ini",
          of(Kind.NAME, "INSTANCE_NAME", NAME_BYTES).must(),
          number("PORT_NUM", 1024, 65534, 5236),
          flag("MAL_INI", 0),
          flag("ARCH_INI", 0),
          flag("TIMER_INI", 0),
          flag("MPP_INI", 0),
          number("DW_INACTIVE_INTERVAL", 0, 1800, 60),
          number("ALTER_MODE_STATUS", 0, 2, 1),
          number("DW_MAX_SVR_WAIT_TIME", 0, 65534, 0),
          number("ENABLE_OFFLINE_TS", 0, 2, 1),
          number("SESS_FREE_IN_SUSPEND", 0, 1800, 60),
          number("REDOS_BUF_SIZE", 0, 65536, 1024),
          number("REDOS_BUF_NUM", 0, 99999, 4096),
          number("REDOS_MAX_DELAY", 0, 7200, 1800),
          number("REDOS_PARALLEL_NUM", 1, 16, 1),
          number("SUSPEND_WORKER_TIMEOUT", 1, 3600, 180),
          number("RLOG_SEND_APPLY_MON", 1, 1024, 64),
          number("CKPT_INTERVAL", 0, INT / 1000, 300));

  static final Schema ARCH_GLOBAL = closed("the head of dmarch.ini", flag("ARCH_WAIT_APPLY", 0));

  static final Schema ARCH =
      closed(
          "an archive of dmarch.ini",
          of(Kind.NAME, "ARCH_TYPE", NAME_BYTES).must(),
          of(Kind.TEXT, "ARCH_DEST", TEXT_BYTES).must(),
          number("ARCH_FILE_SIZE", 64, 2048, 1024),
          number("ARCH_SPACE_LIMIT", 1024, 4294967294L, 0).orZeroToo(),
          number("ARCH_FLUSH_BUF_SIZE", 0, 128, 0),
          flag("ARCH_HANG_FLAG", 1),
          of(Kind.NAME, "ARCH_TIMER_NAME", 128),
          number("ARCH_SEND_DELAY", 0, 1440, 0),
          number("ARCH_RESERVE_TIME", 0, INT, 0),
          number("ARCH_SEND_POLICY", 0, 1, 0),
          number("ARCH_RECOVER_TIME", 1, DAY_S, 60),
          flag("ARCH_LOCAL_SHARE", 0),
          of(Kind.PATH, "ARCH_INCOMING_PATH", PATH_BYTES));

  static final Schema TIMER =
      closed(
          "a timer of dmtimer.ini",
          number("TYPE", 1, 8).must(),
          number("FREQ_MONTH_WEEK_INTERVAL", 0, INT, 1),
          number("FREQ_SUB_INTERVAL", 0, INT, 0),
          number("FREQ_MINUTE_INTERVAL", 0, 1440, 0),
          of(Kind.TEXT, "START_TIME", 8),
          of(Kind.TEXT, "END_TIME", 8),
          of(Kind.TEXT, "DURING_START_DATE", 32),
          of(Kind.TEXT, "DURING_END_DATE", 32),
          flag("NO_END_DATE_FLAG", 1),
          of(Kind.TEXT, "DESCRIBE", 256),
          flag("IS_VALID", 1));

  static final Schema WATCHER =
      closed(
          "a group of dmwatcher.ini",
          of(Kind.NAME, "DW_TYPE", NAME_BYTES),
          of(Kind.NAME, "DW_MODE", NAME_BYTES),
          number("DW_ERROR_TIME", 3, 1800, 15),
          number("INST_ERROR_TIME", 3, 1800, 15),
          number("INST_RECOVER_TIME", 3, DAY_S, 60),
          number("INST_OGUID", 0, INT).must(),
          of(Kind.TEXT, "INST_INI", PATH_BYTES).must(),
          of(Kind.TEXT, "DCR_INI", PATH_BYTES),
          flag("INST_AUTO_RESTART", 0),
          number("INST_RESTART_CNT", 0, 1024, 0),
          of(Kind.TEXT, "INST_STARTUP_CMD", TEXT_BYTES),
          flag("INST_SERVICE_IP_CHECK", 0),
          number("RLOG_SEND_THRESHOLD", 0, DAY_S, 0),
          number("RLOG_APPLY_THRESHOLD", 0, DAY_S, 0),
          number("DW_OPEN_FORCE_TIMEOUT", 0, DAY_S, 0),
          flag("DW_FAILOVER_FORCE", 0),
          number("DW_RECONNECT", 0, 100, 1));

  static final Schema MON_GLOBAL =
      closed(
          "the head of dmmonitor.ini",
          flag("MON_DW_CONFIRM", 0),
          of(Kind.TEXT, "MON_LOG_PATH", PATH_BYTES),
          number("MON_LOG_INTERVAL", 0, 600, 60),
          number("MON_LOG_FILE_SIZE", 1, 2048, 64),
          number("MON_LOG_SPACE_LIMIT", 0, INT, 0),
          of(Kind.TEXT, "MON_WALLET_PATH", PATH_BYTES),
          number("MON_INST_NUM", 0, 99, 0),
          number("MON_ID", 0, INT, 0),
          number("MON_MID", 0, INT, 0),
          number("MON_HB_INTERVAL", 1, 10000, 60),
          number("MON_VOTE_INTERVAL", 1, 10000, 100),
          number("MON_BRO_INTERVAL", 1, 10000, 100));

  static final Schema MON_GROUP =
      closed(
          "a group of dmmonitor.ini",
          number("MON_INST_OGUID", 0, INT).must(),
          of(Kind.TEXT, "MON_DW_IP", TEXT_BYTES).must().many());

  static final Schema MON_INST =
      closed(
          "a [MON] section of dmmonitor.ini",
          number("MON_INST_ID", 0, INT).must(),
          of(Kind.HOST, "MON_HOST", HOST_BYTES).must(),
          port("MON_PORT").must());

  static final Schema RELEASE = closed("release.ini", number("SVR_BUILD", 1, 9999, 218));

  static final KeyBook ALL =
      KeyBook.of(
          DM,
          DmKeys.MAL_GLOBAL,
          DmKeys.MAL_INST,
          ARCH_GLOBAL,
          ARCH,
          TIMER,
          WATCHER,
          MON_GLOBAL,
          MON_GROUP,
          MON_INST,
          RELEASE);

  private DwKeys() {}

  private static Schema closed(String place, Key... keys) {
    return Schema.closed(place, name -> ALL.known(name), keys);
  }
}
