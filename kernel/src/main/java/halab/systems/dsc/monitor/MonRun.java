package halab.systems.dsc.monitor;

import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonOp;
import halab.dsc.proto.MonRequest;
import halab.kernel.Effect;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.systems.dsc.CssmCode;
import halab.systems.dsc.monitor.Running.Ask;
import halab.systems.dsc.monitor.Running.Stage;
import halab.systems.dsc.monitor.Running.Task;
import halab.systems.dsc.monitor.Running.Tell;
import halab.systems.dsc.monitor.Running.Until;
import java.util.List;

/** Carries the command in progress on, one answer at a time. */
final class MonRun {
  /** A CSS answers within a second or two; after this long it does not any more. */
  static final long ANSWER_MS = 10_000;

  /** The answer to EP STARTUP comes when the EP is up, 10 to 20 s are usual; or when it is not. */
  private static final long STARTUP_MS = 70_000;

  private MonRun() {}

  /** Does what can be done now; the request is answered when nothing is left. */
  static DmcssmState advance(DmcssmState state, Now now, List<Effect> out) {
    DmcssmState s = state;
    while (s.running() != null) {
      if (s.running().tasks().isEmpty()) {
        return finish(s, now, out);
      }
      if (s.running().askedId() != 0) {
        return s;
      }
      DmcssmState next = begin(s, now, out);
      if (next.running() != null && next.running().tasks() == s.running().tasks()) {
        return next;
      }
      s = next;
    }
    return s;
  }

  /** Begins the head task, or goes on waiting for its condition. */
  private static DmcssmState begin(DmcssmState s, Now now, List<Effect> out) {
    Task head = s.running().head();
    if (head instanceof Tell tell) {
      tell(s, tell.text().isEmpty() ? "" : line(s, tell.text(), now), out);
      return s.with(s.running().next());
    } else if (head instanceof Ask ask) {
      return ask(s, ask, now, out);
    }
    return await(s, (Until) head, now, out);
  }

  private static DmcssmState ask(DmcssmState s, Ask ask, Now now, List<Effect> out) {
    CssSeat css = s.css(ask.css());
    if (!css.live()) {
      return fail(s, CssmCode.CONNECTION_LOST, now, out);
    }
    say(s, now, ask.before(), out);
    MonRequest request =
        MonRequest.newBuilder()
            .setId(s.nextId())
            .setOp(ask.op())
            .setType(s.running().type())
            .setSeqno(ask.ep())
            .setMid(css.mid())
            .build();
    out.add(new Effect.Send(ask.css(), request));
    long atMostMs = ask.op() == MonOp.MON_EP_STARTUP ? STARTUP_MS : ANSWER_MS;
    return s.with(s.running().waiting(s.nextId(), now.monoMs() + atMostMs)).withNextId();
  }

  private static DmcssmState await(DmcssmState s, Until until, Now now, List<Effect> out) {
    CssSeat control = s.control();
    if (control == null || !control.at().equals(until.css())) {
      return fail(s, CssmCode.CONTROL_CHANGED, now, out);
    }
    List<CssSeat> judges = until.ep() < 0 ? s.live() : List.of(control);
    if (judges.stream().noneMatch(css -> active(s, css, until.ep()))) {
      return s.with(s.running().next());
    }
    boolean waiting = s.running().deadlineMs() != Long.MAX_VALUE;
    return waiting ? s : s.with(s.running().waiting(0, now.monoMs() + until.withinMs()));
  }

  /** Whether the EP, or any of the group, is active in the eyes of this CSS. */
  private static boolean active(DmcssmState s, CssSeat css, int ep) {
    if (css.push() == null) {
      return false;
    }
    MonGroup group = DmcssmState.group(css.push(), s.running().type());
    return group == null
        || group.getEpList().stream()
            .anyMatch(e -> e.getActive() && (ep < 0 || e.getSeqno() == ep));
  }

  /** Whether this answer is the one that is waited for. */
  static boolean awaited(DmcssmState s, MonTrigger.Answer answer) {
    Running running = s.running();
    return running != null
        && running.askedId() != 0
        && running.askedId() == answer.message().getId()
        && ((Ask) running.head()).css().equals(answer.from());
  }

