package halab.systems.dsc.monitor;

import halab.systems.Dialect;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/** The operator's words, upper or lower case alike, a closing semicolon allowed (reference 5.3). */
final class Words {
  private static final int SHOWN_CHARS = 80;

  private Words() {}

  /** The command that these words are in this dialect; never fails. */
  static MonTrigger parse(Dialect dialect, long request, List<String> words) {
    String line = String.join(" ", words).strip().replaceAll("\\s+", " ");
    String text = line.replaceFirst(" ?;$", "");
    for (Verb verb : Verb.values()) {
      Matcher matcher = verb.pattern().matcher(text);
      if (verb != Verb.SHOW && verb.in(dialect) && matcher.matches()) {
        return command(request, verb, matcher);
      }
    }
    Matcher show = Verb.SHOW.pattern().matcher(text); // last: "show config" means no group
    return show.matches()
        ? command(request, Verb.SHOW, show)
        : new MonTrigger.Unknown(request, shown(line), meant(dialect, text));
  }

  /** How the command is used that these words begin; empty when they begin none. */
  private static String meant(Dialect dialect, String text) {
    return Arrays.stream(Verb.values())
        .filter(verb -> verb.in(dialect) && verb.begins(text))
        .map(Verb::usage)
        .collect(Collectors.joining(" | "));
  }

  private static MonTrigger command(long request, Verb verb, Matcher words) {
    return switch (verb) {
      case HELP -> new MonTrigger.Help(request);
      case SHOW -> new MonTrigger.Show(request, name(words, "group"));
      case SHOW_CONFIG -> new MonTrigger.ShowConfig(request);
      case SHOW_MONITOR -> new MonTrigger.ShowMonitor(request);
      case EXIT -> new MonTrigger.Exit(request);
      default ->
          new MonTrigger.Change(
              request,
              verb,
              verb.ofGroup() ? name(words, "group") : "",
              verb.ofEp() ? name(words, "ep") : "");
    };
  }

  private static String name(Matcher words, String name) {
    String found = words.group(name);
    return found == null ? "" : found;
  }

  private static String shown(String line) {
    String clean = DmcssmText.clean(line);
    return clean.length() > SHOWN_CHARS ? clean.substring(0, SHOWN_CHARS) + "..." : clean;
  }
}
