package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Faults one at a time, for command lines and journals; the words are those of scenarios. */
public final class FaultText {
  private FaultText() {}

  /**
   * Reads back {@link Fault#text}. Bad text is a {@link ConfigException} that names this place.
   *
   * @param file where the text stands
   * @param line its line number
   */
  public static Fault plain(String file, int line, String text) {
    Words words = new Words(file, line, text);
    FaultGrammar.Line read = whole(words, Target.Syntax.plain());
    return read.at(new Plain(words));
  }

  /**
   * Reads what an operator typed. Hosts, roles and disks that the lab has not, and roles that
   * nobody or more than one plays at this moment, are a {@link ConfigException}.
   *
   * @param views what the daemons show, to find {@code @SELECTOR}s
   */
  public static Fault typed(String text, Subject subject, LabPlan plan, Map<Endpoint, View> views) {
    SystemChecks checks = subject.checks();
    List<Target.Mention> mentions = new ArrayList<>();
    Target.Syntax syntax =
        new Target.Syntax(checks.selectors(), checks.groups(), List.of(), mentions, List.of());
    Words words = new Words("", 0, text);
    FaultGrammar.Line read = whole(words, syntax);
    Scenario.checkMentions(mentions, subject, plan);
    return read.at(new Typed(words, checks, plan, views));
  }

  private static FaultGrammar.Line whole(Words words, Target.Syntax syntax) {
    String verb = words.take("a fault verb");
    if (!FaultGrammar.VERBS.contains(verb) && !Fault.Hold.VERBS.contains(verb)) {
      throw words.problem(
          "'" + verb + "' is no fault", "write one of " + String.join(", ", FaultGrammar.VERBS));
    }
    FaultGrammar.Line line =
        Fault.Hold.VERBS.contains(verb)
            ? hold(verb, words, syntax)
            : FaultGrammar.read(verb, words, syntax);
    words.end();
    return line;
  }

  private static FaultGrammar.Line hold(String verb, Words words, Target.Syntax syntax) {
    Target target = Target.read(words, syntax);
    return places -> new Fault.Hold(places.endpoint(target), verb.equals("hold"));
  }

  /** Everything is named outright. */
  private record Plain(Words words) implements FaultGrammar.Places {
    @Override
    public Endpoint endpoint(Target target) {
      if (target.daemon() == null) {
        throw words.problem("'" + target + "' is not HOST/ROLE", "name the daemon outright");
      }
      return target.daemon();
    }

    @Override
    public String host(Target.Host host) {
      if (host.name() == null) {
        throw words.problem("'" + host.text() + "' is no host", "name the host outright");
      }
      return host.name();
    }

    @Override
    public List<String> others(List<String> hosts) {
      throw words.problem("'*' names no host", "name the hosts outright");
    }
  }

  /** Looked up in a running lab. */
  private record Typed(Words words, SystemChecks checks, LabPlan plan, Map<Endpoint, View> views)
      implements FaultGrammar.Places {
    @Override
    public Endpoint endpoint(Target target) {
      return only(target.text(), who(target));
    }

    @Override
    public String host(Target.Host host) {
      return host.name() != null ? host.name() : endpoint(host.of()).host();
    }

    @Override
    public List<String> others(List<String> hosts) {
      return Hosts.of(plan).stream().filter(h -> !hosts.contains(h)).toList();
    }

    private List<Endpoint> who(Target target) {
      if (target.daemon() != null) {
        return List.of(target.daemon());
      }
      if (target.beside() != null) {
        return List.of(new Endpoint(host(target.beside()), target.role()));
      }
      return checks.select(target.selector(), target.group(), views);
    }

    private Endpoint only(String wanted, List<Endpoint> found) {
      if (found.size() != 1) {
        throw words.problem(
            wanted
                + " is "
                + (found.isEmpty() ? "nobody" : "several: " + found)
                + " at this moment",
            "name the daemon outright, as HOST/ROLE");
      }
      return found.get(0);
    }
  }
}
