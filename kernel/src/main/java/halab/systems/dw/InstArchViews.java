package halab.systems.dw;

import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.each;
import static halab.systems.dm.SqlViewParts.row;

import halab.dw.proto.Apply;
import halab.dw.proto.MalHello;
import halab.dw.proto.SendInfo;
import halab.systems.SqlView;
import halab.systems.dw.config.ArchType;
import halab.systems.dw.config.DmArchIni;
import java.util.ArrayList;
import java.util.List;

/** The views over archives: where redo goes, and what was sent there. */
final class InstArchViews {
  static final List<SqlView<InstState>> ALL =
      List.of(
          SqlView.of(
              "V$ARCH_STATUS",
              columns("ARCH_TYPE:text ARCH_DEST:text ARCH_STATUS:text ARCH_SRC:text"),
              (s, x) -> each(s.arch.archives(), a -> status(s, a))),
          SqlView.of(
              "V$ARCH_QUEUE", columns("ARCH_TYPE:text WAITING"), (s, x) -> InstArchViews.queues(s)),
          SqlView.of(
              "V$ARCH_FILE",
              columns(
                  "DB_MAGIC:bigint STATUS:text LEN:bigint FREE:bigint ARCH_LSN:bigint CLSN:bigint"
                      + " ARCH_SEQ:bigint NEXT_SEQ:bigint CREATE_TIME:timestamp"
                      + " CLOSE_TIME:timestamp PATH:text PMNT_MAGIC:bigint DSC_SEQNO CRC_CHECK"
                      + " LAST_PKG_OFF:bigint PREV_LSN:bigint GLOBAL_NEXT_SEQ:bigint"
                      + " SRC_DB_MAGIC:bigint LLOG_FIRST_TIME:timestamp LLOG_LAST_TIME:timestamp"),
              (s, x) -> List.of(file(s))),
          SqlView.of(
              "V$ARCH_SEND_INFO",
              columns(
                  "ARCH_DEST:text ARCH_TYPE FOR_RECOVERY:text RECNT_SEND_CNT TOTAL_SEND_CNT:bigint"
                      + " TOTAL_SEND_LEN:bigint TOTAL_PTX_CNT:bigint TOTAL_SEND_TIME:bigint"
                      + " MAX_SEND_TIME:bigint MAX_END_TIME:timestamp MAX_PTX_CNT MAX_SEND_LEN"
                      + " MAX_SEND_LSN:bigint LAST_SEND_LEN LAST_SEND_PTX LAST_SEND_LSN:bigint"
                      + " LAST_SEND_TIME:bigint LAST_START_TIME:timestamp LAST_END_TIME:timestamp"
                      + " RECNT_SEND_LEN:bigint RECNT_SEND_PTX:bigint RECNT_SEND_TIME:bigint"
                      + " LAST_SEND_CODE LAST_SEND_DESC:text TOTAL_ASYNC_RPKG:bigint"
                      + " TOTAL_ASYNC_TIME:bigint"),
              (s, x) -> each(sending(s), InstArchViews::sent)),
          SqlView.of(
              "V$ARCH_APPLY_INFO",
              columns(
                  "DEST_NAME:text ARCH_STANDBY_APPLY DSC_SEQNO APPLY_SEQNO:bigint APPLY_LSN:bigint"
                      + " KEEP_SEQNO:bigint KEEP_LSN:bigint STANDBY_SEQNO:bigint STANDBY_LSN:bigint"
                      + " RPKG_SEQNO:bigint RPKG_LSN:bigint C_SEQNO:bigint C_LSN:bigint"),
              (s, x) -> each(heard(s), t -> applied(t, s.peers.get(t.dest()).said()))),
          SqlView.of(
              "V$RECOVER_STATUS",
              columns(
                  "PRIMARY_NAME:text STANDBY_NAME:text PRIM_LSN:bigint SEND_LSN:bigint"
                      + " KBYTES_TOTAL:bigint KBYTES_TO_RECOVER:bigint FILES_TO_RECOVER"
                      + " RECOVER_PERCENT:text"),
              (s, x) -> InstArchViews.recoveries(s)),
          SqlView.of("V$ARCH_DETACH_INFO", columns("DB_DETACHED:text"), (s, x) -> List.of()));

  private InstArchViews() {}

  private static List<Object> status(InstState s, DmArchIni.Arch a) {
    return row(a.type().name(), a.dest(), statusWord(s, a), s.name());
  }

  /** A standby does not know of its realtime and timely targets: their primary does. */
  private static String statusWord(InstState s, DmArchIni.Arch a) {
    if (a.type() == ArchType.LOCAL) {
      return s.way.archiveFails() ? "INVALID" : "VALID";
    }
    Target target = s.targets.get(a.dest());
    if (target == null || target.mutual() && s.standby()) {
      return null;
    }
    boolean sends = !target.mutual() && s.histories.containsKey(a.dest());
    return sends ? "ASYNC_SEND" : target.valid() ? "VALID" : "INVALID";
  }

