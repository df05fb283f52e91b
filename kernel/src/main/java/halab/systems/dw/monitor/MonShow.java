package halab.systems.dw.monitor;

import static halab.systems.dw.monitor.MonText.f;

import com.google.protobuf.Descriptors;
import halab.dw.proto.Apply;
import halab.dw.proto.ArchTarget;
import halab.dw.proto.ArchType;
import halab.dw.proto.DwState;
import halab.dw.proto.InstReport;
import halab.dw.proto.MonRecord;
import halab.dw.proto.Status;
import halab.redo.proto.Opening;
import java.util.Arrays;
import java.util.List;

/**
 * The monitor's tables in the vendor's layout (reference 6.4): columns are left-aligned, padded
 * with blanks, also after the last one. Every screen ends without a line end.
 */
final class MonShow {
  private static final String INDENT = " ".repeat(18);
  private static final String RULE = "#" + "=".repeat(80) + "#";

  private static final List<Integer> NOTICE = List.of(21, 15, 10, 17, 12, 10, 9, 9, 16, 16);
  private static final List<Integer> GROUP = List.of(17, 12, 16, 16, 10);
  private static final List<Integer> GLOBAL =
      List.of(20, 13, 21, 10, 10, 15, 17, 10, 6, 6, 12, 10, 15, 10, 9);
  private static final List<Integer> EP =
      List.of(20, 11, 10, 17, 12, 10, 11, 14, 10, 9, 16, 16, 16, 16, 20);
  private static final List<Integer> OPENING = List.of(8, 8, 21, 10, 17, 17, 14, 14, 6, 20, 20);
  private static final List<Integer> MONITOR = List.of(21, 13, 18, 20, 20, 8);

  private static final Descriptors.FieldDescriptor BYTES =
      Apply.getDescriptor().findFieldByNumber(Apply.BYTES_FIELD_NUMBER);

  private MonShow() {}

