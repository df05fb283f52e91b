package halab.systems.dw;

import static halab.systems.dw.Dmwatcher.ALIVE;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Rows 200 to 290 of dmwatcher: the instance is lost, and started again (reference 1.3, 5.10); and
 * how orders to it go on.
 */
final class DwGuard {
  static final String ROLE = "dmserver";

  /** A start that has not led to a report is looked after again. */
  private static final long START_AGAIN_MS = 10_000;

  private static final Set<DwPhase> GUARDED =
      EnumSet.complementOf(EnumSet.of(DwPhase.STARTUP, DwPhase.SHUTDOWN, DwPhase.DOWN));

  private DwGuard() {}

  static void add(Table<WatcherState, DwPhase> t) {
    t.stay(
            200,
            ALIVE,
            DwTrigger.Found.class,
            null,
            (s, x, now, out) -> s.withInst(s.inst.found(x.runs())),
            "whether the process of the instance is there")
        .move(
            210,
            GUARDED,
            Event.Tick.class,
            DwGuard::faulty,
            DwPhase.STARTUP,
            DwRows.to(DwPhase.STARTUP, DwGuard::lost),
            "the instance is lost: pid gone, or silent for INST_ERROR_TIME")
        .stay(
            212,
            EnumSet.of(DwPhase.STARTUP, DwPhase.SHUTDOWN),
            Event.Tick.class,
            DwGuard::faulty,
            DwGuard::lost,
            "the instance is lost")
        .stay(
            220,
            DwPhase.STARTUP,
            Event.Tick.class,
            DwGuard::startDue,
            DwGuard::restart,
            "INST_AUTO_RESTART: a hanging process is ended first, then it is started")
        .stay(
            222,
            ALIVE,
            DwTrigger.Ended.class,
            null,
            DwGuard::ended,
            "the process of the instance is ended")
        .stay(
            224, ALIVE, Event.Launched.class, null, DwGuard::launched, "a start came about, or not")
        .stay(
            228,
            DwPhase.RECOVERY,
            DwTrigger.Done.class,
            (s, x, now) -> DwRecover.tooSlow(s, x),
            DwRecover::refuseSlow,
            "RLOG_APPLY_THRESHOLD: a slow standby does not become VALID")
        .stay(
            230,
            ALIVE,
            DwTrigger.Done.class,
            DwJobs::goesOn,
            DwJobs::next,
            "an order is carried out: the next one of the job")
        .stay(
            232,
            ALIVE,
            Event.Tick.class,
            (s, x, now) -> DwJobs.overdue(s, now),
            DwJobs::giveUp,
            "the instance does not answer an order: the job ends")
        .stay(
            234,
            ALIVE,
            Event.Tick.class,
            (s, x, now) -> DwJobs.unanswered(s, now),
            DwJobs::again,
            "no answer yet: the order is sent again under its number");
  }

  // ---- lost ------------------------------------------------------------------------------------

  /** DW_RECONNECT 0 and 2 take a broken link for a fault, 1 waits for another one. */
  private static boolean faulty(WatcherState s, Event.Tick t, Now now) {
    if (s.inst.lost() || !s.inst.refused().isEmpty()) {
      return false;
    }
    boolean silent = now.monoMs() - s.inst.heardMs() >= s.instErrorMs();
    boolean cut = s.inst.known() && !s.inst.linked() && s.ini.dwReconnect() % 2 == 0;
    return silent || s.inst.gone() || cut;
  }

  private static WatcherState lost(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    String why =
        s.inst.gone()
            ? "its process " + s.inst.report().getPid() + " is gone"
            : s.inst.linked() || !s.inst.known()
                ? "no message for INST_ERROR_TIME(" + s.ini.instErrorTimeS() + ")"
                : "the link to it is broken";
    DwText.error(out, "instance %s is in error: %s", s.instance, why);
    WatcherState next = DwJobs.abandon(s, DwJobs.INSTANCE_LOST, why, out);
    next = next.withInst(next.inst.judged(true)).tell();
    boolean kill = !s.inst.linked() && s.inst.known() && s.ini.dwReconnect() == 0;
    return kill && !s.inst.gone() ? end(next, out) : next;
  }

  /** Ends the instance's process at once. */
  static WatcherState end(WatcherState s, List<Effect> out) {
    long request = s.number + 1;
    out.add(new Effect.EndRole(request, ROLE));
    return s.with(
        x -> {
          x.number = request;
          x.starts = s.starts.ending(request);
        });
  }

  // ---- start -----------------------------------------------------------------------------------

  private static boolean startDue(WatcherState s, Event.Tick t, Now now) {
    boolean wanted = s.ini.instAutoRestart() && s.inst.lost() && !s.ctl.isSplit();
    int most = s.ini.instRestartCnt();
    int vain = s.starts.failed() + (s.starts.open() ? 1 : 0); // the last one came to nothing too
    boolean allowed = most == 0 || vain < most;
    boolean waited = s.starts.atMs() == 0 || now.monoMs() - s.starts.atMs() >= START_AGAIN_MS;
    return wanted && allowed && waited && s.starts.ending() == 0;
  }

  private static WatcherState restart(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    boolean hangs = s.inst.known() && !s.inst.gone() && s.starts.atMs() == 0;
    if (hangs) {
      DwText.warn(out, "process of instance %s hangs, it is ended", s.instance);
      return end(s, out);
    }
    return start(s, now, out);
  }

  static WatcherState start(WatcherState s, Now now, List<Effect> out) {
    DwText.info(out, "start instance %s: %s", s.instance, s.ini.instStartupCmd());
    out.add(new Effect.Launch(ROLE));
    return s.with(x -> x.starts = s.starts.tried(now.monoMs()));
  }

  /** Whoever wanted the end is answered; the instance counts as gone. */
  private static WatcherState ended(WatcherState s, DwTrigger.Ended t, Now now, List<Effect> out) {
    boolean good = t.failure() == null;
    if (!good) {
      DwText.error(out, "process of instance %s cannot be ended: %s", s.instance, t.failure());
    }
    DwJobs.answer(s.awaited, good ? 0 : KILL_FAILED, good ? "" : t.failure(), out);
    WatcherState next = DwJobs.abandon(s, DwJobs.INSTANCE_LOST, "it was ended", out);
    return next.withInst(good ? next.inst.found(false).judged(true) : next.inst)
        .with(
            x -> {
              x.awaited = null;
              x.starts = s.starts.ended(good ? 0 : now.monoMs());
            })
        .tell();
  }

  static final int KILL_FAILED = -8659;
  static final int START_FAILED = -8222;

  private static WatcherState launched(
      WatcherState s, Event.Launched t, Now now, List<Effect> out) {
    if (!t.role().equals(ROLE)) {
      return s;
    }
    if (t.failure() != null && !t.foundRunning()) {
      DwText.error(out, "start of instance %s failed: %s", s.instance, t.failure());
    }
    boolean good = t.failure() == null || t.foundRunning();
    DwJobs.answer(s.awaited, good ? 0 : START_FAILED, good ? "" : t.failure(), out);
    return s.with(
        x -> {
          x.awaited = null;
          x.starts = t.foundRunning() ? s.starts : s.starts.answered(t.failure() == null);
        });
  }
}