  /** Transactions that wait for an archive of each type. */
  private static List<List<Object>> queues(InstState s) {
    List<List<Object>> rows = new ArrayList<>();
    for (ArchType type : ArchType.values()) {
      if (!s.arch.targets(type).isEmpty()) {
        rows.add(row(type.name(), waiting(s, type)));
      }
    }
    return rows;
  }

  private static Integer waiting(InstState s, ArchType type) {
    return switch (type) {
      case LOCAL ->
          s.way.toArchive.size() + (s.way.archive == null ? 0 : s.way.archive.pkgs().size());
      case REALTIME, TIMELY ->
          s.ship.parcel == null || s.ship.parcel.waiting().isEmpty()
              ? 0
              : s.ship.parcel.ptx().size();
      case ASYNC ->
          s.histories.values().stream()
              .filter(h -> h.kind() == History.Kind.ASYNC)
              .mapToInt(h -> h.part().size())
              .sum();
      default -> null; // not emulated
    };
  }

  /** All of the local archive as one file. */
  private static List<Object> file(InstState s) {
    return row(
        s.ctl.dbMagic(),
        "ACTIVE",
        null,
        null,
        null,
        s.way.archived,
        null,
        null,
        null,
        null,
        s.archivePath(),
        s.ctl.permanentMagic(),
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** A standby sends nothing but asynchronously. */
  private static List<Target> sending(InstState s) {
    return s.targets.values().stream().filter(t -> s.primary() || !t.mutual()).toList();
  }

  private static List<Object> sent(Target t) {
    SendInfo i = t.send();
    return row(
        t.dest(),
        null, // the vendor's numbers are not published
        i.getRecovering() ? "Y" : "N",
        (int) i.getRecentCount(),
        i.getCount(),
        i.getTotalBytes(),
        i.getTotalPtx(),
        i.getTotalUs(),
        i.getMaxUs(),
        InstSqlViews.moment(i.getMaxEndMs()),
        (int) i.getMaxPtx(),
        (int) i.getMaxBytes(),
        i.getMaxEndLsn(),
        (int) i.getLastBytes(),
        (int) i.getLastPtx(),
        i.getLastEndLsn(),
        i.getLastUs(),
        InstSqlViews.moment(i.getLastStartMs()),
        InstSqlViews.moment(i.getLastEndMs()),
        i.getRecentBytes(),
        t.sends().recent().ptx(),
        i.getRecentUs(),
        i.getLastCode(),
        i.getLastWhy().isEmpty() ? null : i.getLastWhy(),
        t.history().pkgs(),
        t.history().us() / 1000);
  }

  private static List<Target> heard(InstState s) {
    return sending(s).stream()
        .filter(t -> s.peers.containsKey(t.dest()) && s.peers.get(t.dest()).said() != null)
        .toList();
  }

  /** What the destination said last. */
  private static List<Object> applied(Target t, MalHello said) {
    Apply a = said.getApply();
    boolean flushed = said.getFlsn() == a.getSlsn();
    return row(
        t.dest(),
        0, // the default; the key is not emulated
        0,
        flushed ? a.getSseq() : a.getRseq(),
        flushed ? a.getSlsn() : a.getRlsn(),
        a.getKseq(),
        a.getKlsn(),
        a.getKseq(),
        a.getKlsn(),
        a.getRseq(),
        a.getRlsn(),
        null, // of RAFT alone
        null);
  }

  private static List<List<Object>> recoveries(InstState s) {
    List<List<Object>> rows = new ArrayList<>();
    s.histories.forEach(
        (dest, h) -> {
          if (h.kind() != History.Kind.ASYNC) {
            rows.add(recovery(s, dest, h));
          }
        });
    return rows;
  }

  private static List<Object> recovery(InstState s, String dest, History h) {
    Long sent = h.located() ? sentLsn(h) : null;
    return row(s.name(), dest, s.way.flsn, sent, null, null, null, percent(s, h));
  }

  /** The last LSN that was sent. */
  static long sentLsn(History h) {
    return h.part().isEmpty() ? h.nextLsn() - 1 : h.lastLsn();
  }

  /** How many of the LSNs that were missing have been sent. */
  private static String percent(InstState s, History h) {
    if (!h.located()) {
      return null;
    }
    long before = h.firstLsn() - 1;
    long all = s.way.flsn - before;
    return all <= 0 ? "100%" : 100 * (sentLsn(h) - before) / all + "%";
  }
}
