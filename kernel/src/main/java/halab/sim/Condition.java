package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Something wanted of a lab, judged by what its daemons show.
 *
 * @param text as it was written
 */
record Condition(String text, Test test) {
  /** Null when it holds, else what is seen instead. */
  interface Test {
    String unmet(Scene scene);
  }

  /** The lab as seen at one moment. */
  interface Scene {
    SystemChecks checks();

    LabPlan plan();

    Map<Endpoint, View> views();

    LabDriver.ProcessStatus process(Endpoint daemon);

    /** Nobody, when a selector finds none. */
    List<Endpoint> who(Target target);

    /** Nobody's, when a selector finds none. */
    List<String> hostsOf(Target.Host host);

    /** Whether the host's system folder has this file. */
    boolean hasFile(String host, String name);

    List<String> logSinceMark(Endpoint daemon);

    /** The instance that a client is connected to as far as it knows; null: none. */
    Endpoint clientAt(String name);
  }

  static List<Condition> readAll(Words words, Target.Syntax syntax, UnaryOperator<String> goldens) {
    List<Condition> all = new ArrayList<>();
    do {
      all.add(read(words, syntax, goldens));
    } while (words.takeIf(","));
    words.end();
    return all;
  }

  private static Condition read(Words words, Target.Syntax syntax, UnaryOperator<String> goldens) {
    if (words.takeIf("all")) {
      words.must("OPEN");
      return new Condition(
          "all OPEN", scene -> scene.checks().unhealthy(scene.plan(), scene.views()));
    }
    if (words.takeIf("log")) {
      return log(Target.read(words, syntax), words, goldens);
    }
    if (words.takeIf("fact")) {
      return fact(Target.read(words, syntax), words);
    }
    if (words.takeIf("client")) {
      return client(words, syntax);
    }
    if (words.takeIf("file")) {
      return file(true, words, syntax);
    }
    if (words.takeIf("no")) {
      words.must("file");
      return file(false, words, syntax);
    }
    Target target = Target.read(words, syntax);
    if (words.takeIf("is")) {
      boolean not = words.takeIf("not");
      return same(target, not, Target.read(words, syntax));
    }
    if (words.takeIf("gone")) {
      return process(target, LabDriver.ProcessState.GONE, null);
    }
    if (words.takeIf("paused")) {
      return process(target, LabDriver.ProcessState.PAUSED, null);
    }
    if (words.takeIf("exited")) {
      String code = words.take("an exit code");
      if (!code.matches("\\d{1,3}")) {
        throw words.problem("'" + code + "' is no exit code", "write a number, e.g. 87");
      }
      return process(target, LabDriver.ProcessState.GONE, Integer.valueOf(code));
    }
    return phase(target, words.take("a phase, 'gone', 'paused', 'exited N' or 'is TARGET'"));
  }

  private static Condition phase(Target target, String phase) {
    return new Condition(
        target + " " + phase,
        scene ->
            each(
                scene,
                target,
                who -> {
                  View view = scene.views().get(who);
                  String seen = view == null ? silent(scene, who) : view.phase();
                  return seen.equals(phase) ? null : who + " is " + seen;
                }));
  }

  private static Condition process(Target target, LabDriver.ProcessState state, Integer exitCode) {
    String wanted = exitCode == null ? lower(state) : "exited " + exitCode;
    return new Condition(
        target + " " + wanted,
        scene ->
            each(
                scene,
                target,
                who -> {
                  LabDriver.ProcessStatus seen = scene.process(who);
                  boolean ok =
                      seen.state() == state && (exitCode == null || exitCode == seen.exitCode());
                  return ok ? null : who + " is " + lower(seen.state()) + code(seen);
                }));
  }

