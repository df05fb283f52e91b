package halab.systems.dw.monitor;

import halab.dw.proto.DwStatus;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.systems.dw.monitor.MonTrigger.Login;
import halab.systems.dw.monitor.MonTrigger.Logout;
import java.util.Comparator;
import java.util.List;

/** The login: the console asks for user and password, an instance checks them. */
final class MonLogin {
  private static final int LONGEST = 128;

  private MonLogin() {}

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

  static boolean loggedOut(MonState s, Logout t, Now now) {
    return !s.loggedIn;
  }

  static MonState logout(MonState s, Logout t, Now now, List<Effect> out) {
    MonRun.reply(s, t.request(), ExitCode.OK, MonText.LOGGED_OUT, now, out);
    return s.with(x -> x.loggedIn = false);
  }
}
