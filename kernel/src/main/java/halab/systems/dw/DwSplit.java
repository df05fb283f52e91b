package halab.systems.dw;

import static halab.systems.dw.DwPhase.CONFIRM;
import static halab.systems.dw.DwPhase.OPEN;
import static halab.systems.dw.DwPhase.STARTUP;

import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.DwGroup.Judged;
import halab.systems.dw.DwGroup.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Rows 700 to 790 of dmwatcher: databases whose histories went apart, and two primaries at once
 * (reference 5.9; manual 2.2.16, 3.6, 6.15).
 */
final class DwSplit {
  /** What is judged must be so for a while: messages about one change come one after the other. */
  private static final long SURE_MS = 2000;

  private static final long AGAIN_MS = 5000;

  private static final Set<DwPhase> JUDGING = EnumSet.of(STARTUP, OPEN, CONFIRM);

  private DwSplit() {}

  static void add(Table<WatcherState, DwPhase> t) {
    t.stay(
            700,
            JUDGING,
            Event.Tick.class,
            (s, x, now) -> DwGroup.free(s, now) && !DwGroup.judged(s).why().equals(s.suspected),
            DwSplit::suspect,
            "a split or a second primary is seen, or is not seen any more")
        .move(
            710,
            EnumSet.of(OPEN, CONFIRM),
            Event.Tick.class,
            (s, x, now) -> is(s, Verdict.SPLIT, now),
            STARTUP,
            DwRows.to(STARTUP, DwSplit::split),
            "the database is split: dmwatcher.ctl, and the instance is shut down")
        .stay(
            712,
            STARTUP,
            Event.Tick.class,
            (s, x, now) -> is(s, Verdict.SPLIT, now),
            DwSplit::split,
            "the database is split: dmwatcher.ctl, and the instance is shut down")
        .stay(
            714,
            STARTUP,
            Event.Tick.class,
            DwSplit::stillOpen,
            (s, x, now, out) -> leave(s.rest(AGAIN_MS, now), out),
            "a split database is open: it is shut down")
        .move(
            720,
            EnumSet.of(OPEN, CONFIRM),
            Event.Tick.class,
            (s, x, now) -> is(s, Verdict.OUT, now),
            STARTUP,
            DwRows.to(STARTUP, DwSplit::out),
            "this primary was taken over: it is shut down, and joins when it is back")
        .move(
            730,
            EnumSet.of(OPEN, CONFIRM),
            Event.Tick.class,
            (s, x, now) -> is(s, Verdict.BOTH_OUT, now),
            STARTUP,
            DwRows.to(STARTUP, DwSplit::bothOut),
            "two primaries of different histories: all are shut down, a user decides")
        .stay(
            735,
            STARTUP,
            Event.Tick.class,
            (s, x, now) -> is(s, Verdict.OUT, now) || is(s, Verdict.BOTH_OUT, now),
            DwSplit::out,
            "a primary that serves and may not: it is shut down");
  }

  private static boolean is(WatcherState s, Verdict verdict, Now now) {
    return DwGroup.free(s, now)
        && DwGroup.judged(s).verdict() == verdict
        && now.monoMs() - s.suspectedMs >= SURE_MS
        && s.starts.ending() == 0;
  }

  private static boolean stillOpen(WatcherState s, Event.Tick t, Now now) {
    boolean serves = s.inst.at(Status.OPEN, Status.SUSPEND);
    return DwGroup.free(s, now) && s.ctl.isSplit() && serves && s.starts.ending() == 0;
  }

  private static WatcherState suspect(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    String why = DwGroup.judged(s).why();
    return s.with(
        x -> {
          x.suspected = why;
          x.suspectedMs = now.monoMs();
        });
  }

  private static WatcherState split(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    Judged judged = DwGroup.judged(s);
    mark(judged.why() + ", " + s.instance + " is split", out);
    DwCtl ctl = DwCtl.split(judged.why());
    long request = s.number + 1;
    out.add(new Effect.SaveFile(request, Effect.Folder.SYSTEM, DwCtl.FILE, ctl.text()));
    WatcherState next =
        s.with(
            x -> {
              x.number = request;
              x.ctl = ctl;
              x.suspected = "";
            });
    return leave(next, out);
  }

  private static WatcherState out(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    mark(DwGroup.judged(s).why(), out);
    return leave(s, out);
  }

  private static WatcherState bothOut(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    mark(DwGroup.judged(s).why() + ", both are PRIMARY, a user has to decide", out);
    return leave(s, out);
  }

  private static void mark(String why, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, DwText.marked(why)));
  }

  /** Manual, code -10264. */
  private static WatcherState leave(WatcherState s, List<Effect> out) {
    DwText.error(
        out,
        "local instance %s can not join remote instance, force shutdown, code:-10264",
        s.instance);
    return DwGuard.end(s.with(x -> x.suspected = ""), out).tell();
  }
}