  /** The awaited answer: agreement leads on, a refusal ends the stage. */
  static DmcssmState answered(DmcssmState s, MonTrigger.Answer answer, Now now, List<Effect> out) {
    int code = answer.message().getCode();
    if (code != 0) {
      return advance(fail(s, code, now, out), now, out);
    }
    Ask ask = (Ask) s.running().head();
    if (ask.op() == MonOp.MON_CRASH_OVER) {
      String flag = DmcssmText.crashOver(answer.message().getCrashOver());
      tell(s, "", out);
      tell(s, s.style().line(s.css(ask.css()).name(), now.wallMs(), s.zone(), flag), out);
    }
    say(s, now, ask.after(), out);
    return advance(s.with(s.running().next()), now, out);
  }

  /** Looks at time and links: a lost CSS or a passed deadline fails the head. */
  static DmcssmState check(DmcssmState s, Now now, List<Effect> out) {
    Running running = s.running();
    if (running == null) {
      return s;
    }
    DmcssmState next = s;
    if (running.askedId() != 0 && !s.css(((Ask) running.head()).css()).live()) {
      next = fail(s, CssmCode.CONNECTION_LOST, now, out);
    } else if (now.monoMs() >= running.deadlineMs()) {
      next = fail(leaveSlot(s, now), timeOut(running.head()), now, out);
    }
    return advance(next, now, out);
  }

  /**
   * A CSS that did not answer the clean-up may hold its slot for this monitor still, and refuse all
   * others. Whoever logs in under a known MID gives the slot back.
   */
  private static DmcssmState leaveSlot(DmcssmState s, Now now) {
    boolean cleanUp = s.running().head() instanceof Ask ask && ask.op() == MonOp.MON_CLEANUP;
    return cleanUp ? s.with(s.css(((Ask) s.running().head()).css()).loginDue(now.monoMs())) : s;
  }

  private static int timeOut(Task head) {
    if (head instanceof Until until) {
      return until.ep() < 0 ? CssmCode.ALL_TIMED_OUT : CssmCode.EP_TIMED_OUT;
    }
    return CssmCode.ANSWER_TIMED_OUT;
  }

  private static DmcssmState fail(DmcssmState s, int code, Now now, List<Effect> out) {
    say(s, now, DmcssmText.error(code), out);
    MonTrigger.Change command = s.running().command();
    boolean after = s.running().head().stage() == Stage.RESTART_ON;
    if (command.verb() == Verb.STARTUP && after) {
      String line = DmcssmText.startedWithoutRestart(command.group());
      return s.with(s.running().withoutStage(line));
    }
    return s.with(s.running().failedWith(code));
  }

  private static DmcssmState finish(DmcssmState s, Now now, List<Effect> out) {
    Running running = s.running();
    boolean ok = running.failed() == 0;
    String last = ok ? running.success() : DmcssmText.failed(running.command().title());
    reply(s, running.command().request(), ok ? ExitCode.OK : ExitCode.NO, last, now, out);
    return s.with((Running) null);
  }

  private static void say(DmcssmState s, Now now, String text, List<Effect> out) {
    if (!text.isEmpty()) {
      tell(s, line(s, text, now), out);
    }
  }

  /** A line of the command in progress, but not its last. */
  private static void tell(DmcssmState s, String line, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, line));
    out.add(new Effect.Reply(s.running().command().request(), ExitCode.OK, line, false));
  }

  /** The one line that ends a request. */
  static void reply(DmcssmState s, long request, int code, String text, Now now, List<Effect> out) {
    String line = line(s, text, now);
    out.add(new Effect.Say(Level.INFO, line));
    out.add(new Effect.Reply(request, code, line, true));
  }

  /** A screen that ends a request. */
  static void show(long request, String screen, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, screen));
    out.add(new Effect.Reply(request, ExitCode.OK, screen, true));
  }

  /** A line for every console. */
  static void print(DmcssmState s, String text, Now now, List<Effect> out) {
    String line = text.isEmpty() ? "" : line(s, text, now);
    out.add(new Effect.Say(Level.INFO, line));
    out.add(new Effect.Print(line));
  }

  private static String line(DmcssmState s, String text, Now now) {
    return s.style().line(DmcssmText.MONITOR, now.wallMs(), s.zone(), text);
  }

  /** Whether an EP heartbeats, as the group's picture says. */
  static boolean active(MonEp ep) {
    return ep != null && ep.getActive();
  }
}
