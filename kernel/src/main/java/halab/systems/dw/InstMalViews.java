package halab.systems.dw;

import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.row;

import halab.kernel.Now;
import halab.systems.SqlView;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Setting;
import java.util.ArrayList;
import java.util.List;

/** The views over MAL. Links are judged as of the last greeting, at most a second ago. */
final class InstMalViews {
  static final List<SqlView<InstState>> ALL =
      List.of(
          SqlView.of(
              "V$MAL_SYS",
              columns(
                  "SYS_STATUS STMT_ID NEXT_MAL_ID:bigint MAL_PORT N_SITE MAL_NUM MAL_SEQ_NO"
                      + " EMPTY_LET_NUM MAL_CHECK_INTERVAL MAL_CONN_FAIL_INTERVAL"
                      + " MAL_COMPRESS_LEVEL MAL_BUF_SIZE MAL_SYS_BUF_SIZE MAL_VPOOL_SIZE"
                      + " MAL_TEMP_PATH:text MAL_CHECK_TIMEOUT MAL_CHECK_IP:text MAL_SEND_THRESHOLD"
                      + " MAL_LEAK_CHECK MAL_LOGIN_TIMEOUT MAL_COMBIN_BUF_SIZE MAL_MESSAGE_CHECK"
                      + " MAL_MSG_ENCRYPT MAL_USE_RDMA"),
              (s, x) -> List.of(system(s))),
          SqlView.of(
              "V$MAL_LINK_STATUS",
              columns("SRC_SITE:text DEST_SITE:text CTL_LINK_STATUS:text DATA_LINK_STATUS:text"),
              (s, x) -> InstMalViews.links(s)),
          SqlView.of(
              "V$MAL_SITE_INFO",
              columns(
                  "SRC_SITE_SEQ DEST_SITE_SEQ MAL_PORT_NUM BUILD_TIME:bigint LBTAPFDS:bigint"
                      + " CUR_LETTER_NUM MAX_LETTER_NUM TOTAL_LINK_NUM FREE_LINK_NUM"
                      + " SEND_LETTER_NUM"),
              (s, x) -> InstMalViews.sites(s)));

  private InstMalViews() {}

  private static int site(InstState s, String instance) {
    List<MalIni.Instance> all = s.mal.instances();
    int n = 0;
    while (n < all.size() && !all.get(n).name().equalsIgnoreCase(instance)) {
      n++;
    }
    return n;
  }

  private static Integer setting(InstState s, String key) {
    return s.malIni.stream()
        .filter(p -> p.name().equals(key))
        .map(Setting::value)
        .map(Integer::valueOf)
        .findFirst()
        .orElse(null);
  }

  private static List<Object> system(InstState s) {
    int status =
        switch (s.phase) {
          case SHUTDOWN -> 1;
          case DOWN -> 2;
          default -> 0;
        };
    return row(
        status,
        null,
        null,
        s.mal.instance(s.name()).port(),
        s.mal.instances().size(),
        null,
        site(s, s.name()),
        null,
        s.mal.checkIntervalS(),
        s.mal.connFailIntervalS(),
        setting(s, "MAL_COMPRESS_LEVEL"),
        setting(s, "MAL_BUF_SIZE"),
        setting(s, "MAL_SYS_BUF_SIZE"),
        setting(s, "MAL_VPOOL_SIZE"),
        null,
        s.mal.checkTimeoutMs(),
        s.mal.checkIp(),
        null,
        null,
        s.mal.loginTimeoutS(),
        null,
        setting(s, "MAL_MESSAGE_CHECK"),
        null,
        setting(s, "MAL_USE_RDMA"));
  }

  private static boolean connected(InstState s, String instance) {
    Now lastGreeting = new Now(s.helloAtMs - MalActs.HELLO_MS, 0);
    return !MalActs.broken(s, instance, lastGreeting);
  }

  private static List<List<Object>> links(InstState s) {
    List<List<Object>> rows = new ArrayList<>();
    for (String peer : s.peers.keySet()) {
      String status = connected(s, peer) ? "CONNECTED" : "DISCONNECT";
      rows.add(row(s.name(), peer, status, status));
    }
    return rows;
  }

  /** One link carries both letters and data. */
  private static List<List<Object>> sites(InstState s) {
    List<List<Object>> rows = new ArrayList<>();
    int own = site(s, s.name());
    for (String peer : s.peers.keySet()) {
      int links = connected(s, peer) ? 1 : 0;
      rows.add(row(own, site(s, peer), links, null, null, null, null, links, null, null));
    }
    return rows;
  }
}
