package halab.systems.dw;

import static halab.systems.dw.DwPhase.OPEN;
import static halab.systems.dw.DwPhase.RECOVERY;
import static halab.systems.dw.DwPhase.STANDBY_CHECK;

import halab.dw.proto.ApplyStat;
import halab.dw.proto.ArchTarget;
import halab.dw.proto.ArchType;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.OrderKind;
import halab.dw.proto.SendInfo;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.DwHistory.Join;
import halab.systems.dw.DwJob.Kind;
import halab.systems.dw.DwJob.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows 500 to 690 of dmwatcher: standbys are brought back (reference 5.6; manual 3.1.9), and slow
 * ones given up (manual 3.1.7).
 */
final class DwRecover {
  /** INST_RECOVER_TIME in memory once the primary has been opened. */
  static final int SOON_S = 3;

  static final int INTERRUPTED = -10211;
  private static final int NOT_CONTIGUOUS = -10201;
  private static final int NO_ARCHIVE = -10204;
  private static final int NOT_APPLIED = -20;
  private static final int SLOW = -21;
  private static final int NO_ANSWER = -10216;
  private static final int LINK_BROKEN = -6021;

  /** Up to here thresholds are seconds, above milliseconds (manual 5.4). */
  private static final int SEND_SECONDS = 3;

  private static final int APPLY_SECONDS = 10;

  private DwRecover() {}

  static void add(Table<WatcherState, DwPhase> t) {
    t.move(
            500,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> candidate(s, now) != null,
            RECOVERY,
            DwRows.to(RECOVERY, DwRecover::begin),
            "an INVALID standby is open, can join, and INST_RECOVER_TIME is over")
        .move(
            510,
            RECOVERY,
            DwTrigger.Done.class,
            null,
            OPEN,
            DwRows.to(OPEN, DwJobs::finish),
            "the standby is back, or tried again after the interval")
        .stay(
            520,
            RECOVERY,
            Event.Tick.class,
            (s, x, now) -> s.job.droppable() && s.interrupt.isEmpty() && !stillThere(s),
            (s, x, now, out) -> s.interrupted(INTERRUPTED, s.job.dest() + " is not as it was"),
            "the standby is not open any more: the recovery ends")
        .move(
            600,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> !slow(s, now).isEmpty(),
            STANDBY_CHECK,
            DwRows.to(STANDBY_CHECK, DwRecover::check),
            "RLOG_SEND_THRESHOLD: a standby is too slow")
        .move(
            610,
            STANDBY_CHECK,
            DwTrigger.Done.class,
            null,
            OPEN,
            DwRows.to(OPEN, DwJobs::finish),
            "slow standbys are INVALID");
  }

  private static boolean serves(WatcherState s, Now now) {
    return DwGroup.member(s, now)
        && s.inst.is(Mode.PRIMARY, Status.OPEN)
        && DwGroup.otherPrimary(s) == null;
  }

  // ---- recovery --------------------------------------------------------------------------------

  /**
   * The next standby to bring back; null: there is none. The one that waits longest comes first.
   */
  static String candidate(WatcherState s, Now now) {
    String next = null;
    for (String dest : serves(s, now) ? s.targets : List.<String>of()) {
      boolean due = s.turn(dest).due(s.ini.instRecoverTimeS(), now.monoMs());
      boolean first = next == null || s.turn(dest).atMs() < s.turn(next).atMs();
      if (due && first && hindrance(s, dest).isEmpty()) {
        next = dest;
      }
    }
    return next;
  }

  /** Why a standby cannot be brought back now, apart from the interval; empty: it can. */
  static String hindrance(WatcherState s, String dest) {
    DwMember m = DwGroup.member(s, dest);
    ArchTarget arch = DwGroup.arch(s, dest);
    boolean ofMembers =
        arch.getType() == ArchType.ARCH_REALTIME || arch.getType() == ArchType.ARCH_TIMELY;
    if (!ofMembers || arch.getValid()) {
      return "its archive is VALID";
    } else if (!m.watcher(DwStatus.DW_OPEN)) {
      return "its watcher is not OPEN";
    } else if (!m.ok() || !m.is(Mode.STANDBY, Status.OPEN)) {
      return "it is not STANDBY and OPEN";
    } else if (m.split() || m.state().getDetached()) {
      return "it is split or detached";
    } else if (!arch.getMalUp()) {
      return "its MAL link is broken";
    } else if (m.report().getApply().getRlsn() != m.report().getApply().getSlsn()) {
      return "its redo buffer is not all applied";
    }
    Join join = DwHistory.join(m.report(), s.inst.report());
    return join == Join.JOINS ? "" : "it cannot join";
  }

