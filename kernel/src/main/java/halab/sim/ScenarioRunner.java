package halab.sim;

import halab.kernel.Check;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.View;
import halab.systems.dm.SvcPlace;
import halab.systems.dm.SvcService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Carries out a scenario on a lab, line by line, and says how it ended. The same for every
 * executor. The lab is left as it is; whoever made it takes it down.
 */
public final class ScenarioRunner {
  /** Longest wait for the answer to a console command, and for a log line that is due. */
  private static final long ANSWER_WITHIN_MS = 60_000;

  private static final long REPAIR_EVERY_MS = 5_000;

  /** Told what happens, for people who watch. */
  public interface Narrator {
    /** A line begins. */
    void begins(Scenario.Step step, long atMs);

    /** Something is about to be done to the lab: a fault, a repair, an operator's command. */
    default void disturbs(String what) {}

    /** A line is done; {@code outcome} is short, may be empty. */
    void ends(Scenario.Step step, long atMs, String outcome);

    /** For runs that nobody watches. */
    Narrator SILENT =
        new Narrator() {
          @Override
          public void begins(Scenario.Step step, long atMs) {}

          @Override
          public void ends(Scenario.Step step, long atMs, String outcome) {}
        };
  }

  private final Scenario scenario;
  private final LabDriver lab;
  private final Narrator narrator;
  private final Look scene = new Look();
  private final Map<String, List<Endpoint>> bound = new TreeMap<>();
  private final Map<Endpoint, Integer> marks = new TreeMap<>();
  private final List<Scenario.Always> guards = new ArrayList<>();
  private String broken;

  public ScenarioRunner(Scenario scenario, LabDriver lab, Narrator narrator) {
    this.scenario = scenario;
    this.lab = lab;
    this.narrator = narrator;
  }

  /**
   * Brings the lab up and runs all lines. A {@link ConfigException} means that the scenario asks
   * for something that the lab has not.
   */
  public Verdict run() {
    List<String> off = new ArrayList<>(scenario.absent());
    off.addAll(lab.plan().spare());
    lab.up(off);
    int expectations = 0;
    for (Scenario.Step step : scenario.steps()) {
      narrator.begins(step, lab.nowMs());
      String failure;
      try {
        failure = carryOut(step);
      } catch (NobodyThere | World.Violation | Check.Failed e) {
        failure = e.getMessage();
      }
      if (failure != null) {
        narrator.ends(step, lab.nowMs(), failure);
        return judge(step, failure);
      }
      expectations += step instanceof Scenario.Act || step instanceof Scenario.Mark ? 0 : 1;
    }
    lookAgain();
    if (broken != null) {
      return judge(guards.get(guards.size() - 1), broken);
    }
    return Verdict.pass(
        scenario.title() + " (" + expectations + " checks, " + lab.nowMs() + " ms of lab time)");
  }

  private Verdict judge(Scenario.Step step, String failure) {
    String place = scenario.file() + ":" + step.line() + ": " + step.text() + ": " + failure;
    String doubt = lab.doubt();
    return doubt == null ? Verdict.fail(place) : Verdict.inconclusive(place + " (" + doubt + ")");
  }

  /** Null when the line could be carried out and came true. */
  private String carryOut(Scenario.Step step) {
    scene.refresh();
    String outcome = "";
    String failure = null;
    if (step instanceof Scenario.Act act) {
      outcome = inject(act.fault());
    } else if (step instanceof Scenario.At at) {
      lab.await(Math.max(0, at.atMs() - lab.nowMs()), this::lookAgain);
      outcome = inject(at.fault());
    } else if (step instanceof Scenario.Repair repair) {
      failure = repair(repair);
    } else if (step instanceof Scenario.Expect expect) {
      long began = lab.nowMs();
      failure = expect(expect);
      outcome = "after " + (lab.nowMs() - began) + " ms";
    } else if (step instanceof Scenario.Hold hold) {
      failure = hold(hold);
    } else if (step instanceof Scenario.Say say) {
      failure = say(say);
    } else if (step instanceof Scenario.Sql sql) {
      failure = sql(sql);
    } else if (step instanceof Scenario.ToolLine tool) {
      narrator.disturbs(tool.text());
      LabDriver.Answer answer = lab.tool(tool.tool(), tool.said());
      failure = unlike(answer, tool.exitCode(), tool.shows());
    } else if (step instanceof Scenario.Client client) {
      failure = client(client);
    } else if (step instanceof Scenario.Ask ask) {
      failure = ask(ask);
    } else if (step instanceof Scenario.Let let) {
      List<Endpoint> who = scene.who(let.target());
      bound.put(let.name(), who);
      outcome = let.name() + " = " + who;
      failure = who.isEmpty() ? "nobody is " + let.target() : null;
    } else if (step instanceof Scenario.Mark) {
      mark();
    } else if (step instanceof Scenario.Always always) {
      guards.add(always);
    }
    if (failure == null) {
      failure = broken;
    }
    if (failure == null) {
      narrator.ends(step, lab.nowMs(), outcome);
    }
    return failure;
  }

