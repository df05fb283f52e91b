package halab.systems.dw;

import halab.kernel.Effect;
import halab.kernel.Level;
import java.util.List;

/**
 * Lines of the watcher's log. The vendor's are to the letter; where none is known they are ours.
 */
final class DwText {
  static final String VERSION = "DMWATCHER[4.0] V8";
  static final String READY = "DMWATCHER[4.0] IS READY.";

  private DwText() {}

  static void info(List<Effect> out, String format, Object... values) {
    out.add(new Effect.Say(Level.INFO, Texts.f(format, values)));
  }

  static void warn(List<Effect> out, String format, Object... values) {
    out.add(new Effect.Say(Level.WARNING, Texts.f(format, values)));
  }

  static void error(List<Effect> out, String format, Object... values) {
    out.add(new Effect.Say(Level.ERROR, Texts.f(format, values)));
  }

  /** The form of a change of state is the vendor's. */
  static String switching(String instance, DwPhase from, DwPhase to) {
    return Texts.f(
        "Dmwatcher process %s status switching [%s-->%s]", instance, from.text(), to.text());
  }

  /** errno is that of a refused connection; which one it was is not known here. */
  static String cannotConnect(WatcherState s) {
    return Texts.f("Can't connect to DM server on '%s' port(%d) errno(111)", s.ip, s.instPort);
  }

  /** The vendor marks what matters most in this way (manual 6.15). */
  static String marked(String text) {
    return "[!!! " + text + " !!!]";
  }

  /** For how a thing is called in a list. */
  static String list(List<String> names) {
    return String.join(",", names);
  }
}
