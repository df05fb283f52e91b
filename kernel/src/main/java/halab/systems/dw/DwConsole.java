package halab.systems.dw;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import java.util.List;

/** The watcher's own console (manual 3.7): a few words about itself. */
final class DwConsole {
  private DwConsole() {}

  static boolean knows(WatcherState s, Event.Command t, Now now) {
    return !text(s, String.join(" ", t.words())).isEmpty();
  }

  static WatcherState answer(WatcherState s, Event.Command t, Now now, List<Effect> out) {
    String text = text(s, String.join(" ", t.words()));
    out.add(new Effect.Reply(t.requestId(), ExitCode.OK, text, true));
    return s;
  }

  static WatcherState refuse(WatcherState s, Event.Command t, Now now, List<Effect> out) {
    String what = "dmwatcher knows no command '%s'; use help, status, show version or list";
    String text = Texts.f(what, String.join(" ", t.words()));
    out.add(new Effect.Reply(t.requestId(), ExitCode.USAGE, text, true));
    return s;
  }

  private static String text(WatcherState s, String words) {
    return switch (words) {
      case "help" -> "help, status, show version, list";
      case "show version" -> DwText.VERSION;
      case "status" -> "GROUP_NAME DW_STATUS\n" + s.ini.name() + " " + s.phase.text();
      case "list" -> DwParas.list(s).strip();
      default -> "";
    };
  }
}
