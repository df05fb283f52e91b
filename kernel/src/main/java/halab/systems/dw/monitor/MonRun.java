package halab.systems.dw.monitor;

import halab.dw.proto.DwStatus;
import halab.dw.proto.MonDone;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.systems.dw.monitor.Job.Ask;
import halab.systems.dw.monitor.Job.Release;
import halab.systems.dw.monitor.Job.Step;
import halab.systems.dw.monitor.Job.StillLost;
import halab.systems.dw.monitor.Job.Tell;
import halab.systems.dw.monitor.Job.Until;
import java.util.ArrayList;
import java.util.List;

/** Carries the command in progress on, one answer at a time. */
final class MonRun {
  static final int LINK_BROKEN = -8180;
  static final int TIMED_OUT = -8043;
  static final int INSTANCE_ERROR = -8042;
  static final int PRIMARY_ACTIVE = -8399;

  /** After a failed automatic takeover, the time to the next attempt. */
  static final long RETRY_MS = 5_000;

  private MonRun() {}

  /** Does what can be done now; stops where an answer or a condition is waited for. */
  static MonState advance(MonState state, Now now, List<Effect> out) {
    MonState s = state;
    while (s.job != null && !s.job.steps.isEmpty() && s.job.asked == 0) {
      MonState next = begin(s, now, out);
      if (next.job.steps == s.job.steps) {
        return next; // the condition does not hold yet
      }
      s = next;
    }
    return over(s, now) ? s.look(now.monoMs()) : s;
  }

  /** Nothing is left of the command but its last line. */
  static boolean over(MonState s, Now now) {
    return s.job != null && s.job.steps.isEmpty();
  }

  private static MonState begin(MonState s, Now now, List<Effect> out) {
    Step head = s.job.head();
    if (head instanceof Tell tell) {
      tell(s, tell.text(), now, out);
      return s.with(x -> x.job = s.job.next());
    } else if (head instanceof Ask ask) {
      return ask(s, ask, now, out);
    } else if (head instanceof Release) {
      return release(s);
    } else if (head instanceof StillLost still) {
      return Takeover.stillLost(s, still.force())
          ? s.with(x -> x.job = s.job.next())
          : fail(s, MonText.failed("Takeover"), PRIMARY_ACTIVE, "", now, out);
    }
    return await(s, (Until) head, now, out);
  }

  /** The clean-up, for those watchers that have taken the MID. */
  private static MonState release(MonState s) {
    List<Step> left = new ArrayList<>();
    if (!s.job.held.isEmpty()) {
      left.add(new Tell(MonText.clear(s.job.group)));
    }
    for (Endpoint at : s.job.held) {
      left.add(MonOrders.clearMid(seat(s, at)));
    }
    left.addAll(s.job.steps.subList(1, s.job.steps.size()));
    return s.with(
        x ->
            x.job =
                s.job.with(
                    j -> {
                      j.steps = List.copyOf(left);
                      j.held = List.of();
                    }));
  }

  private static MonState ask(MonState s, Ask ask, Now now, List<Effect> out) {
    Seat seat = seat(s, ask.at());
    tell(s, ask.before(), now, out);
    if (!seat.linked) {
      return fail(s, ask.failed(), LINK_BROKEN, "", now, out);
    }
    MonOrder order = ask.order().toBuilder().setNumber(s.nextNumber).setMid(s.mid).build();
    out.add(new Effect.Send(ask.at(), order));
    long atMostMs = ask.does(MonOp.MON_LOGIN) ? Job.LOGIN_MS : Job.ANSWER_MS;
    long until = now.monoMs() + atMostMs;
    return s.with(
        x -> {
          Job asked = s.job.waiting(s.nextNumber, until);
          x.job = harmless(ask) ? asked.askedUntil(now.monoMs()) : asked;
          x.nextNumber = s.nextNumber + 1;
        });
  }

  /** Asked twice it is the same as asked once. */
  private static boolean harmless(Ask ask) {
    return ask.does(MonOp.MON_SET_MID) || ask.does(MonOp.MON_CLEAR_MID);
  }

  /** No answer to what may be asked again. */
  static boolean unanswered(MonState s, Now now) {
    return s.job != null && now.monoMs() >= s.job.againMs && s.job.head() instanceof Ask;
  }

  static MonState askAgain(MonState s, Now now, List<Effect> out) {
    Ask ask = (Ask) s.job.head();
    MonOrder order = ask.order().toBuilder().setNumber(s.job.asked).setMid(s.mid).build();
    out.add(new Effect.Send(ask.at(), order));
    return s.with(x -> x.job = s.job.askedUntil(now.monoMs()));
  }

  private static MonState await(MonState s, Until until, Now now, List<Effect> out) {
    if (runs(seat(s, until.at())) == until.runs()) {
      tell(s, until.after(), now, out);
      return s.with(x -> x.job = s.job.next());
    }
    boolean waiting = s.job.deadlineMs != Long.MAX_VALUE;
    long untilMs = now.monoMs() + Job.LIFE_MS;
    return waiting ? s : s.with(x -> x.job = s.job.waiting(0, untilMs));
  }

  /** Whether the instance runs, by its watcher. */
  static boolean runs(Seat seat) {
    return seat.ok() && !seat.at(Status.SHUTDOWN);
  }

  /** The seat of the job's group at this place. */
  static Seat seat(MonState s, Endpoint at) {
    return s.of(s.job.group).stream().filter(x -> x.at.equals(at)).findFirst().orElseThrow();
  }