  private static WatcherState begin(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    String dest = candidate(s, now);
    DwText.info(out, "recovery of instance %s begins", dest);
    List<Step> steps =
        List.of(
            Step.to(OrderKind.ORDER_RECOVER, dest),
            Step.sql(DwJob.SUSPEND),
            Step.to(OrderKind.ORDER_RECOVER_TAIL, dest),
            Step.to(OrderKind.ORDER_ARCH_VALID, dest),
            Step.sql(DwJob.OPEN));
    return DwJobs.begin(s, DwJob.of(Kind.RECOVERY, steps, dest, null), now, out);
  }

  private static boolean stillThere(WatcherState s) {
    DwMember m = DwGroup.member(s, s.job.dest());
    return m.ok() && m.is(Mode.STANDBY, Status.OPEN);
  }

  /** The outcome decides about the next attempt (manual 3.1.9). */
  static WatcherState ended(WatcherState s, DwJob over, Now now, List<Effect> out) {
    String dest = over.dest();
    DwTurn turn =
        s.turn(dest)
            .ended(interval(over.code()), now.monoMs(), now.wallMs(), over.code(), over.why());
    if (over.failed()) {
      DwText.warn(
          out, "recovery of instance %s failed, code:%d, %s", dest, over.code(), over.why());
    } else {
      DwText.info(out, "recovery of instance %s success", dest);
    }
    return s.withTurn(dest, turn);
  }

  /** Seconds; 0: as dmwatcher.ini says. */
  private static int interval(int code) {
    return switch (code) {
      case 0 -> 0;
      case NOT_CONTIGUOUS -> 1800;
      case NO_ARCHIVE -> 300;
      case NOT_APPLIED, INTERRUPTED, NO_ANSWER, LINK_BROKEN -> SOON_S;
      default -> 30;
    };
  }

  // ---- thresholds ------------------------------------------------------------------------------

  private static boolean over(long count, long us, int threshold, int seconds) {
    long limitUs = threshold <= seconds ? 1_000_000L * threshold : 1000L * threshold;
    return threshold > 0 && count > 0 && us / count > limitUs;
  }

  /** RLOG_APPLY_THRESHOLD: such a standby does not become VALID. */
  static boolean tooSlow(WatcherState s, DwTrigger.Done t) {
    return s.job != null
        && s.job.droppable()
        && t.code() == 0
        && s.interrupt.isEmpty()
        && slowHere(s);
  }

  static WatcherState refuseSlow(WatcherState s, DwTrigger.Done t, Now now, List<Effect> out) {
    return s.interrupted(SLOW, s.job.dest() + " replays too slowly (RLOG_APPLY_THRESHOLD)");
  }

  private static boolean slowHere(WatcherState s) {
    ApplyStat stat = DwGroup.member(s, s.job.dest()).report().getApplyStat();
    int limit = s.ini.rlogApplyThresholdS();
    return over(stat.getRecentCount(), stat.getRecentApplyUs(), limit, APPLY_SECONDS);
  }

  private static List<String> slow(WatcherState s, Now now) {
    List<String> slow = new ArrayList<>();
    for (String dest : serves(s, now) ? s.targets : List.<String>of()) {
      ArchTarget arch = DwGroup.arch(s, dest);
      SendInfo send = arch.getSend();
      int limit = s.ini.rlogSendThresholdS();
      if (arch.getValid() && over(send.getRecentCount(), send.getRecentUs(), limit, SEND_SECONDS)) {
        slow.add(dest);
      }
    }
    return slow;
  }

  private static WatcherState check(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    List<String> slow = slow(s, now);
    DwText.warn(
        out, "average time of sending to %s exceeds RLOG_SEND_THRESHOLD", DwText.list(slow));
    WatcherState next = s;
    List<Step> steps = new ArrayList<>();
    for (String dest : slow) {
      next = next.withTurn(dest, s.turn(dest).counted(now.monoMs()));
      steps.add(Step.to(OrderKind.ORDER_ARCH_INVALID, dest));
    }
    return DwJobs.begin(next, DwJob.of(Kind.STANDBY_CHECK, steps), now, out);
  }
}
