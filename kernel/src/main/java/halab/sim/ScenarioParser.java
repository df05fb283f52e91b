package halab.sim;

import halab.systems.ConfigException;
import halab.systems.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads scenario files; see {@link Scenario#parse}. One parser for all executors. */
final class ScenarioParser {
  private static final int LONGEST_LINE = 4096;
  private static final int MOST_LINES = 10_000;
  private static final Pattern SETTING =
      Pattern.compile("([A-Za-z_]+)=(?:\\(([^()\\s]*)\\)|([^()\\s]+))(?:\\s+|$)");

  private final String file;
  private final UnaryOperator<String> goldens;
  private final List<Subject> subjects;
  private final List<ConfigException.Problem> problems = new ArrayList<>();
  private final List<Scenario.Step> steps = new ArrayList<>();
  private final TreeMap<String, String> sets = new TreeMap<>();
  private final TreeMap<String, List<String>> nics = new TreeMap<>();
  private final List<String> absent = new ArrayList<>();
  private final List<String> bound = new ArrayList<>();
  private String title;
  private String source;
  private Subject subject;
  private Target.Syntax syntax;
  private int hosts = 2;
  private long seed = 1;
  private Rates rates = Rates.CALM;
  private boolean fast;

  ScenarioParser(String file, UnaryOperator<String> goldens, List<Subject> subjects) {
    this.file = file;
    this.goldens = goldens;
    this.subjects = subjects;
  }

  Scenario parse(String text) {
    String[] lines = text.split("\\R", MOST_LINES + 1);
    if (lines.length > MOST_LINES) {
      throw new Words(file, MOST_LINES, "").problem("the file is too long", "split it");
    }
    for (int i = 0; i < lines.length; i++) {
      readLine(i + 1, lines[i].strip());
    }
    require(title != null, "there is no comment on top", "say in a first # line what it shows");
    require(source != null, "there is no source line", "add: source WHERE THE RULE IS FROM");
    require(subject != null, "there is no system line", "add: system NAME");
    require(
        !steps.isEmpty() || !problems.isEmpty(),
        "nothing is done or expected",
        "add an expect line");
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Scenario(
        file,
        title,
        source,
        subject,
        hosts,
        fast,
        sets,
        nics,
        absent,
        seed,
        rates,
        steps,
        syntax.mentions());
  }

  private void require(boolean ok, String what, String remedy) {
    if (!ok) {
      problems.add(new ConfigException.Problem(file, 0, what, remedy));
    }
  }

  private void readLine(int number, String line) {
    if (line.startsWith("#")) {
      title = title == null ? line.substring(1).strip() : title;
      return;
    }
    if (line.isEmpty()) {
      return;
    }
    Words words = new Words(file, number, line.length() > LONGEST_LINE ? "" : withoutComment(line));
    try {
      String verb = words.take("a verb (the line is longer than " + LONGEST_LINE + ")");
      if (!header(verb, words)) {
        if (subject == null) {
          throw words.problem("'" + verb + "' comes before the system", "put 'system NAME' first");
        }
        steps.add(step(verb, words, withoutComment(line)));
      }
      words.end();
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
  }

  /** A comment at the end of a line starts with a blank and a hash. */
  private static String withoutComment(String line) {
    int hash = line.indexOf(" #");
    return hash < 0 ? line : line.substring(0, hash).strip();
  }

  /** Reads a line that says which lab is wanted; false when it is none. */
  private boolean header(String verb, Words words) {
    switch (verb) {
      case "system":
        system(words);
        return true;
      case "source":
        source = words.rest();
        return true;
      case "hosts":
        hosts = number(words);
        break;
      case "fast":
        fast = true;
        break;
      case "seed":
        seed = seed(words);
        break;
      case "rates":
        rates = Rates.read(words);
        break;
      case "set":
        String key = words.take("a key");
        words.takeIf("=");
        sets.put(key, words.rest());
        break;
      case "nic":
        String host = words.take("a host, or * for all");
        List<String> cards = new ArrayList<>();
        while (!words.done()) {
          cards.add(words.take("a card"));
        }
        nics.put(host, List.copyOf(cards));
        break;
      case "absent":
        do {
          absent.add(words.take("a host"));
        } while (!words.done());
        break;
      default:
        return false;
    }
    if (!steps.isEmpty()) {
      throw words.problem(
          "'" + verb + "' comes after the first step", "put it before everything that happens");
    }
    return true;
  }

  private void system(Words words) {
    String name = words.take("the name of a system");
    try {
      subject = Subject.find(subjects, name);
    } catch (IllegalArgumentException e) {
      throw words.problem(e.getMessage(), "write a known one");
    }
    SystemChecks checks = subject.checks();
    syntax =
        new Target.Syntax(
            checks.selectors(), checks.groups(), bound, new ArrayList<>(), new ArrayList<>());
  }

  private static int number(Words words) {
    String word = words.take("a number of hosts");
    if (!word.matches("\\d{1,2}")) {
      throw words.problem("'" + word + "' is no number of hosts", "write e.g. hosts 3");
    }
    return Integer.parseInt(word);
  }

  private static long seed(Words words) {
    String word = words.take("a seed");
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw words.problem("'" + word + "' is no seed", "write a whole number");
    }
  }

  private Scenario.Step step(String verb, Words words, String text) {
    int line = words.line();
    switch (verb) {
      case "expect":
        return expect(words, text);
      case "always":
        return new Scenario.Always(line, text, Condition.readAll(words, syntax, goldens));
      case "at":
        return at(words, text);
      case "repair":
        words.must("within");
        return new Scenario.Repair(line, text, span(words));
      case "let":
        return let(words, text);
      case "mark":
        return new Scenario.Mark(line, text);
      case "console":
        return say(Target.read(words, syntax), words, text);
      case "monitor":
        return say(null, words, text);
      case "sql":
        return sql(Target.read(words, syntax), words, text);
      case "tool":
        return tool(words, text);
      case "client":
        return client(words, text);
      case "ask":
        return ask(words, text);
      default:
        if (!FaultGrammar.VERBS.contains(verb)) {
          throw words.problem(
              "'" + verb + "' is no verb",
              "write system, source, hosts, fast, set, nic, absent, seed, rates, expect, always,"
                  + " at, repair, let, mark, console, monitor, sql, tool, client, ask, "
                  + String.join(", ", FaultGrammar.VERBS));
        }
        return new Scenario.Act(line, text, FaultGrammar.read(verb, words, syntax));
    }
  }

  private Scenario.Step at(Words words, String text) {
    long atMs = words.durationMs("a span of time since the start");
    String verb = words.peek();
    if (!FaultGrammar.VERBS.contains(verb)) {
      throw words.unexpected("a fault verb: " + String.join(", ", FaultGrammar.VERBS));
    }
    String faultText = text.substring(text.indexOf(verb, text.indexOf(' ')));
    words.take("a fault verb");
    FaultGrammar.Line fault = FaultGrammar.read(verb, words, syntax);
    return new Scenario.At(words.line(), text, atMs, fault, faultText);
  }

  private Scenario.Step expect(Words words, String text) {
    if (words.takeIf("for")) {
      Scenario.Span span = span(words);
      return new Scenario.Hold(words.line(), text, span, Condition.readAll(words, syntax, goldens));
    }
    Scenario.Span within = words.takeIf("within") ? span(words) : new Scenario.Span(null, 0);
    return new Scenario.Expect(
        words.line(), text, within, Condition.readAll(words, syntax, goldens));
  }

  /** {@code 30s}, {@code bound(crash)} or {@code bound(crash)+5s}. */
  private static Scenario.Span span(Words words) {
    if (!words.takeIf("bound")) {
      return new Scenario.Span(null, words.durationMs("a span of time or bound(NAME)"));
    }
    words.must("(");
    String name = words.take("the name of a bound");
    words.must(")");
    long plus = 0;
    if (words.peek().startsWith("+")) {
      String word = words.take("a span");
      plus = Durations.ms(word.substring(1));
      if (plus < 0) {
        throw words.problem("'" + word + "' is no span of time", "write e.g. +5s");
      }
    }
    return new Scenario.Span(name, plus);
  }

  private Scenario.Step let(Words words, String text) {
    String name = words.take("a name");
    if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw words.problem("'" + name + "' is no name", "write letters and digits, e.g. VICTIM");
    }
    words.must("=");
    Target target = Target.read(words, syntax);
    if (!bound.contains(name)) {
      bound.add(name);
    }
    return new Scenario.Let(words.line(), text, name, target);
  }

  /** {@code WORDS... [=> CODE [TEXT]]}. */
  private Scenario.Step say(Target target, Words words, String text) {
    Said said = said(words);
    List<String> split = List.of(said.line().split("\\s+"));
    return new Scenario.Say(words.line(), text, target, split, said.exitCode(), said.shows());
  }

  /** {@code STATEMENT [=> CODE [TEXT]]}. */
  private Scenario.Step sql(Target target, Words words, String text) {
    Said said = said(words);
    return new Scenario.Sql(words.line(), text, target, said.line(), said.exitCode(), said.shows());
  }

  /** {@code NAME LINE [=> CODE [TEXT]]}. */
  private Scenario.Step tool(Words words, String text) {
    String name = words.take("the name of a tool");
    List<String> known = subject.system().tools().stream().map(Tool::name).toList();
    if (!known.contains(name)) {
      throw words.problem(
          subject.system().name() + " has no tool '" + name + "'",
          known.isEmpty() ? "it has none" : "write one of " + String.join(", ", known));
    }
    Said said = said(words);
    return new Scenario.ToolLine(
        words.line(), text, name, said.line(), said.exitCode(), said.shows());
  }

  /** {@code NAME [KEY=VALUE ...]}. */
  private Scenario.Step client(Words words, String text) {
    String name = words.take("a name for the client");
    if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw words.problem("'" + name + "' is no name", "write letters and digits, e.g. app");
    }
    if (!syntax.clients().contains(name)) {
      syntax.clients().add(name);
    }
    TreeMap<String, String> settings = new TreeMap<>();
    String rest = words.rest();
    Matcher setting = SETTING.matcher(rest);
    int end = 0;
    while (setting.find() && setting.start() == end) {
      settings.put(
          setting.group(1), setting.group(2) == null ? setting.group(3) : setting.group(2));
      end = setting.end();
    }
    if (end < rest.length()) {
      throw words.problem("'" + rest.substring(end) + "' is no setting", "write KEY=VALUE");
    }
    return new Scenario.Client(words.line(), text, name, settings);
  }

  /** {@code NAME [=> CODE [TEXT]]}. */
  private Scenario.Step ask(Words words, String text) {
    String name = syntax.client(words);
    Said said = words.takeIf("=>") ? wanted("", words.rest(), words) : new Said("", 0, "");
    return new Scenario.Ask(words.line(), text, name, said.exitCode(), said.shows());
  }

  /** What is said, and what answer is wanted. */
  private record Said(String line, int exitCode, String shows) {}

  private static Said said(Words words) {
    String[] parts = words.rest().split("=>", 2);
    String line = parts[0].strip();
    if (line.isEmpty()) {
      throw words.problem("there is nothing to say", "add the words of a command");
    }
    if (parts.length == 1) {
      return new Said(line, 0, "");
    }
    return wanted(line, parts[1].strip(), words);
  }

  private static Said wanted(String line, String outcome, Words words) {
    String[] answer = outcome.split("\\s+", 2);
    if (!answer[0].matches("\\d{1,3}")) {
      throw words.problem("'" + answer[0] + "' is no exit code", "write => CODE [TEXT]");
    }
    return new Said(line, Integer.parseInt(answer[0]), answer.length == 2 ? answer[1] : "");
  }
}