  /** Whether this answer is the one that is waited for. */
  static boolean awaited(MonState s, MonTrigger.Done done, Now now) {
    return s.job != null
        && s.job.asked != 0
        && s.job.asked == done.message().getNumber()
        && s.job.head() instanceof Ask ask
        && ask.at().equals(done.from());
  }

  /** The awaited answer: agreement leads on, a refusal ends the command. */
  static MonState answered(MonState s, MonTrigger.Done done, Now now, List<Effect> out) {
    Ask ask = (Ask) s.job.head();
    MonDone answer = done.message();
    if (answer.getCode() != 0) {
      String text = MonText.clean(answer.getText());
      return advance(fail(s, ask.failed(), answer.getCode(), text, now, out), now, out);
    }
    MonState next = s;
    if (ask.to() != DwStatus.DW_STATUS_UNSPECIFIED) {
      next = MonLinks.switched(s, seat(s, ask.at()), ask.to(), now, out);
    }
    tell(next, ask.after(), now, out);
    Job job = s.job.marked(ask);
    if (ask.does(MonOp.MON_SET_MID)) {
      job = job.holding(ask.at());
    } else if (ask.does(MonOp.MON_LOGIN)) {
      next = next.with(x -> x.loggedIn = true);
    }
    Job going = job.next();
    return advance(next.with(x -> x.job = going), now, out);
  }

  /** The link to a watcher is gone: an order to it will not be answered. */
  static MonState lost(MonState s, Event.LinkDown e, Now now, List<Effect> out) {
    boolean waits =
        s.job != null
            && s.job.asked != 0
            && s.job.head() instanceof Ask ask
            && ask.at().equals(e.peer());
    return waits
        ? advance(fail(s, ((Ask) s.job.head()).failed(), LINK_BROKEN, "", now, out), now, out)
        : s;
  }

  /** The watcher or the instance that has to answer is in error: it will not. */
  static boolean hopeless(MonState s, Now now) {
    if (s.job == null || s.job.asked == 0 || !(s.job.head() instanceof Ask ask)) {
      return false;
    }
    Seat seat = seat(s, ask.at());
    boolean byInstance = ask.does(MonOp.MON_SQL) || ask.does(MonOp.MON_LOGIN);
    return !seat.active() || byInstance && !seat.state.getInstOk();
  }

  static MonState giveUp(MonState s, Now now, List<Effect> out) {
    Ask ask = (Ask) s.job.head();
    return advance(fail(s, ask.failed(), INSTANCE_ERROR, "", now, out), now, out);
  }

  /** The head has waited long enough. */
  static boolean late(MonState s, Now now) {
    return s.job != null && now.monoMs() >= s.job.deadlineMs;
  }

  static MonState timeOut(MonState s, Now now, List<Effect> out) {
    Step head = s.job.head();
    String failed = head instanceof Ask ask ? ask.failed() : ((Until) head).failed();
    return advance(fail(s, failed, TIMED_OUT, "", now, out), now, out);
  }

  private static MonState fail(
      MonState s, String what, int code, String detail, Now now, List<Effect> out) {
    tell(s, what + ": " + MonText.error(code, detail), now, out);
    boolean optional = s.job.head() instanceof Ask ask && ask.optional();
    return s.with(x -> x.job = optional ? s.job.next() : s.job.failedWith(code));
  }

  /** The last line, and all that the command leaves in the monitor. */
  static MonState finish(MonState s, Now now, List<Effect> out) {
    Job job = s.job;
    boolean ok = job.failed == 0;
    String last = line(s, ok ? job.success : job.failure, now);
    if (ok && job.screen) {
      last = last + "\n" + MonShow.group(s, job.group, now.wallMs());
    }
    say(s, last, out);
    MonState next = s.with(x -> x.job = null).look(now.monoMs());
    if (!job.auto()) {
      out.add(new Effect.Reply(job.request, ok ? ExitCode.OK : ExitCode.NO, last, true));
      next = ok && job.screen ? MonLinks.seen(next, job.group) : next;
      return MonLinks.tellChanges(next, job.group, now, out);
    }
    out.add(new Effect.Print(last));
    Memory memory = s.memory(job.group);
    Memory then = ok ? memory.takenBy(job.takes) : memory.failedUntil(now.monoMs() + RETRY_MS);
    return MonLinks.tellChanges(next.with(job.group, then), job.group, now, out);
  }

  /** A line of the command in progress, but not its last. */
  static void tell(MonState s, String text, Now now, List<Effect> out) {
    if (text.isEmpty()) {
      return;
    }
    String line = line(s, text, now);
    say(s, line, out);
    out.add(
        s.job.auto()
            ? new Effect.Print(line)
            : new Effect.Reply(s.job.request, ExitCode.OK, line, false));
  }

  /** The one line that ends a request. */
  static void reply(MonState s, long request, int code, String text, Now now, List<Effect> out) {
    String line = line(s, text, now);
    say(s, line, out);
    out.add(new Effect.Reply(request, code, line, true));
  }

  /** A screen that ends a request. */
  static void show(MonState s, long request, int code, String screen, List<Effect> out) {
    say(s, screen, out);
    out.add(new Effect.Reply(request, code, screen, true));
  }

  /** A line for every console. */
  static void print(MonState s, String text, Now now, List<Effect> out) {
    String line = text.isEmpty() ? "" : line(s, text, now);
    say(s, line, out);
    out.add(new Effect.Print(line));
  }

  /** MON_LOG_INTERVAL 0 means that nothing is logged. */
  static void say(MonState s, String text, List<Effect> out) {
    if (s.logIntervalS > 0) {
      out.add(new Effect.Say(Level.INFO, text));
    }
  }

  static String line(MonState s, String text, Now now) {
    return MonText.line(now.wallMs(), s.zone, text);
  }
}