  private String inject(FaultGrammar.Line line) {
    Fault fault = line.at(scene);
    narrator.disturbs(fault.text());
    fault.applyTo(lab);
    return fault.text();
  }

  /**
   * Heals everything and starts what is dead, for whoever goes on with the lab after {@link #run}.
   *
   * @return what is still missing after {@code bound(heal)}; null when the lab is healthy
   */
  public String repair() {
    String text = "repair within bound(heal)";
    return repair(new Scenario.Repair(0, text, new Scenario.Span("heal", 0)));
  }

  private String repair(Scenario.Repair repair) {
    narrator.disturbs(repair.text());
    long end = lab.nowMs() + spanMs(repair.within(), repair.line());
    String[] sick = {"not looked at"};
    while (sick[0] != null && broken == null && lab.nowMs() < end) {
      Repair.once(
          lab,
          lab.plan(),
          d -> lab.process(d).state() == LabDriver.ProcessState.PAUSED,
          scenario.subject().checks(),
          lab.views());
      lab.await(
          Math.min(REPAIR_EVERY_MS, end - lab.nowMs()),
          () -> {
            if (lookAgain()) {
              return true;
            }
            sick[0] = scenario.subject().checks().unhealthy(lab.plan(), scene.views());
            return sick[0] == null;
          });
    }
    return sick[0];
  }

  private String expect(Scenario.Expect expect) {
    long span = spanMs(expect.within(), expect.line());
    boolean logs = expect.all().stream().anyMatch(c -> c.text().startsWith("log "));
    // A line is written a moment after the state that others see has changed.
    long atMost = logs ? Math.max(span, 10_000) : span;
    boolean came =
        lab.await(atMost, () -> lookAgain() || firstUnmet(expect.all()) == null) && broken == null;
    return came ? null : broken != null ? broken : firstUnmet(expect.all()) + late(atMost);
  }

  private static String late(long atMostMs) {
    return atMostMs == 0 ? "" : " after " + Durations.text(atMostMs);
  }

  private String hold(Scenario.Hold hold) {
    String[] failure = new String[1];
    lab.await(
        spanMs(hold.span(), hold.line()),
        () -> {
          if (lookAgain()) {
            return true;
          }
          failure[0] = firstUnmet(hold.all());
          return failure[0] != null;
        });
    return broken != null ? broken : failure[0];
  }

  private String say(Scenario.Say say) {
    Endpoint target =
        say.target() == null
            ? scenario.subject().checks().monitor(lab.plan())
            : scene.endpoint(say.target());
    narrator.disturbs(say.text());
    LabDriver.Answer answer = lab.command(target, say.words(), ANSWER_WITHIN_MS);
    if (answer.exitCode() < 0) {
      return target + " did not answer: " + answer.text();
    }
    return unlike(answer, say.exitCode(), say.shows());
  }

  private String sql(Scenario.Sql sql) {
    Endpoint target = scene.endpoint(sql.target());
    if (scenario.subject().system().role(target.role()).data() == null) {
      return target + " serves no SQL";
    }
    narrator.disturbs(sql.text());
    LabDriver.Answer answer = lab.sql(target, sql.statement(), ANSWER_WITHIN_MS);
    return answer.exitCode() < 0
        ? target + " did not answer"
        : unlike(answer, sql.exitCode(), sql.shows());
  }

  private String client(Scenario.Client client) {
    SvcService service = client.service(scenario.subject().system(), lab.plan());
    return unlike(lab.clients().open(client.name(), service, lab.nowMs()), ExitCode.OK, "");
  }

