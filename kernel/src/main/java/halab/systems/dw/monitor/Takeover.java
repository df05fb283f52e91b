package halab.systems.dw.monitor;

import static halab.systems.dw.monitor.MonState.any;

import halab.dw.proto.DwState;
import halab.dw.proto.DwStatus;
import halab.dw.proto.InstReport;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.systems.dw.monitor.MonTrigger.Change;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * When a lost primary may be taken over, and by which standby (reference 5.7). Judged by the last
 * message about the primary while it served: what it told later, being restarted, is not what its
 * users saw.
 */
final class Takeover {
  /** States of the primary's watcher in which its archives were what it said. */
  private static final Set<DwStatus> GUARDED =
      EnumSet.of(
          DwStatus.DW_OPEN,
          DwStatus.DW_RECOVERY,
          DwStatus.DW_CONFIRM,
          DwStatus.DW_LOGIN_CHECK,
          DwStatus.DW_CLEAR_SEND_INFO,
          DwStatus.DW_CLEAR_RAPPLY_STAT);

  private Takeover() {}

  // ---- by itself
  // ---------------------------------------------------------------------------------

  /** The first group whose primary is lost and that has a standby for it; null if none. */
  static Seat due(MonState s, Now now) {
    if (!s.acts || s.job != null) {
      return null;
    }
    return s.groups().stream()
        .filter(g -> now.monoMs() >= s.memory(g).retryAtMs())
        .map(g -> candidate(s, g))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  static boolean isDue(MonState s, Now now) {
    return due(s, now) != null;
  }

  static MonState begin(MonState s, Now now, List<Effect> out) {
    Job job = MonOrders.auto(s, due(s, now));
    return MonRun.advance(s.with(x -> x.job = job), now, out);
  }

  /** A failed takeover is tried again at this time; MAX_VALUE: there is nothing to try. */
  static long retryAtMs(MonState s, Now now) {
    return s.groups().stream()
        .mapToLong(g -> s.memory(g).retryAtMs())
        .filter(at -> at > now.monoMs())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The standby that takes over by itself; null: the primary is not lost, or nobody can. */
  static Seat candidate(MonState s, String group) {
    DwState last = s.memory(group).primary();
    boolean lost = last != null && s.auto(group) && lost(s, group) && !byOrder(s, group, last);
    if (!lost || !GUARDED.contains(last.getStatus()) || heard(s, group, last)) {
      return null;
    }
    return s.standbys(group).stream()
        .filter(x -> MonRules.fit(x) && x.ctlValid())
        .filter(x -> complete(s, last, x))
        .max(Comparator.comparingLong(Seat::klsn))
        .orElse(null);
  }

  /**
   * It would take over by itself if the primary were lost now; LSNs told a second ago may differ.
   */
  static boolean ready(MonState s, Seat x) {
    DwState last = s.memory(x.group).primary();
    return s.acts && last != null && MonRules.fit(x) && x.ctlValid() && trusted(s, last, x);
  }

  /** Nobody serves: the watcher of who did is silent, or says that its instance is lost. */
  static boolean lost(MonState s, String group) {
    return s.serving(group).isEmpty() && !primaryReturns(s, group);
  }

  /** The same, once the watchers are held. */
  static boolean stillLost(MonState s, boolean force) {
    return force ? s.serving(s.job.group).isEmpty() : lost(s, s.job.group);
  }

  /** The instance that was the primary runs again and is about to be opened as such. */
  private static boolean primaryReturns(MonState s, String group) {
    DwState last = s.memory(group).primary();
    Seat seat = last == null ? null : s.instance(group, last.getInstance());
    return seat != null && seat.ok();
  }

  /** It was stopped by somebody: that is no fault (manual 4.4). */
  private static boolean byOrder(MonState s, String group, DwState last) {
    Seat seat = s.instance(group, last.getInstance());
    boolean stopped = seat != null && seat.at(Status.SHUTDOWN);
    return stopped || seat != null && seat.watcher(DwStatus.DW_SHUTDOWN);
  }

  /**
   * A standby still has its link to the primary, or its watcher to the primary's watcher while the
   * monitor has none: then the monitor is the one that is cut off.
   */
  static boolean heard(MonState s, String group, DwState last) {
    String primary = last.getInstance();
    Seat lost = s.instance(group, primary);
    boolean silent = lost == null || !lost.active();
    return s.active(group).stream()
        .filter(x -> !x.instance().equals(primary))
        .anyMatch(x -> x.ok() && x.hears(primary) || silent && x.hearsWatcherOf(primary));
  }

  /**
   * The standby has all that the primary ever acknowledged: it counted as equal, was not given up
   * since, was neither lost nor restarted since, and has what the primary had on disk.
   */
  private static boolean complete(MonState s, DwState last, Seat x) {
    return trusted(s, last, x) && x.klsn() >= last.getReport().getFlsn();
  }

  private static boolean trusted(MonState s, DwState last, Seat x) {
    Memory memory = s.memory(x.group);
    return MonRules.valid(last.getReport(), x)
        && !memory.givenUp().containsKey(x.instance())
        && x.life().equals(memory.lives().get(x.instance()))
        && MonRules.sameHistory(last.getReport(), x);
  }

  // ---- by the user
  // -------------------------------------------------------------------------------

  private static boolean takes(Change c) {
    return any(c.verb(), Verb.TAKEOVER, Verb.FORCE);
  }

  private static InstReport last(MonState s, Change c) {
    DwState last = s.memory(MonRules.group(s, c)).primary();
    return last == null ? null : last.getReport();
  }

  static boolean primaryServes(MonState s, Change c, Now now) {
    return takes(c) && !s.serving(MonRules.group(s, c)).isEmpty();
  }

  static boolean primaryUnknown(MonState s, Change c, Now now) {
    return c.verb() == Verb.TAKEOVER && last(s, c) == null;
  }

  static boolean primaryIsBack(MonState s, Change c, Now now) {
    return c.verb() == Verb.TAKEOVER && primaryReturns(s, MonRules.group(s, c));
  }

  static boolean primaryUnguarded(MonState s, Change c, Now now) {
    DwState last = s.memory(MonRules.group(s, c)).primary();
    return c.verb() == Verb.TAKEOVER && !GUARDED.contains(last.getStatus());
  }

  static boolean primaryHeard(MonState s, Change c, Now now) {
    String group = MonRules.group(s, c);
    return c.verb() == Verb.TAKEOVER && heard(s, group, s.memory(group).primary());
  }

  static boolean notStandby(MonState s, Change c, Now now) {
    return c.verb() == Verb.FORCE && !MonRules.db(s, c).standby();
  }

  static boolean notOpenOrMount(MonState s, Change c, Now now) {
    Seat db = MonRules.db(s, c);
    return c.verb() == Verb.FORCE && !(db.ok() && (db.at(Status.OPEN) || db.at(Status.MOUNT)));
  }

  static boolean watcherElsewhere(MonState s, Change c, Now now) {
    return c.verb() == Verb.FORCE
        && !MonRules.db(s, c).watcher(DwStatus.DW_OPEN, DwStatus.DW_STARTUP);
  }

  static boolean watcherNotOpen(MonState s, Change c, Now now) {
    return c.verb() == Verb.TAKEOVER && !MonRules.db(s, c).watcher(DwStatus.DW_OPEN);
  }

  static boolean notStandbyOpen(MonState s, Change c, Now now) {
    return c.verb() == Verb.TAKEOVER && !MonRules.fit(MonRules.db(s, c));
  }

  static boolean ctlNotValid(MonState s, Change c, Now now) {
    return takes(c) && !MonRules.db(s, c).ctlValid();
  }

  static boolean archInvalid(MonState s, Change c, Now now) {
    return c.verb() == Verb.TAKEOVER && !valid(s, MonRules.db(s, c));
  }

  private static boolean valid(MonState s, Seat x) {
    Memory memory = s.memory(x.group);
    return MonRules.valid(memory.primary().getReport(), x)
        && !memory.givenUp().containsKey(x.instance());
  }

  static boolean otherHistory(MonState s, Change c, Now now) {
    return c.verb() == Verb.TAKEOVER && !MonRules.sameHistory(last(s, c), MonRules.db(s, c));
  }

  static boolean lessThanPrimary(MonState s, Change c, Now now) {
    return c.verb() == Verb.TAKEOVER && MonRules.db(s, c).klsn() < last(s, c).getFlsn();
  }

  static boolean lessThanOther(MonState s, Change c, Now now) {
    return takes(c) && !most(s, MonRules.db(s, c));
  }

  private static boolean most(MonState s, Seat x) {
    return s.standbys(x.group).stream()
        .filter(Seat::ok)
        .noneMatch(other -> other.klsn() > x.klsn());
  }

  /** Whether choose takeover lists it. */
  static boolean canTake(MonState s, Seat x) {
    DwState last = s.memory(x.group).primary();
    return last != null
        && GUARDED.contains(last.getStatus())
        && !primaryReturns(s, x.group)
        && !heard(s, x.group, last)
        && MonRules.fit(x)
        && x.ctlValid()
        && valid(s, x)
        && MonRules.sameHistory(last.getReport(), x)
        && x.klsn() >= last.getReport().getFlsn()
        && most(s, x);
  }

  /** Whether choose takeover force lists it. */
  static boolean canForce(MonState s, Seat x) {
    boolean up = x.ok() && (x.at(Status.OPEN) || x.at(Status.MOUNT));
    return up
        && x.report().getMode() == Mode.STANDBY
        && x.watcher(DwStatus.DW_OPEN, DwStatus.DW_STARTUP)
        && x.ctlValid()
        && most(s, x);
  }
}
