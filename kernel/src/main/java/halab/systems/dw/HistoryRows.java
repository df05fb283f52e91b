package halab.systems.dw;

import static halab.systems.dw.InstPhase.OPEN;
import static halab.systems.dw.InstPhase.SUSPEND;

import halab.kernel.Event;
import halab.kernel.Table;
import java.util.EnumSet;

/** Rows 600 to 640 of dmserver: history out of the local archive. */
final class HistoryRows {
  private HistoryRows() {}

  static void add(Table<InstState, InstPhase> t) {
    t.stay(
            600,
            EnumSet.of(OPEN, SUSPEND),
            InstTrigger.ArchiveRead.class,
            (s, x, now) -> HistoryActs.reader(s, x.read().request()) != null,
            HistoryActs::read,
            "a part of the archive was read: send it")
        .stay(
            610,
            EnumSet.of(OPEN, SUSPEND),
            Event.Tick.class,
            (s, x, now) -> HistoryActs.stuck(s, now) != null,
            (s, x, now, out) -> HistoryActs.giveUp(s, now, out),
            "a destination of history is gone or does not answer")
        .stay(
            612,
            EnumSet.of(OPEN, SUSPEND),
            Event.Tick.class,
            (s, x, now) -> HistoryActs.unanswered(s, now) != null,
            (s, x, now, out) -> HistoryActs.askAgain(s, now, out),
            "no answer for a while: asked or sent once more")
        .stay(
            620,
            OPEN,
            Event.Tick.class,
            (s, x, now) -> s.primary() && s.asyncAtMs <= now.monoMs(),
            (s, x, now, out) -> HistoryActs.timer(s, now, out),
            "the timer of asynchronous archives");
  }
}
