package halab.systems.dw.monitor;

import halab.dw.proto.DwStatus;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.monitor.MonState.Question;
import halab.systems.dw.monitor.MonTrigger.Login;
import halab.systems.dw.monitor.MonTrigger.Logout;
import halab.systems.dw.monitor.MonTrigger.Typed;
import java.util.Comparator;
import java.util.List;

/** The login: asked for on the console or given in one line, checked by an instance. */
final class MonLogin {
  private static final int LONGEST = 128;

  private MonLogin() {}

  static boolean nameless(MonState s, Login t, Now now) {
    return t.user().isEmpty();
  }

  static MonState askUser(MonState s, Login t, Now now, List<Effect> out) {
    out.add(new Effect.Reply(t.request(), ExitCode.OK, MonText.ASK_USER, true));
    return s.with(x -> x.question = Question.USER);
  }

  static boolean bad(MonState s, Login t, Now now) {
    return bad(t.user()) || bad(t.password());
  }

  private static boolean bad(String word) {
    return word.isEmpty() || word.length() > LONGEST;
  }

  static boolean nobody(MonState s, Login t, Now now) {
    return checker(s) == null;
  }

  /** The primary checks it; with none that serves, whoever is up (manual, on login). */
  private static Seat checker(MonState s) {
    return s.seats.stream()
        .filter(Seat::ok)
        .filter(x -> x.watcher(DwStatus.DW_STARTUP, DwStatus.DW_OPEN, DwStatus.DW_RECOVERY))
        .min(Comparator.comparing((Seat x) -> !x.serves()).thenComparing(x -> !x.at(Status.OPEN)))
        .orElse(null);
  }

  static MonState check(MonState s, Login t, Now now, List<Effect> out) {
    Job job = MonOrders.login(t, checker(s));
    return MonRun.advance(s.with(x -> x.job = job), now, out);
  }

  static boolean typesUser(MonState s, Typed t, Now now) {
    return s.question == Question.USER;
  }

  static MonState askPassword(MonState s, Typed t, Now now, List<Effect> out) {
    out.add(new Effect.Reply(t.request(), ExitCode.OK, MonText.ASK_PASSWORD, true));
    return s.with(
        x -> {
          x.question = Question.PASSWORD;
          x.asksFor = t.line();
        });
  }

  private static Login typed(MonState s, Typed t) {
    return new Login(t.request(), s.asksFor, t.line());
  }

  static boolean typedBad(MonState s, Typed t, Now now) {
    return bad(s, typed(s, t), now);
  }

  static boolean typedToNobody(MonState s, Typed t, Now now) {
    return checker(s) == null;
  }

  static MonState checkTyped(MonState s, Typed t, Now now, List<Effect> out) {
    return check(answered(s), typed(s, t), now, out);
  }

  private static MonState answered(MonState s) {
    return s.with(
        x -> {
          x.question = Question.NONE;
          x.asksFor = "";
        });
  }

  /** The question is over, and this is why nothing comes of it. */
  static Table.Action<MonState, Typed> dropped(int code) {
    return (s, t, now, out) -> {
      MonRun.reply(s, t.request(), ExitCode.NO, MonText.error(code), now, out);
      return answered(s);
    };
  }

  static boolean loggedOut(MonState s, Logout t, Now now) {
    return !s.loggedIn;
  }

  static MonState logout(MonState s, Logout t, Now now, List<Effect> out) {
    MonRun.reply(s, t.request(), ExitCode.OK, MonText.LOGGED_OUT, now, out);
    return s.with(x -> x.loggedIn = false);
  }
}
