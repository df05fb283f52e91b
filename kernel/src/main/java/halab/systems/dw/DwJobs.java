package halab.systems.dw;

import halab.dw.proto.Mode;
import halab.dw.proto.MonDone;
import halab.dw.proto.OrderKind;
import halab.kernel.Effect;
import halab.kernel.Now;
import java.util.List;

/** How a job goes on, and what its end means. */
final class DwJobs {
  /** An order whose answer does not come is sent again: the link may have dropped it. */
  private static final long AGAIN_MS = 3000;

  /** What the instance may take for one order. */
  private static final long MOST_MS = 60_000;

  private static final long MONITOR_MOST_MS = 180_000;

  /** After a failure nothing is begun for so long. */
  private static final long REST_MS = 3000;

  static final int INSTANCE_LOST = -8042;
  static final int TIMED_OUT = -8043;
  static final int BAD_LOGIN = -8206;

  private DwJobs() {}

  static WatcherState begin(WatcherState s, DwJob job, Now now, List<Effect> out) {
    return send(s.with(x -> x.job = job), s.number + 1, now, out);
  }

  private static WatcherState send(WatcherState s, long number, Now now, List<Effect> out) {
    out.add(new Effect.Send(s.instanceAt(), s.job.head().order(number)));
    return s.with(
        x -> {
          x.number = Math.max(s.number, number);
          x.job = s.job.sent(number, now.monoMs());
        });
  }

  static boolean unanswered(WatcherState s, Now now) {
    return s.job != null && now.monoMs() - s.job.sentMs() >= AGAIN_MS;
  }

  static <T> WatcherState again(WatcherState s, T t, Now now, List<Effect> out) {
    return send(s, s.job.number(), now, out);
  }

  /** History can take any time: the instance notices itself when it does not go on. */
  static boolean overdue(WatcherState s, Now now) {
    if (s.job == null || !s.interrupt.isEmpty() || s.job.heads(OrderKind.ORDER_RECOVER)) {
      return false;
    }
    long most = s.job.asked() == null ? MOST_MS : MONITOR_MOST_MS;
    return now.monoMs() - s.job.beganMs() >= most;
  }

  static <T> WatcherState giveUp(WatcherState s, T t, Now now, List<Effect> out) {
    String why = Texts.f("%s does not answer %s", s.instance, s.job.head().words());
    return s.interrupted(TIMED_OUT, why);
  }

  // ---- answers ---------------------------------------------------------------------------------

  /** This answer ends the job. */
  static boolean ends(WatcherState s, DwTrigger.Done t) {
    return s.job != null && s.job.after(t.code(), t.text()).over();
  }

  /** This answer ends the job, and all of it came about. */
  static boolean succeeds(WatcherState s, DwTrigger.Done t) {
    return ends(s, t) && !s.job.after(t.code(), t.text()).failed();
  }

  static boolean goesOn(WatcherState s, DwTrigger.Done t, Now now) {
    return s.job != null && !ends(s, t);
  }

  static WatcherState next(WatcherState s, DwTrigger.Done t, Now now, List<Effect> out) {
    sayAnswer(s, t, out);
    WatcherState on = s.interrupted(0, "").with(x -> x.job = s.job.after(t.code(), t.text()));
    return send(on, on.number + 1, now, out);
  }

  private static void sayAnswer(WatcherState s, DwTrigger.Done t, List<Effect> out) {
    String words = s.job.head().words();
    if (t.code() == 0) {
      DwText.info(out, "Instance %s execute sql %s success", s.instance, words);
    } else {
      String what = "Instance %s execute sql %s failed, code:%d, %s";
      DwText.error(out, what, s.instance, words, t.code(), t.text());
    }
  }

  static WatcherState finish(WatcherState s, DwTrigger.Done t, Now now, List<Effect> out) {
    sayAnswer(s, t, out);
    DwJob over = s.job.after(t.code(), t.text());
    WatcherState done = opened(s, t, now);
    if (s.job.kind() == DwJob.Kind.RECOVERY) {
      done = DwRecover.ended(done, over, now, out);
    } else if (s.job.heads(OrderKind.ORDER_ARCH_INVALID) && t.code() == 0) {
      done = waits(done, s.job.head().dest(), now);
    }
    answer(s.job.asked(), codeFor(s.job, t), t.text(), out);
    WatcherState ended = dropped(done);
    boolean own = s.job.asked() == null && s.job.kind() != DwJob.Kind.RECOVERY;
    return own && over.failed() ? ended.rest(REST_MS, now) : ended;
  }

  private static int codeFor(DwJob job, DwTrigger.Done t) {
    boolean login = job.heads(OrderKind.ORDER_LOGIN) && t.code() != 0 && t.code() != TIMED_OUT;
    return login ? BAD_LOGIN : t.code();
  }

  /** No job any more; what is known of the instance is older than its outcome. */
  static WatcherState dropped(WatcherState s) {
    return s.with(
        x -> {
          x.job = null;
          x.interrupt = "";
          x.seen = false;
          x.tell = true;
          x.look = true;
        });
  }

  /** A primary has been opened: its standbys may come back soon (seed 003; manual 3.1.9). */
  private static WatcherState opened(WatcherState s, DwTrigger.Done t, Now now) {
    boolean opens =
        s.job.head().text().equals(DwJob.OPEN) && t.code() == 0 && s.inst.is(Mode.PRIMARY);
    boolean anew =
        switch (s.job.kind()) {
          case OPENING, FAILOVER, REOPENING, ORDER -> true;
          default -> false;
        };
    WatcherState next = s;
    for (String dest : opens && anew ? s.targets : List.<String>of()) {
      next = next.withTurn(dest, s.turn(dest).every(DwRecover.SOON_S).counted(now.monoMs()));
    }
    return next;
  }

  /** An archive that was made invalid comes back after the interval, not at once. */
  private static WatcherState waits(WatcherState s, String dest, Now now) {
    WatcherState next = s;
    for (String target : s.targets) {
      if (dest.isEmpty() || dest.equals(target)) {
        next = next.withTurn(target, s.turn(target).counted(now.monoMs()));
      }
    }
    return next;
  }

  /** The instance is lost, and with it whatever it was told to do. */
  static WatcherState abandon(WatcherState s, int code, String why, List<Effect> out) {
    if (s.job == null) {
      return s;
    }
    boolean stopped = s.job.heads(OrderKind.ORDER_SHUTDOWN) && code == INSTANCE_LOST;
    answer(s.job.asked(), stopped ? 0 : code, stopped ? "" : why, out);
    return dropped(s);
  }

  static void answer(DwTrigger.Asked asked, int code, String text, List<Effect> out) {
    if (asked != null) {
      MonDone done =
          MonDone.newBuilder()
              .setNumber(asked.message().getNumber())
              .setCode(code)
              .setText(code == 0 ? "" : text)
              .build();
      out.add(new Effect.Send(asked.from(), done));
    }
  }
}
