package halab.systems.dw;

import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.each;
import static halab.systems.dm.SqlViewParts.row;

import halab.dw.proto.DwBeat;
import halab.dw.proto.MonRecord;
import halab.systems.SqlView;
import java.util.List;
import java.util.Map;

/** The views over the watcher and what it has ordered; nothing of them before one was heard. */
final class InstWatchViews {
  /** An order is being carried out. */
  private static final int RUNNING = 100;

  static final List<SqlView<InstState>> ALL =
      List.of(
          SqlView.of(
              "V$DMWATCHER",
              columns(
                  "N_GROUP GROUP_NAME:text INST_NAME:text DW_TYPE:text DW_MODE:text AUTO_RESTART"
                      + " DW_STATUS:text DW_SUB_STATUS:text LAST_MSG_TIME:timestamp SWITCH_COUNT"
                      + " CTL_NUM INST_NUM MAX_CONN_NUM"),
              (s, x) -> known(s) ? List.of(watcher(s, x)) : List.of()),
          SqlView.of(
              "V$DMMONITOR",
              columns(
                  "DW_CONN_TIME:timestamp MON_CONFIRM:text MID:bigint MON_ID MON_TERM:bigint"
                      + " MON_IP:text MON_VERSION:text HP_FLAG:text"),
              (s, x) -> each(s.watcher.getMonitorList(), InstWatchViews::monitor)),
          SqlView.of(
              "V$UTSK_SYS2",
              columns(
                  "RUNNING:text BREAK_FLAG:text AUTO_SWITCH:text MAX_WAIT_TIME"
                      + " LAST_MSG_TIME:timestamp DW_VERSION:text"),
              (s, x) -> List.of(system(s, x))),
          SqlView.of(
              "V$UTSK_INFO",
              columns(
                  "RUNNING:text DSEQ CODE SEND_LSN:bigint RECOVER_BREAK:text AUTO_SWITCH:text NTH"
                      + " CMD:text INST_NAME:text MAX_SEND_LSN:bigint DSEQ2:bigint"),
              (s, x) -> s.orderCmd == null ? List.of() : List.of(order(s))));

  private InstWatchViews() {}

  private static boolean known(InstState s) {
    return !s.watcher.equals(DwBeat.getDefaultInstance());
  }

  private static Long lastMessage(InstState s, SqlView.Scene scene) {
    return InstSqlViews.wallMs(s, scene, s.watcherHeardMs);
  }

  private static List<Object> watcher(InstState s, SqlView.Scene scene) {
    DwBeat w = s.watcher;
    return row(
        1,
        w.getGroup(),
        s.name(),
        w.getType(),
        w.getMode(),
        w.getAutoRestart() ? 1 : 0,
        w.getStatus().name().replace("DW_", "").replace('_', ' '),
        null,
        lastMessage(s, scene),
        (int) w.getSwitchCount(),
        null,
        null,
        null);
  }

  private static List<Object> monitor(MonRecord m) {
    return row(
        m.getConnectMs(),
        InstSqlViews.bool(m.getConfirm()),
        m.getMid(),
        m.getMonId(),
        null,
        m.getIp(),
        m.getVersion(),
        null);
  }

  private static boolean running(InstState s) {
    return s.orderCmd != null && s.orderDone == null;
  }

  private static List<Object> system(InstState s, SqlView.Scene scene) {
    return row(
        InstSqlViews.bool(running(s)),
        "FALSE", // an order is never broken off
        known(s) ? InstSqlViews.bool(s.watcher.getMode().equals("AUTO")) : null,
        s.ini.dwMaxSvrWaitTimeS(),
        lastMessage(s, scene),
        null);
  }

  private static List<Object> order(InstState s) {
    Map.Entry<String, History> recovery = recovery(s);
    return row(
        null,
        0,
        running(s) ? (Integer) RUNNING : (Integer) s.orderDone.getCode(),
        recovery == null || !recovery.getValue().located()
            ? null
            : (Long) InstArchViews.sentLsn(recovery.getValue()),
        null,
        null,
        0,
        s.orderCmd,
        recovery == null ? null : recovery.getKey(),
        recovery == null ? null : (Long) s.way.flsn,
        s.order);
  }

  /** The recovery that the order in hand is; null: it is none. */
  private static Map.Entry<String, History> recovery(InstState s) {
    for (Map.Entry<String, History> entry : s.histories.entrySet()) {
      InstTrigger.Asker asker = entry.getValue().asker();
      if (asker.watcher() && asker.number() == s.order) {
        return entry;
      }
    }
    return null;
  }
}
