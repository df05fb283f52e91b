package halab.systems.dw.monitor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The operator's words, upper or lower case alike, a closing semicolon allowed (reference 6.3). */
final class Words {
  private static final int SHOWN_CHARS = 80;

  private static final Pattern MPP_ALL =
      Pattern.compile(
          "(startup|stop) dmwatcher all|(startup|stop|kill) group all", Pattern.CASE_INSENSITIVE);

  /** {@code user/password}, or {@code with key user/password@ip:port}: no address is needed. */
  private static final Pattern KEY =
      Pattern.compile("(?:with key )?(?<user>[^/ ]+)/(?<password>\\S+?)(?:@[^@ ]+:[0-9]+)?");

  /** As the console gives what it has asked for. */
  private static final Pattern ASKED = Pattern.compile("(?<user>[^/ ]+) (?<password>\\S+)");

  private Words() {}

  /** The command that these words are; never fails. */
  static MonTrigger parse(long request, List<String> words) {
    String line = String.join(" ", words).strip().replaceAll("\\s+", " ");
    String text = line.replaceFirst(" ?;$", "");
    if (MPP_ALL.matcher(text).matches()) {
      return new MonTrigger.Foreign(request, Verb.SHOW_MPP);
    }
    for (Verb verb : Verb.values()) {
      Matcher matcher = verb.pattern().matcher(text);
      if (verb != Verb.SHOW && matcher.matches()) {
        return command(request, verb, matcher);
      }
    }
    Matcher show = Verb.SHOW.pattern().matcher(text); // last: "show version" means no group
    boolean named = show.matches() && !text.equalsIgnoreCase("show i");
    return named
        ? command(request, Verb.SHOW, show)
        : new MonTrigger.Unknown(request, shown(line), usage(text));
  }

  private static MonTrigger command(long request, Verb verb, Matcher words) {
    return switch (verb.kind()) {
      case FREE, LOGIN ->
          new MonTrigger.Change(
              request,
              verb,
              name(words, verb, "group"),
              name(words, verb, "db"),
              name(words, verb, "para").toUpperCase(Locale.ROOT),
              name(words, verb, "value"));
      case MPP, RAFT, DSC -> new MonTrigger.Foreign(request, verb);
      case SCREEN ->
          switch (verb) {
            case LOGIN -> login(request, name(words, verb, "value"));
            case LOGOUT -> new MonTrigger.Logout(request);
            case EXIT -> new MonTrigger.Exit(request);
            default ->
                new MonTrigger.Screen(
                    request,
                    verb,
                    name(words, verb, "group"),
                    name(words, verb, "db"),
                    name(words, verb, "value"));
          };
    };
  }

  private static MonTrigger login(long request, String what) {
    Matcher asked = ASKED.matcher(what);
    Matcher key = asked.matches() ? asked : KEY.matcher(what);
    if (what.isEmpty()) {
      return new MonTrigger.Login(request, "", "");
    } else if (what.startsWith("/@")) {
      return new MonTrigger.Wallet(request);
    }
    return asked.matches() || key.matches()
        ? new MonTrigger.Login(request, key.group("user"), key.group("password"))
        : new MonTrigger.Unknown(request, "login ...", Verb.LOGIN.usage());
  }

  private static String name(Matcher words, Verb verb, String name) {
    String found = verb.pattern().pattern().contains("<" + name + ">") ? words.group(name) : null;
    return found == null ? "" : found;
  }

  /** How the commands are used that these words begin; by the first word when none goes on so. */
  private static String usage(String text) {
    String longest =
        Arrays.stream(Verb.values())
            .filter(v -> !v.help().isEmpty() && v.begins(text))
            .map(Verb::usage)
            .collect(Collectors.joining(" | "));
    String first = text.split(" ")[0];
    return !longest.isEmpty() || first.isEmpty()
        ? longest
        : Arrays.stream(Verb.values())
            .filter(v -> !v.help().isEmpty() && v.usage().split(" ")[0].equalsIgnoreCase(first))
            .map(Verb::usage)
            .collect(Collectors.joining(" | "));
  }

  private static String shown(String line) {
    String clean = MonText.clean(line);
    return clean.length() > SHOWN_CHARS ? clean.substring(0, SHOWN_CHARS) + "..." : clean;
  }
}
