package halab.systems.dsc;

import static halab.systems.SqlView.Type.BIGINT;
import static halab.systems.SqlView.Type.INTEGER;
import static halab.systems.dm.SqlViewParts.c;
import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.row;

import halab.redo.proto.RlogPkg;
import halab.systems.SqlView;
import java.util.List;

/**
 * The views over redo and checkpoints (reference 6). The vendor's LSNs are of pages and log files,
 * ours are places in the one order of packages; what stands for what is in docs/systems/dsc.md.
 */
final class DscRedoViews {
  static final List<SqlView<EpState>> ALL =
      List.of(
          SqlView.of(
              "V$RLOG",
              columns(
                  c("CKPT_LSN", BIGINT),
                  c("FILE_LSN", BIGINT),
                  c("FLUSH_LSN", BIGINT),
                  c("CUR_LSN", BIGINT)),
              (s, x) -> List.of(rlog(s.commits))),
          SqlView.of(
              "V$DSC_CRASH_OVER_INFO",
              columns(
                  c("EP_SEQNO", INTEGER),
                  c("OK_FLAG", INTEGER),
                  c("MIN_FIRST_MODIFIED_LSN", BIGINT),
                  c("CRASH_LSN", BIGINT)),
              (s, x) -> EpStages.eps(s).mapToObj(n -> crashOver(s, n)).toList()));

  private DscRedoViews() {}

  private static List<Object> rlog(Commits c) {
    long flushing =
        c.writing == null
            ? 0
            : c.writing.pkgs().stream().mapToLong(RlogPkg::getLsn).max().orElse(0);
    long flush = Math.max(c.handed, flushing);
    long current = Math.max(Math.max(c.known, c.grantedLsn), flush);
    return row(c.durable, c.handed, flush, current);
  }

  private static List<Object> crashOver(EpState s, int ep) {
    boolean ok = s.members.contains(ep);
    return row(ep, ok ? 1 : 0, ok ? firstModified(s, ep) : null, ok ? null : crashLsn(s, ep));
  }

  /**
   * The first LSN that a crash of the EP's engine would lose; null when a checkpoint holds all.
   * Void LSNs behind the last package change nothing.
   */
  private static Long firstModified(EpState s, int ep) {
    Commits c = s.commits;
    boolean own = ep == s.seat.ep;
    Long durable = own ? (Long) c.durable : c.durables.get(ep);
    long applied = own ? c.applied : c.shown.getOrDefault(ep, 0L);
    boolean dirty = durable != null && Math.min(applied, c.lastHanded) > durable;
    return dirty ? durable + 1 : null;
  }

  private static Long crashLsn(EpState s, int ep) {
    return s.commits.settled.get(ep);
  }
}
