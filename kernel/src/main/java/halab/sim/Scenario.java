package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.ConfigException;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.dm.SvcConf;
import halab.systems.dm.SvcService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A scenario file: what lab is wanted, what is done to it, and what has to be seen. Runs in the
 * simulator and on live labs alike; {@code docs/scenarios.md} describes the language.
 *
 * @param file as errors call it
 * @param title the first comment line: what it shows
 * @param source where the expectation comes from
 * @param sets vendor keys by name, for {@link LabPlan.Options#overrides}
 * @param nics network cards by host, in place of those of the plan
 * @param absent hosts that are off when the lab comes up
 * @param seed of the simulated world; 1 unless the file says otherwise
 * @param rates of the simulated world; calm unless the file says otherwise
 * @param mentions places named in the file, held against the plan by {@link #plan}
 */
public record Scenario(
    String file,
    String title,
    String source,
    Subject subject,
    int hosts,
    boolean fast,
    SortedMap<String, String> sets,
    SortedMap<String, List<String>> nics,
    List<String> absent,
    long seed,
    Rates rates,
    List<Step> steps,
    List<Target.Mention> mentions) {

  /** One line that is carried out when its turn comes. */
  public sealed interface Step {
    /** Line number in the file. */
    int line();

    /** The line as it was written. */
    String text();
  }

  /** {@code expect within SPAN}: all conditions at the same time, before the span is over. */
  record Expect(int line, String text, Span within, List<Condition> all) implements Step {}

  /** {@code expect for SPAN}: all conditions all the time. */
  record Hold(int line, String text, Span span, List<Condition> all) implements Step {}

  /** {@code always}: from here to the end. */
  record Always(int line, String text, List<Condition> all) implements Step {}

  /** A fault verb. */
  record Act(int line, String text, FaultGrammar.Line fault) implements Step {}

  /** {@code at SPAN FAULT}: when so much time has gone by since the lab came up. */
  record At(int line, String text, long atMs, FaultGrammar.Line fault, String faultText)
      implements Step {}

  /**
   * {@code repair within SPAN}: heals everything and starts what is dead, again and again, until
   * the whole is healthy.
   */
  record Repair(int line, String text, Span within) implements Step {}

  /** {@code let NAME = TARGET}. */
  record Let(int line, String text, String name, Target target) implements Step {}

  /** {@code mark}: logs count from here. */
  record Mark(int line, String text) implements Step {}

  /** {@code console} and {@code monitor}; target null is the monitor. */
  record Say(int line, String text, Target target, List<String> words, int exitCode, String shows)
      implements Step {}

  /** {@code sql INSTANCE STATEMENT}. */
  record Sql(int line, String text, Target target, String statement, int exitCode, String shows)
      implements Step {}

  /** {@code tool NAME LINE}. */
  record ToolLine(int line, String text, String tool, String said, int exitCode, String shows)
      implements Step {}

  /** {@code client NAME [KEY=VALUE ...]}: settings of the service that count more than its own. */
  record Client(int line, String text, String name, SortedMap<String, String> settings)
      implements Step {
    /** The lab's service as this client has it. */
    SvcService service(EmulatedSystem system, LabPlan plan) {
      String text = system.services(plan.sqlPlaces());
      if (text == null) {
        throw new ConfigException(
            List.of(
                new ConfigException.Problem(
                    SvcConf.FILE, 0, system.name() + " has no services", "remove the client")));
      }
      SvcConf conf = SvcConf.parse(SvcConf.FILE, text);
      return conf.service(conf.services().iterator().next(), settings);
    }
  }

  /** {@code ask NAME}. */
  record Ask(int line, String text, String name, int exitCode, String shows) implements Step {}

  /** A span of lab time, outright or as one of the system's bounds plus something. */
  record Span(String bound, long plusMs) {
    long ms(EmulatedSystem system, LabPlan plan) {
      return (bound == null ? 0 : system.boundMs(bound, plan)) + plusMs;
    }
  }

  /**
   * Reads a scenario. All problems are reported together as a {@link ConfigException}, each with
   * file, line and remedy.
   *
   * @param file what errors call the file
   * @param goldens text of a file named in the scenario, relative to it; null when there is none
   */
  public static Scenario parse(String file, String text, UnaryOperator<String> goldens) {
    return new ScenarioParser(file, goldens, Subject.ALL).parse(text);
  }

  /**
   * The lab that it asks for, checked, with its own network cards.
   *
   * @param portBase see {@link LabPlan.Options}
   */
  public LabPlan plan(int portBase) {
    return plan(portBase, null);
  }

  /**
   * As {@link #plan(int)}, for hosts that are machines of their own.
   *
   * @param publicNet see {@link LabPlan.Options}
   */
  public LabPlan plan(int portBase, String publicNet) {
    LabPlan plan =
        subject
            .system()
            .plan(
                new LabPlan.Options(hosts, fast, portBase, Map.copyOf(sets), Map.of(), publicNet));
    List<LabPlan.HostPlan> changed = new ArrayList<>();
    for (LabPlan.HostPlan host : plan.hosts()) {
      List<String> cards = nics.getOrDefault(host.name(), nics.getOrDefault("*", host.nics()));
      changed.add(host.withNics(cards));
    }
    LabPlan own = plan.withHosts(changed);
    checkMentions(mentions, subject, own);
    checkClients(own);
    return own;
  }

  private void checkClients(LabPlan plan) {
    for (Step step : steps) {
      if (step instanceof Client client) {
        try {
          client.service(subject.system(), plan);
        } catch (ConfigException e) {
          throw new ConfigException(
              e.problems().stream()
                  .map(p -> new ConfigException.Problem(file, client.line(), p.what(), p.remedy()))
                  .toList());
        }
      }
    }
  }

  /** Every place named outright has to be one that the lab has. */
  static void checkMentions(List<Target.Mention> mentions, Subject subject, LabPlan plan) {
    SortedMap<String, ConfigException.Problem> problems = new TreeMap<>();
    List<String> hostNames = Hosts.of(plan);
    for (Target.Mention mention : mentions) {
      ConfigException found = null;
      if (mention.disk() != null) {
        found = checkDisk(mention.at(), mention.disk(), plan);
      } else if (mention.host() != null && !hostNames.contains(mention.host())) {
        found =
            mention
                .at()
                .problem(
                    "the lab has no host '" + mention.host() + "'",
                    "name one of " + String.join(", ", hostNames));
      } else if (mention.file() != null && files(mention.host(), plan).isEmpty()) {
        found = mention.at().problem("host " + mention.host() + " has no files", "name another");
      } else if (mention.file() != null && !files(mention.host(), plan).contains(mention.file())) {
        found =
            mention
                .at()
                .problem(
                    "there is no file '" + mention.file() + "'",
                    "name one of " + String.join(", ", files(mention.host(), plan)));
      } else if (mention.role() != null && !knownRole(mention, subject)) {
        found =
            mention
                .at()
                .problem(
                    "system " + subject.system().name() + " has no role '" + mention.role() + "'",
                    "name one of its roles, see the system's page");
      }
      if (found != null) {
        problems.put(found.getMessage(), found.problems().get(0));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(List.copyOf(problems.values()));
    }
  }

  /** What is wrong about a fault of a disk; null: nothing. */
  private static ConfigException checkDisk(Words at, Target.Mention.Sick sick, LabPlan plan) {
    List<String> names = plan.disks().stream().map(LabPlan.DiskPlan::name).toList();
    if (!names.contains(sick.name())) {
      return at.problem(
          "the lab has no disk '" + sick.name() + "'", "name one of " + String.join(", ", names));
    }
    String host = plan.disks().get(names.indexOf(sick.name())).host();
    if (host != null && !sick.kind().ofOwn()) {
      return at.problem(
          "disk " + sick.name() + " holds redo and no blocks that could be " + lower(sick.kind()),
          "write ok, fail, hang, slow or full");
    }
    return host != null && sick.forOne()
        ? at.problem("only " + host + " reaches disk " + sick.name(), "leave 'for HOST' away")
        : null;
  }

  private static String lower(Fault.DiskKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Names of the vendor files of this host, or of all hosts if null. */
  private static SortedSet<String> files(String host, LabPlan plan) {
    SortedSet<String> files = new TreeSet<>();
    for (LabPlan.HostPlan each : plan.hosts()) {
      if (host == null || host.equals(each.name())) {
        files.addAll(each.files().keySet());
      }
    }
    return files;
  }

  private static boolean knownRole(Target.Mention mention, Subject subject) {
    return new Endpoint(mention.host(), mention.role()).equals(Hosts.DISK_DAEMON)
        || subject.system().roles().stream().anyMatch(r -> r.name().equals(mention.role()));
  }
}
