package halab.systems.dw;

import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.each;
import static halab.systems.dm.SqlViewParts.row;

import halab.systems.SqlView;
import halab.systems.dm.DmIniView;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Setting;
import halab.systems.dw.config.ArchType;
import halab.systems.dw.config.DmArchIni;
import halab.systems.dw.config.DmTimerIni;
import java.util.List;

/**
 * The views over the files that an instance was started with. A file that was edited since shows
 * with the next start, as it takes effect.
 */
final class InstIniViews {
  static final List<SqlView<InstState>> ALL =
      List.of(
          DmIniView.of(InstIniViews::inForce, key -> null),
          SqlView.of(
              "V$DM_MAL_INI",
              columns(
                  "MAL_NAME:text MAL_INST_NAME:text MAL_HOST:text MAL_PORT MAL_INST_HOST:text"
                      + " MAL_INST_PORT MAL_DW_PORT MAL_LINK_MAGIC MAL_INST_DW_PORT"),
              (s, x) -> each(s.mal.instances(), InstIniViews::member)),
          SqlView.of(
              "V$DM_ARCH_INI",
              columns(
                  "ARCH_NAME:text ARCH_TYPE:text ARCH_DEST:text ARCH_FILE_SIZE ARCH_SPACE_LIMIT"
                      + " ARCH_HANG_FLAG ARCH_TIMER_NAME:text ARCH_IS_VALID:text ARCH_WAIT_APPLY"
                      + " ARCH_INCOMING_PATH:text ARCH_CURR_DEST:text ARCH_FLUSH_BUF_SIZE"
                      + " ARCH_RESERVE_TIME ARCH_LOCAL_SHARE ARCH_LOCAL_SHARE_CHECK ARCH_SEND_DELAY"
                      + " ARCH_DEST_IP:text ARCH_DEST_PORT ARCH_DEST_ID ARCH_ASM_MIRROR"
                      + " ARCH_ASM_STRIPING ARCH_RECOVER_TIME"),
              (s, x) -> each(s.arch.archives(), a -> archive(s, a))),
          SqlView.of(
              "V$DM_TIMER_INI",
              columns(
                  "TIMER_NAME:text TYPE FREQ_MONTH_WEEK_INTERVAL FREQ_SUB_INTERVAL"
                      + " FREQ_MINUTE_INTERVAL START_TIME:text END_TIME:text"
                      + " DURING_START_DATE:timestamp DURING_END_DATE:timestamp"
                      + " NO_END_DATE_FLAG:text DESCRIBE:text IS_VALID:text REPEAT_INTERVAL:text"),
              (s, x) -> each(s.timers.timers(), InstIniViews::timer)));

  private InstIniViews() {}

  /** One parameter may be changed in memory. */
  private static List<Setting> inForce(InstState s) {
    return s.dmIni.stream()
        .map(
            p ->
                p.name().equals("ALTER_MODE_STATUS")
                    ? p.forced(Integer.toString(s.alterModeStatus))
                    : p)
        .toList();
  }

  private static List<Object> member(MalIni.Instance i) {
    return row(
        i.section(),
        i.name(),
        i.host(),
        i.port(),
        i.instHost(),
        i.instPort(),
        i.dwPort(),
        i.linkMagic(),
        i.instDwPort());
  }

  private static Object only(boolean there, Object value) {
    return there ? value : null;
  }

  private static List<Object> archive(InstState s, DmArchIni.Arch a) {
    boolean local = a.type() == ArchType.LOCAL;
    boolean async = a.type() == ArchType.ASYNC;
    boolean files = local || a.type() == ArchType.REMOTE;
    return row(
        a.section(),
        a.type().name(),
        a.dest(),
        only(files, a.fileSizeMb()),
        only(files, (int) Math.min(Integer.MAX_VALUE, a.spaceLimitMb())),
        only(local, a.hangFlag() ? 1 : 0),
        only(async, a.timerName()),
        "Y",
        only(!local, s.arch.waitApply() ? 1 : 0),
        a.incomingPath(),
        only(!local, a.dest()),
        only(files, a.flushBufSizeMb()),
        only(local, a.reserveTimeMin()),
        1, // reserved, always 1
        1,
        only(async, a.sendDelayMin()),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static List<Object> timer(DmTimerIni.Timer t) {
    return row(
        t.name(),
        t.type(),
        t.monthWeekInterval(),
        t.subInterval(),
        t.minuteInterval(),
        clock(t.startTime().toSecondOfDay()),
        clock(t.endTime().toSecondOfDay()),
        InstSqlViews.moment(t.duringStartMs()),
        only(t.duringEndMs() != Long.MAX_VALUE, t.duringEndMs()),
        t.noEndDate() ? "Y" : "N",
        t.describe(),
        t.valid() ? "Y" : "N",
        null); // of TYPE 10, which is not emulated
  }

  private static String clock(int secondOfDay) {
    int minutes = secondOfDay / 60;
    return Texts.f("%02d:%02d:%02d", minutes / 60, minutes % 60, secondOfDay % 60);
  }
}
