package halab.systems.dsc.monitor;

import halab.systems.dsc.monitor.MonTrigger.Change;
import halab.systems.dsc.monitor.MonTrigger.Verb;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator's words, upper or lower case alike, a closing semicolon allowed (reference 5.3). */
final class Words {
  private static final int SHOWN_CHARS = 80;
  private static final String NAME = "([a-z0-9_]{1,64})";
  private static final Pattern SHOW = pattern("show(?: " + NAME + ")?");
  private static final Pattern RESTART = pattern("set " + NAME + " auto restart (on|off)");
  private static final Pattern EP = pattern("ep (startup|stop) " + NAME);
  private static final Pattern HALT = pattern("ep halt " + NAME + "\\." + NAME);
  private static final Pattern FORCE = pattern("open force " + NAME);

  private Words() {}

  private static Pattern pattern(String words) {
    return Pattern.compile(words, Pattern.CASE_INSENSITIVE);
  }

  /** The command that these words are; never fails. */
  static MonTrigger parse(long request, List<String> words) {
    String line = String.join(" ", words).strip().replaceAll("\\s+", " ");
    String text = line.replaceFirst(" ?;$", "");
    MonTrigger simple = simple(request, text);
    MonTrigger found = simple == null ? change(request, text) : simple;
    return found == null ? new MonTrigger.Unknown(request, shown(line)) : found;
  }

  private static MonTrigger simple(long request, String text) {
    Matcher show = SHOW.matcher(text);
    if (text.equalsIgnoreCase("show config")) {
      return new MonTrigger.ShowConfig(request);
    } else if (text.equalsIgnoreCase("show monitor")) {
      return new MonTrigger.ShowMonitor(request);
    } else if (show.matches()) {
      return new MonTrigger.Show(request, show.group(1) == null ? "" : show.group(1));
    } else if (text.equalsIgnoreCase("help")) {
      return new MonTrigger.Help(request);
    }
    return text.equalsIgnoreCase("exit") ? new MonTrigger.Exit(request) : null;
  }

  private static MonTrigger change(long request, String text) {
    Matcher restart = RESTART.matcher(text);
    if (restart.matches()) {
      boolean on = restart.group(2).equalsIgnoreCase("on");
      Verb verb = on ? Verb.RESTART_ON : Verb.RESTART_OFF;
      return new Change(request, verb, restart.group(1), "");
    }
    Matcher ep = EP.matcher(text);
    if (ep.matches()) {
      boolean startup = ep.group(1).equalsIgnoreCase("startup");
      return new Change(request, startup ? Verb.STARTUP : Verb.STOP, ep.group(2), "");
    }
    Matcher halt = HALT.matcher(text);
    if (halt.matches()) {
      return new Change(request, Verb.HALT, halt.group(1), halt.group(2));
    }
    Matcher force = FORCE.matcher(text);
    return force.matches() ? new Change(request, Verb.OPEN_FORCE, force.group(1), "") : null;
  }

  private static String shown(String line) {
    String clean = DmcssmText.clean(line);
    return clean.length() > SHOWN_CHARS ? clean.substring(0, SHOWN_CHARS) + "..." : clean;
  }
}