  private static Condition client(Words words, Target.Syntax syntax) {
    String name = syntax.client(words);
    words.must("at");
    Target target = Target.read(words, syntax);
    return new Condition(
        "client " + name + " at " + target,
        scene -> {
          Endpoint at = scene.clientAt(name);
          List<Endpoint> wanted = scene.who(target);
          return List.of(at == null ? "" : at).equals(wanted)
              ? null
              : "client "
                  + name
                  + " is at "
                  + (at == null ? "no instance" : at)
                  + ", "
                  + target
                  + " is "
                  + names(wanted);
        });
  }

  private static Condition file(boolean wanted, Words words, Target.Syntax syntax) {
    Target.Host host = Target.Host.read(words, syntax);
    String name = FaultGrammar.file(words);
    return new Condition(
        (wanted ? "file " : "no file ") + host.text() + " " + name,
        scene -> {
          List<String> hosts = scene.hostsOf(host);
          for (String each : hosts) {
            if (scene.hasFile(each, name) != wanted) {
              return each + (wanted ? " has no file " : " has the file ") + name;
            }
          }
          return hosts.isEmpty() ? "nobody is " + host.text() : null;
        });
  }

  private static Condition fact(Target target, Words words) {
    String key = words.take("the name of a fact");
    boolean not = words.takeIf("!=");
    if (!not) {
      words.must("=");
    }
    String value = unquoted(words.take("a value"));
    return new Condition(
        "fact " + target + " " + key + (not ? " != " : " = ") + value,
        scene ->
            each(
                scene,
                target,
                who -> {
                  View view = scene.views().get(who);
                  if (view == null) {
                    return who + " is " + silent(scene, who);
                  }
                  String seen = view.facts().get(key);
                  return value.equals(seen) != not
                      ? null
                      : who + " shows " + key + " = " + (seen == null ? "nothing" : seen);
                }));
  }

  private static Condition same(Target a, boolean not, Target b) {
    return new Condition(
        a + (not ? " is not " : " is ") + b,
        scene -> {
          List<Endpoint> left = scene.who(a);
          List<Endpoint> right = scene.who(b);
          return !left.isEmpty() && left.equals(right) != not
              ? null
              : a
                  + " is "
                  + names(left)
                  + (b.daemon() == null ? ", " + b + " " + names(right) : "");
        });
  }

  private static Condition log(Target target, Words words, UnaryOperator<String> goldens) {
    String file = words.take("a golden file");
    String text = goldens.apply(file);
    if (text == null) {
      throw words.problem(
          "there is no golden file '" + file + "'", "name a file beside the scenario");
    }
    GoldenText golden = GoldenText.parse(text);
    return new Condition(
        "log " + target + " " + file,
        scene ->
            each(
                scene,
                target,
                who -> {
                  GoldenText.Match match = golden.find(scene.logSinceMark(who));
                  return match.found() ? null : file + " in the log of " + who + ": " + match.why();
                }));
  }

  private interface Each {
    String unmet(Endpoint who);
  }

  private static String each(Scene scene, Target target, Each test) {
    List<Endpoint> all = scene.who(target);
    if (all.isEmpty()) {
      return "nobody is " + target;
    }
    for (Endpoint who : all) {
      String unmet = test.unmet(who);
      if (unmet != null) {
        return unmet;
      }
    }
    return null;
  }

  private static String silent(Scene scene, Endpoint who) {
    LabDriver.ProcessStatus status = scene.process(who);
    return status.state() == LabDriver.ProcessState.RUNNING
        ? "not answering"
        : lower(status.state()) + code(status);
  }

  private static String code(LabDriver.ProcessStatus status) {
    return status.state() == LabDriver.ProcessState.GONE
        ? " (exit code " + status.exitCode() + ")"
        : "";
  }

  private static String names(List<Endpoint> all) {
    return all.isEmpty()
        ? "nobody"
        : String.join(", ", all.stream().map(Endpoint::toString).toList());
  }

  private static String lower(LabDriver.ProcessState state) {
    return state.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String unquoted(String word) {
    return word.startsWith("\"") ? word.substring(1, word.length() - 1) : word;
  }
}
