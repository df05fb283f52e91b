package halab.systems.dw.monitor;

import halab.dw.proto.DwStatus;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Now;
import java.util.List;

/**
 * What the confirm monitor answers to watchers that ask it: whether a primary may go on without a
 * standby, and whether one may be opened while a member is missing (reference 3.8, 5.3).
 */
final class Confirm {
  /** An answer that had no effect for so long is given again. */
  static final long AGAIN_MS = 3_000;

  private Confirm() {}

  /** A primary in SUSPEND may go on without the standbys it asks about. */
  static boolean agrees(MonState s, Now now) {
    return find(s, now, x -> asksGiveUp(x) && mayGiveUp(s, x), true) != null;
  }

  /** A standby is the primary now, or is to become it: the one that asks must not go on. */
  static boolean forbids(MonState s, Now now) {
    return find(s, now, x -> asksGiveUp(x) && !mayGiveUp(s, x), false) != null;
  }

  /** A primary may be opened although a member is missing. */
  static boolean opens(MonState s, Now now) {
    return find(s, now, x -> asksOpen(x) && mayOpen(s, x), true) != null;
  }

  static boolean forbidsOpen(MonState s, Now now) {
    return find(s, now, x -> asksOpen(x) && !mayOpen(s, x), false) != null;
  }

  static MonState agree(MonState s, Now now, List<Effect> out) {
    Seat asker = find(s, now, x -> asksGiveUp(x) && mayGiveUp(s, x), true);
    Memory memory = s.memory(asker.group);
    List<String> standbys = asker.state.getAsksList();
    return answer(s, asker, true, now, out)
        .with(asker.group, memory.withoutThese(standbys, asker.state.getChange()));
  }

  static MonState forbid(MonState s, Now now, List<Effect> out) {
    return answer(s, find(s, now, x -> asksGiveUp(x) && !mayGiveUp(s, x), false), false, now, out);
  }

  static MonState open(MonState s, Now now, List<Effect> out) {
    return answer(s, find(s, now, x -> asksOpen(x) && mayOpen(s, x), true), true, now, out);
  }

  static MonState forbidOpen(MonState s, Now now, List<Effect> out) {
    return answer(s, find(s, now, x -> asksOpen(x) && !mayOpen(s, x), false), false, now, out);
  }

  /** Something a seat may be in. */
  private interface Asks {
    boolean holds(Seat seat);
  }

  /** The first watcher that asks so and has not just been answered so. */
  private static Seat find(MonState s, Now now, Asks asks, boolean agree) {
    if (!s.acts) {
      return null;
    }
    for (Seat x : s.seats) {
      if (x.active() && x.linked && !answered(x, agree, now) && asks.holds(x)) {
        return x;
      }
    }
    return null;
  }

  private static boolean answered(Seat x, boolean agree, Now now) {
    return x.answered == x.state.getChange()
        && x.agreed == agree
        && now.monoMs() < x.answeredMs + AGAIN_MS;
  }

  /** When an answer is to be given again; MAX_VALUE: nobody asks. */
  static long againAtMs(MonState s) {
    return s.seats.stream()
        .filter(x -> s.acts && x.active() && x.linked && (asksGiveUp(x) || asksOpen(x)))
        .mapToLong(x -> x.answeredMs + AGAIN_MS)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static boolean asksGiveUp(Seat x) {
    return x.watcher(DwStatus.DW_CONFIRM) && x.state.getAsksCount() > 0;
  }

  private static boolean asksOpen(Seat x) {
    return x.watcher(DwStatus.DW_STARTUP) && x.state.getAsksOpen();
  }

  /**
   * The one that asks is heard, so it lives; it may go on unless somebody has taken it over or is
   * about to (manual 6.9).
   */
  private static boolean mayGiveUp(MonState s, Seat asker) {
    boolean serves = asker.serves() && asker.at(Status.SUSPEND);
    return serves && !takesOver(s, asker.group) && alone(s, asker) && newest(s, asker);
  }

  private static boolean takesOver(MonState s, String group) {
    return s.job != null && s.job.group.equals(group);
  }

  private static boolean alone(MonState s, Seat asker) {
    return s.serving(asker.group).stream().allMatch(x -> x.at.equals(asker.at));
  }

  /** No member was opened more often, as far as the monitor has ever heard. */
  private static boolean newest(MonState s, Seat asker) {
    return s.of(asker.group).stream().allMatch(x -> !x.global() || x.nOpen() <= asker.nOpen());
  }

  /**
   * Nobody serves, and nobody has more redo than the one that asks. A member that has told nothing
   * of itself in this life of the monitor may be ahead: then the user has to decide.
   */
  private static boolean mayOpen(MonState s, Seat asker) {
    return !takesOver(s, asker.group)
        && asker.ok()
        && asker.primary()
        && s.serving(asker.group).isEmpty()
        && newest(s, asker)
        && s.of(asker.group).stream()
            .allMatch(
                x ->
                    x.state != null
                        && (!x.global()
                            || x.state.hasReport()
                                && x.report().getFlsn() <= asker.report().getFlsn()));
  }

  private static MonState answer(MonState s, Seat asker, boolean agree, Now now, List<Effect> out) {
    MonOrder order =
        MonOrder.newBuilder()
            .setNumber(s.nextNumber)
            .setMid(s.mid)
            .setOp(MonOp.MON_CONFIRM)
            .setChange(asker.state.getChange())
            .setAgree(agree)
            .build();
    out.add(new Effect.Send(asker.at, order));
    boolean first = asker.answered != asker.state.getChange() || asker.agreed != agree;
    if (first) {
      MonRun.print(s, MonText.confirmed(asker.instance(), agree), now, out);
    }
    return s.with(x -> x.nextNumber = s.nextNumber + 1)
        .with(
            asker,
            x -> {
              x.answered = asker.state.getChange();
              x.agreed = agree;
              x.answeredMs = now.monoMs();
            });
  }
}
