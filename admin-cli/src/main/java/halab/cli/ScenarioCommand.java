package halab.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import halab.cli.load.check.Workload;
import halab.cli.scenario.LiveRun;
import halab.cli.scenario.ScenarioFiles;
import halab.cli.scenario.Story;
import halab.kernel.ExitCode;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import halab.sim.SimDriver;
import halab.sim.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab scenario}: written drills with a verdict. */
@Command(
    name = "scenario",
    mixinStandardHelpOptions = true,
    description = {
      "Run written drills: what lab, what is done to it, what has to be seen.",
      "The same file runs on real processes (--live), in containers (--docker) and in virtual time"
          + " (--sim)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab scenario list",
      "  halab scenario list dsc                        of one system",
      "  halab scenario run control-ep-crash            on a throw-away lab of real processes",
      "  halab scenario run control-ep-crash --sim      the same in virtual time",
      "  halab scenario step control-ep-crash           line by line, at your pace",
      "  halab scenario run mine.scn"
    })
final class ScenarioCommand {
  @ParentCommand private Main main;

  /** Which executor. */
  static final class Executor {
    @Option(
        names = "--live",
        description = "On real processes, in a throw-away lab (default where it can be).")
    boolean live;

    @Option(names = "--docker", description = "In containers, in a throw-away lab.")
    boolean docker;

    @Option(names = "--sim", description = "In virtual time.")
    boolean sim;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "List the scenarios that come with HALab: name, system, where it runs, source, what it"
            + " shows.",
        "sim is virtual time, live are real processes, docker are containers."
      })
  int list(
      @Parameters(
              paramLabel = "SYSTEM",
              arity = "0..1",
              completionCandidates = SystemNames.class,
              description = "Only those of this system: ${COMPLETION-CANDIDATES}.")
          String system)
      throws IOException {
    if (system != null && !new SystemNames().contains(system)) {
      throw Failure.usage("no system '" + system + "'; known: " + new SystemNames());
    }
    Columns columns = new Columns().row();
    for (String title : List.of("NAME", "SYSTEM", "RUNS", "SOURCE", "WHAT IT SHOWS")) {
      columns.cell(title, main.out::dim);
    }
    for (Path file : ScenarioFiles.below(ScenarioFiles.home())) {
      Scenario scenario = ScenarioFiles.read(file);
      if (system != null && !scenario.subject().system().name().equals(system)) {
        continue;
      }
      boolean live = ScenarioFiles.onlySimulated(scenario) == null;
      columns.row().cell(ScenarioFiles.name(file), main.out::bold);
      columns.cell(scenario.subject().system().name());
      columns.cell(live ? "sim live docker" : "sim", main.out::dim);
      columns.cell(scenario.source(), main.out::dim).cell(scenario.title());
    }
    columns.lines("").forEach(main.out::line);
    return ExitCode.OK;
  }

  /** How scenarios run, whoever sets the pace. */
  static final class How {
    @ArgGroup private Executor executor;

    @Option(
        names = "--seed",
        defaultValue = "1",
        description = "Seed of the simulated world (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
        names = "--workload",
        paramLabel = "NAME",
        defaultValue = "bank",
        description =
            "What clients write during a live run: bank, append, register or none"
                + " (${DEFAULT-VALUE}).")
    private String workload;

    @Option(names = "--keep", description = "Leave the lab of a live run as it ended.")
    private boolean keep;
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run scenarios one after the other, each with its verdict.")
  int run(
      @Parameters(
              paramLabel = "FILE|NAME",
              arity = "1..*",
              description = "A file, or a name as 'scenario list' shows it; 'all' for all of them.")
          List<String> names,
      @Mixin How how)
      throws IOException {
    Verdict worst = Verdict.pass("");
    for (Path file : files(names)) {
      worst = worse(worst, run(file, how, new Story(main.out)));
    }
    return worst.exitCode();
  }

  @Command(
      name = "step",
      mixinStandardHelpOptions = true,
      description = {
        "Run one scenario line by line: each waits for Enter; q and Enter end it.",
        "A lab that is live goes on by itself meanwhile, and any other command can look at it; time"
            + " limits of a line count from its Enter."
      })
  int step(
      @Parameters(paramLabel = "FILE|NAME", description = "A file, or a name from the list.")
          String name,
      @Mixin How how)
      throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    return run(ScenarioFiles.find(name), how, new Story(main.out, in)).exitCode();
  }

  private Verdict run(Path file, How how, Story story) throws IOException {
    boolean sim = how.executor != null && how.executor.sim;
    boolean docker = how.executor != null && how.executor.docker;
    boolean live = docker || how.executor != null && how.executor.live;
    if (sim && how.keep) {
      throw Failure.usage("--keep goes with --live; the simulator leaves no lab");
    }
    Workload writes = workload(how.workload);
    Scenario scenario = ScenarioFiles.read(file);
    String onlySimulated = ScenarioFiles.onlySimulated(scenario);
    if (live && onlySimulated != null) {
      throw Failure.usage(file + " runs with --sim only: " + onlySimulated);
    }
    return sim || onlySimulated != null
        ? simulated(scenario, how.seed, story)
        : live(scenario, writes, how.keep, docker, story);
  }

  private Verdict simulated(Scenario scenario, long seed, Story story) {
    begin(scenario, "simulated");
    return ended(new ScenarioRunner(scenario, SimDriver.of(scenario, seed), story).run());
  }

  /** Null for none. */
  private static Workload workload(String name) {
    if (name.equals("none")) {
      return null;
    }
    try {
      return Workload.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--workload " + name + ": use bank, append, register or none");
    }
  }

  private Verdict live(
      Scenario scenario, Workload writes, boolean keep, boolean docker, Story story)
      throws IOException {
    begin(scenario, docker ? "live, in containers" : "live");
    return ended(new LiveRun(scenario, writes, main.out, story).run(keep, docker));
  }

  private void begin(Scenario scenario, String how) {
    main.out.line(main.out.bold(scenario.title()) + main.out.dim("  (" + how + ")"));
    main.out.line(main.out.dim("source: " + scenario.source()));
  }

  private Verdict ended(Verdict verdict) {
    main.out.line(Verdicts.line(main.out, verdict));
    return verdict;
  }

  private static List<Path> files(List<String> names) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      if (name.equals("all")) {
        files.addAll(ScenarioFiles.below(ScenarioFiles.home()));
      } else {
        files.add(ScenarioFiles.find(name));
      }
    }
    return files;
  }

  /** A failure outweighs a doubt, a doubt a success. */
  private static Verdict worse(Verdict a, Verdict b) {
    return rank(b) > rank(a) ? b : a;
  }

  private static int rank(Verdict verdict) {
    return switch (verdict.kind()) {
      case PASS -> 0;
      case INCONCLUSIVE -> 1;
      case FAIL -> 2;
    };
  }
}