  private static String columns(List<Integer> widths, Object... values) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      line.append(f("%-" + widths.get(i) + "s", values[i]));
    }
    return line.toString();
  }

  // ---- notices
  // -----------------------------------------------------------------------------------

  /** What of a member is told when it changes, beside the state of its watcher. */
  static String summary(MonState s, Seat seat) {
    return String.join(
        " ",
        ok(seat),
        MonText.status(seat),
        MonText.mode(seat),
        rstat(s, seat),
        Integer.toString(seat.nOpen()));
  }

  /** The two lines of a change notice. */
  static String row(MonState s, Seat seat) {
    InstReport report = seat.report();
    return INDENT
        + columns(
            NOTICE, "WTIME", "WSTATUS", "INST_OK", "INAME", "ISTATUS", "IMODE", "RSTAT", "N_OPEN",
            "FLSN", "CLSN")
        + "\n"
        + INDENT
        + columns(
            NOTICE,
            wtime(s, seat),
            MonText.watcher(seat),
            ok(seat),
            seat.instance(),
            MonText.status(seat),
            MonText.mode(seat),
            rstat(s, seat),
            seat.nOpen(),
            report.getFlsn(),
            report.getClsn());
  }

  private static String wtime(MonState s, Seat seat) {
    return MonText.time(seat.state.getWallMs(), s.zone);
  }

  /** As the watcher said last; its own silence is told by WSTATUS. */
  private static String ok(Seat seat) {
    return seat.state.getInstOk() ? "OK" : "ERROR";
  }

  /**
   * Archive status of a member: the primary's opinion of it; VALID for the primary itself, UNKNOWN
   * while nobody serves (reference 3.7).
   */
  static String rstat(MonState s, Seat seat) {
    if (seat.global() && seat.primary()) {
      return "VALID";
    }
    List<Seat> serving = s.serving(seat.group);
    ArchTarget arch = serving.isEmpty() ? null : serving.get(0).arch(seat.instance());
    if (arch == null) {
      return seat.global() ? "UNKNOWN" : "NULL";
    }
    return arch.getValid() ? "VALID" : "INVALID";
  }

  private static String rtype(Seat seat) {
    return MonText.arch(seat.global() ? seat.archType() : ArchType.ARCH_TYPE_UNSPECIFIED);
  }

  // ---- show
  // --------------------------------------------------------------------------------------

  /** {@code show}: every group with its databases. */
  static String all(MonState s, long wallMs) {
    StringBuilder text = new StringBuilder(MonText.time(wallMs, s.zone)).append(" \n");
    for (String group : s.groups()) {
      addGroup(text, s, group, true);
    }
    return text.append(RULE).toString();
  }

  /** {@code show G}. */
  static String group(MonState s, String group, long wallMs) {
    StringBuilder text = new StringBuilder(MonText.time(wallMs, s.zone)).append(" \n");
    addGroup(text, s, group, true);
    return text.append(RULE).toString();
  }

  /** {@code show global info}: without what belongs to single instances. */
  static String global(MonState s, long wallMs) {
    StringBuilder text = new StringBuilder(MonText.time(wallMs, s.zone)).append(" \n");
    for (String group : s.groups()) {
      addGroup(text, s, group, false);
    }
    return text.append(RULE).toString();
  }

  /** {@code show database X}. */
  static String database(MonState s, Seat seat, long wallMs) {
    StringBuilder text = new StringBuilder(MonText.time(wallMs, s.zone)).append(" \n");
    text.append(RULE).append('\n');
    addDatabase(text, s, seat, true);
    return text.append(RULE).toString();
  }

  private static void addGroup(StringBuilder text, MonState s, String group, boolean details) {
    List<Seat> seats = s.of(group);
    text.append(RULE).append('\n');
    text.append(columns(GROUP, "GROUP", "OGUID", "MON_CONFIRM", "MODE", "MPP_FLAG")).append('\n');
    String mode = s.auto(group) ? "AUTO" : "MANUAL";
    text.append(columns(GROUP, group, seats.get(0).oguid, MonText.flag(s.confirm), mode, "FALSE"))
        .append("\n\n\n");
    for (Seat seat : seats) {
      if (seat.state != null) {
        addDatabase(text, s, seat, details);
      }
    }
  }

  private static void addDatabase(StringBuilder text, MonState s, Seat seat, boolean details) {
    DwState state = seat.state;
    text.append("<<DATABASE GLOBAL INFO:>>\n");
    text.append(
            columns(
                GLOBAL,
                "DW_IP",
                "MAL_DW_PORT",
                "WTIME",
                "WTYPE",
                "WCTLSTAT",
                "WSTATUS",
                "INAME",
                "INST_OK",
                "N_EP",
                "N_OK",
                "ISTATUS",
                "IMODE",
                "DSC_STATUS",
                "RTYPE",
                "RSTAT"))
        .append('\n');
    text.append(
            columns(
                GLOBAL,
                state.getIp(),
                state.getPort(),
                wtime(s, seat),
                state.getType(),
                MonText.ctl(seat),
                MonText.watcher(seat),
                seat.instance(),
                ok(seat),
                1,
                seat.ok() ? 1 : 0,
                MonText.status(seat),
                MonText.mode(seat),
                seat.at(Status.OPEN) ? "DSC_OPEN" : "DSC_" + MonText.status(seat),
                rtype(seat),
                rstat(s, seat)))
        .append("\n\n");
    if (details) {
      addEp(text, s, seat);
      addApply(text, s, seat);
    }
  }

  private static void addEp(StringBuilder text, MonState s, Seat seat) {
    InstReport report = seat.report();
    text.append("EP INFO:\n");
    text.append(
            columns(
                EP,
                "INST_IP",
                "INST_PORT",
                "INST_OK",
                "INAME",
                "ISTATUS",
                "IMODE",
                "DSC_SEQNO",
                "DSC_CTL_NODE",
                "RTYPE",
                "RSTAT",
                "FSEQ",
                "FLSN",
                "CSEQ",
                "CLSN",
                "DW_STAT_FLAG"))
        .append('\n');
    text.append(
            columns(
                EP,
                seat.state.getIp(),
                report.getSqlPort(),
                ok(seat),
                seat.instance(),
                MonText.status(seat),
                MonText.mode(seat),
                0,
                0,
                rtype(seat),
                rstat(s, seat),
                report.getFseq(),
                report.getFlsn(),
                report.getCseq(),
                report.getClsn(),
                MonText.command(report.getDwStatus())))
        .append("\n\n");
  }

  private static void addApply(StringBuilder text, MonState s, Seat seat) {
    if (!seat.standby()) {
      return;
    }
    InstReport report = seat.report();
    Apply a = report.getApply();
    Seat primary = s.primary(seat.group);
    String from =
        !report.getPrimary().isEmpty() || primary == null
            ? report.getPrimary()
            : primary.instance();
    text.append(
        f(
            "DATABASE(%s) APPLY INFO FROM (%s), REDOS_PARALLEL_NUM (%d), WAIT_APPLY[%s]:\n",
            seat.instance(),
            from,
            Math.max(1, report.getParallel()),
            MonText.flag(report.getWaitApply())));
    text.append(
        f(
            "DSC_SEQNO[0], (RSEQ, SSEQ, KSEQ)[%d, %d, %d], (RLSN, SLSN, KLSN)[%d, %d, %d],"
                + " N_TSK[%d], TSK_MEM_USE[%d]\n",
            a.getRseq(),
            a.getSseq(),
            a.getKseq(),
            a.getRlsn(),
            a.getSlsn(),
            a.getKlsn(),
            a.getTasks(),
            a.getField(BYTES)));
    text.append(f("REDO_LSN_ARR: (%d)\n\n", a.getRlsn()));
  }

  // ---- other screens
  // -----------------------------------------------------------------------------

  /** {@code show open info}: SYSOPENHISTORY as the instance told it. */
  static String openInfo(MonState s, Seat seat) {
    StringBuilder text = new StringBuilder(RULE).append('\n');
    text.append(
        f(
            "INST_NAME: %s, N_ITEM: %d, CTL_STATUS: %s, DESC: %s\n\n",
            seat.instance(),
            seat.report().getOpeningCount(),
            MonText.ctl(seat),
            MonText.clean(seat.state.getCtlWhy())));
    text.append(
            columns(
                OPENING,
                "TGUID",
                "ROWID",
                "OPEN_TIME",
                "SYS_MODE",
                "PRI_INST_NAME",
                "CUR_INST_NAME",
                "PRI_DB_MAGIC",
                "CUR_DB_MAGIC",
                "N_EP",
                "RSEQ_ARR",
                "RLSN_ARR"))
        .append('\n');
    for (Opening row : seat.report().getOpeningList()) {
      text.append(
              columns(
                  OPENING,
                  row.getNumber(),
                  row.getNumber(),
                  MonText.time(row.getAtMs(), s.zone),
                  "PRIMARY",
                  row.getPrimary(),
                  seat.instance(),
                  row.getMagic(),
                  seat.report().getDbMagic(),
                  1,
                  "(" + row.getSeq() + ")",
                  "(" + row.getLsn() + ")"))
          .append('\n');
    }
    return text.append(RULE).toString();
  }

  /** {@code list}: what is in force at a watcher. */
  static String config(List<Seat> seats) {
    StringBuilder text = new StringBuilder();
    for (Seat seat : seats) {
      text.append(f("[%s] dmwatcher(%s):\n", seat.group, seat.instance()));
      Arrays.stream(seat.state.getIniText().split("\n"))
          .map(MonText::clean)
          .forEach(line -> text.append("  ").append(line).append('\n'));
      text.append(f("  CTL_STATUS = %s\n\n", MonText.ctl(seat)));
    }
    return text.toString().stripTrailing();
  }

  /** {@code show monitor}: who is connected to that watcher; this monitor comes first. */
  static String monitors(MonState s, Seat seat) {
    StringBuilder text = new StringBuilder(RULE).append('\n');
    text.append(f("Get monitor connect info from dmwatcher(%s).\n", seat.instance()));
    text.append("The first line is self connect info.\n\n");
    text.append(
            columns(
                MONITOR, "DW_CONN_TIME", "MON_CONFIRM", "MID", "MON_IP", "MON_VERSION", "HP_FLAG"))
        .append('\n');
    List<MonRecord> all = seat.state.getMonitorList();
    all.stream().filter(m -> m.getMid() == s.mid).forEach(m -> addMonitor(text, s, m));
    all.stream().filter(m -> m.getMid() != s.mid).forEach(m -> addMonitor(text, s, m));
    return text.append(RULE).toString();
  }

  private static void addMonitor(StringBuilder text, MonState s, MonRecord m) {
    text.append(
            columns(
                MONITOR,
                MonText.time(m.getConnectMs(), s.zone),
                MonText.flag(m.getConfirm()),
                m.getMid(),
                MonText.clean(m.getIp()),
                MonText.clean(m.getVersion()),
                "NULL"))
        .append('\n');
  }

  /** {@code help}: the commands in the vendor's three sections. */
  static String help() {
    StringBuilder text = new StringBuilder("DMMONITOR supports the following commands now:\n");
    int number = 0;
    String end = "#" + "-".repeat(93) + "#\n";
    for (Verb verb : Verb.values()) {
      if (verb == Verb.HELP) {
        text.append(section("global commands of the system"));
      } else if (verb == Verb.STARTUP_WATCHER) {
        text.append(end).append('\n').append(section("commands for groups"));
      } else if (verb == Verb.STARTUP_WATCHER_DB) {
        text.append(end).append('\n').append(section("commands for databases"));
      }
      if (!verb.help().isEmpty()) {
        text.append(f("%d.%s\n--%s\n\n", ++number, verb.usage(), verb.help()));
      }
    }
    return text.append(end.strip()).toString();
  }

  private static String section(String title) {
    String dashes = "-".repeat((93 - title.length()) / 2);
    String line = dashes + title + dashes;
    return "#" + line + "-".repeat(93 - line.length()) + "#\n";
  }
}