  private String ask(Scenario.Ask ask) {
    LabDriver.Answer answer = lab.clients().ask(ask.name(), ANSWER_WITHIN_MS);
    return answer.exitCode() < 0
        ? "client " + ask.name() + " got no answer"
        : unlike(answer, ask.exitCode(), ask.shows());
  }

  /** How the answer differs from the one that is wanted; null: it does not. */
  private static String unlike(LabDriver.Answer answer, int exitCode, String shows) {
    if (answer.exitCode() != exitCode) {
      return "exit code " + answer.exitCode() + ", wanted " + exitCode + ": " + answer.text();
    }
    return answer.text().contains(shows)
        ? null
        : "the answer lacks '" + shows + "': " + answer.text();
  }

  private void mark() {
    for (Endpoint daemon : lab.plan().daemons()) {
      marks.put(daemon, lab.log(daemon).size());
    }
  }

  private long spanMs(Scenario.Span span, int line) {
    try {
      return span.ms(scenario.subject().system(), lab.plan());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  scenario.file(),
                  line,
                  "there is no bound: " + e.getMessage(),
                  "name a known one")));
    }
  }

  /** Looks at the lab afresh; true when a promise that holds always is broken. */
  private boolean lookAgain() {
    scene.refresh();
    if (broken == null) {
      broken = scenario.subject().checks().unsafe(scene.views());
    }
    for (int i = 0; broken == null && i < guards.size(); i++) {
      String unmet = firstUnmet(guards.get(i).all());
      broken = unmet == null ? null : "line " + guards.get(i).line() + " no longer holds: " + unmet;
    }
    return broken != null;
  }

  private String firstUnmet(List<Condition> all) {
    for (Condition condition : all) {
      String unmet = condition.test().unmet(scene);
      if (unmet != null) {
        return unmet;
      }
    }
    return null;
  }

  /** A role selector that finds nobody, or not exactly one, when something has to be done to it. */
  private static final class NobodyThere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NobodyThere(String message) {
      super(message);
    }
  }

  /** The lab as seen at this look; one reading of all daemons per look. */
  private final class Look implements Condition.Scene, FaultGrammar.Places {
    private Map<Endpoint, View> views;

    void refresh() {
      views = null;
    }

    @Override
    public SystemChecks checks() {
      return scenario.subject().checks();
    }

    @Override
    public LabPlan plan() {
      return lab.plan();
    }

    @Override
    public Map<Endpoint, View> views() {
      if (views == null) {
        views = lab.views();
      }
      return views;
    }

    @Override
    public LabDriver.ProcessStatus process(Endpoint daemon) {
      return lab.process(daemon);
    }

    @Override
    public List<Endpoint> who(Target target) {
      if (target.daemon() != null) {
        return List.of(target.daemon());
      }
      if (target.bound() != null) {
        return bound.getOrDefault(target.bound(), List.of());
      }
      if (target.beside() != null) {
        return hostsOf(target.beside()).stream().map(h -> new Endpoint(h, target.role())).toList();
      }
      return checks().select(target.selector(), target.group(), views());
    }

    @Override
    public boolean hasFile(String host, String name) {
      return lab.hasFile(host, name);
    }

    @Override
    public List<String> hostsOf(Target.Host host) {
      return host.name() != null
          ? List.of(host.name())
          : who(host.of()).stream().map(Endpoint::host).distinct().toList();
    }

    @Override
    public List<String> logSinceMark(Endpoint daemon) {
      List<String> all = lab.log(daemon);
      return all.subList(Math.min(marks.getOrDefault(daemon, 0), all.size()), all.size());
    }

    @Override
    public Endpoint clientAt(String name) {
      SvcPlace at = lab.clients().at(name);
      return at == null
          ? null
          : new Endpoint(at.host(), plan().host(at.host()).sqlPorts().keySet().iterator().next());
    }

    @Override
    public Endpoint endpoint(Target target) {
      return only(target.text(), who(target));
    }

    @Override
    public String host(Target.Host host) {
      return only(host.text(), hostsOf(host));
    }

    private <T> T only(String wanted, List<T> found) {
      if (found.size() != 1) {
        throw new NobodyThere(wanted + " is " + (found.isEmpty() ? "nobody" : "several: " + found));
      }
      return found.get(0);
    }

    @Override
    public List<String> others(List<String> hosts) {
      return Hosts.of(lab.plan()).stream().filter(h -> !hosts.contains(h)).toList();
    }
  }
}
