package halab.cli;

import halab.cli.sim.SeedRun;
import halab.sim.Schedule;
import halab.sim.Seeds;
import halab.sim.Subject;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code halab sim}: seeded schedules in virtual time. */
@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    description = {
      "Run clusters in virtual time: the very tables that the daemons run, under random faults.",
      "After every step the vendor's promises are checked; then everything is healed and has to be"
          + " healthy within the vendor's own bound."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab sim run --seeds 1000                 a thousand schedules",
      "  halab sim run --minutes 10                 as many as fit",
      "  halab sim run --system dw                  of another system",
      "  halab sim replay --seed 4711 --trace       one schedule, every step told"
    })
final class SimCommand {
  @ParentCommand private Main main;

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run many schedules and stop at the first that fails.")
  int run(
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "200",
              description = "How many schedules (${DEFAULT-VALUE}).")
          int seeds,
      @Option(
              names = "--seed",
              paramLabel = "S",
              defaultValue = "1",
              description = "The first seed (${DEFAULT-VALUE}); the others follow it.")
          long first,
      @Option(
              names = "--minutes",
              paramLabel = "M",
              defaultValue = "0",
              description = "As many schedules as fit into this wall time, in place of --seeds.")
          int minutes,
      @Option(
              names = "--system",
              defaultValue = SystemNames.DEFAULT,
              completionCandidates = SystemNames.class,
              description = "System to run: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
          String system)
      throws IOException, InterruptedException {
    if (seeds < 1 || minutes < 0) {
      throw Failure.usage("--seeds must be 1 or more and --minutes 0 or more");
    }
    return new SeedRun(subject(system), main.out).many(first, seeds, minutes);
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = "Run one schedule again; same seed, same run.")
  int replay(
      @Option(names = "--seed", paramLabel = "S", required = true, description = "Which one.")
          long seed,
      @Option(names = "--trace", description = "Tell every step.") boolean trace,
      @Option(
              names = "--system",
              defaultValue = SystemNames.DEFAULT,
              completionCandidates = SystemNames.class,
              description = "System to run: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
          String system) {
    Subject subject = subject(system);
    Seeds seeds = new Seeds(subject);
    Schedule schedule = seeds.schedule(seed);
    main.out.text(schedule.text("seed " + seed));
    Seeds.Outcome outcome = trace ? seeds.trace(schedule, main.out::line) : seeds.run(schedule);
    if (!trace) {
      outcome.lastSteps().forEach(main.out::line);
    }
    main.out.line(outcome.steps() + " steps, hash " + Long.toHexString(outcome.hash()));
    main.out.line(Verdicts.line(main.out, outcome.verdict()));
    return outcome.verdict().exitCode();
  }

  private static Subject subject(String system) {
    try {
      return Subject.named(system);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }
}
