package halab.cli;

import halab.cli.fault.Faults;
import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.sim.Fault;
import halab.sim.FaultText;
import halab.sim.SystemChecks;
import halab.systems.ConfigException;
import halab.systems.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * The fault verbs. Each becomes the line that a scenario would say, is read by the same grammar and
 * done by {@link Faults}; the receipt is printed.
 */
final class FaultCommands {
  private FaultCommands() {}

  private static void inflict(LiveLab lab, String text, Main main) {
    Faults faults = new Faults(lab, main.out::line);
    read(lab, text).applyTo(faults);
  }

  private static Fault read(LiveLab lab, String text) {
    Map<Endpoint, View> views = text.contains("@") ? lab.views() : Map.of();
    try {
      return FaultText.typed(text, lab.subject(), lab.plan(), views);
    } catch (ConfigException e) {
      ConfigException.Problem problem = e.problems().get(0);
      throw Failure.usage(problem.what() + "; " + problem.remedy());
    }
  }

  /** {@code @control} means the innermost group's; the others are named: {@code "@control ASM"}. */
  static String target(LiveLab lab, List<String> words) {
    String target = String.join(" ", words).replace(':', ' ').strip();
    if (words.size() > 1 && !target.startsWith("@")) {
      throw Failure.usage(
          "one target at a time, and only a selector (@control CSS) is several words: '"
              + target
              + "'");
    }
    SystemChecks checks = lab.subject().checks();
    boolean selector =
        target.startsWith("@") && Boolean.TRUE.equals(checks.selectors().get(target.substring(1)));
    if (selector) {
      return target + " " + checks.groups().get(checks.groups().size() - 1);
    }
    if (!target.startsWith("@") && !target.contains("/") && lab.hosts().contains(target)) {
      throw Failure.usage(
          target
              + " is a host; name a daemon, as "
              + target
              + "/ROLE, or use poweroff and poweron for the whole host");
    }
    return target;
  }

  /** kill, stop, pause, resume and start differ in their name only. */
  private abstract static class OfProcess implements Callable<Integer> {
    @ParentCommand private Main main;
    @Mixin private Labs labs;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "TARGET",
        hideParamSyntax = true,
        arity = "1..2",
        description = {
          "One daemon, as n1/dmserver, or by role: @control, @control ASM.",
          "A selector may be two words."
        })
    private List<String> target;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        inflict(lab, spec.name() + " " + target(lab, target), main);
        return ExitCode.OK;
      }
    }
  }

  /** {@code halab kill}. */
  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "Kill a daemon (SIGKILL). Whether it comes back is its cluster's decision.")
  static final class Kill extends OfProcess {}

  /** {@code halab stop}. */
  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Ask a daemon to end in order (SIGTERM).")
  static final class Stop extends OfProcess {}

  /** {@code halab tstp}. */
  @Command(
      name = "tstp",
      mixinStandardHelpOptions = true,
      description = "Ask a daemon to end in order by SIGTSTP (kill -20), as the vendor's hear it.")
  static final class Tstp extends OfProcess {}

  /** {@code halab pause}. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Make a daemon stand still (SIGSTOP) until resume.")
  static final class Pause extends OfProcess {}

  /** {@code halab resume}. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Let a paused daemon run on (SIGCONT).")
  static final class Resume extends OfProcess {}

  /** {@code halab start}. */
  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start a daemon on its host, as its service script would.")
  static final class Start extends OfProcess {}

  private abstract static class OfPower implements Callable<Integer> {
    @ParentCommand private Main main;
    @Mixin private Labs labs;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "HOST", description = "A host, as n1.")
    private String host;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        inflict(lab, spec.name() + " " + host, main);
        return ExitCode.OK;
      }
    }
  }

  /** {@code halab poweroff}. */
  @Command(
      name = "poweroff",
      mixinStandardHelpOptions = true,
      description = "Kill everything on a host at once, its agent included.")
  static final class PowerOff extends OfPower {}

  /** {@code halab poweron}. */
  @Command(
      name = "poweron",
      mixinStandardHelpOptions = true,
      description = "Power a host on; its start list is started.")
  static final class PowerOn extends OfPower {}

  /** {@code halab cut}. */
  @Command(
      name = "cut",
      mixinStandardHelpOptions = true,
      description = {
        "Break the network between hosts. Messages are swallowed and nobody is told, unless an"
            + " option says otherwise.",
        "Quote the places: the shell knows | and > too."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab cut 'n1|n2'                           both ways, all networks",
        "  halab cut 'n1->n2' --network private        what n1 sends to n2 only",
        "  halab cut n1 --network storage              n1 loses its disks",
        "  halab cut 'n1|n2' --delay 200               200 ms more each way",
        "  halab cut 'n1|n2' --loss 10                 one message in ten is lost"
      })
  static final class Cut implements Callable<Integer> {
    /** Networks of a lab. */
    enum Network {
      STORAGE,
      PRIVATE,
      PUBLIC,
      ALL
    }

    /** What the bad link does, other than swallow everything. */
    static final class Kind {
      @Option(names = "--refuse", description = "The sender is told.")
      boolean refuse;

      @Option(names = "--delay", paramLabel = "MS", description = "Later by so many milliseconds.")
      Integer delayMs;

      @Option(names = "--loss", paramLabel = "PCT", description = "So many of a hundred are lost.")
      Integer percent;
    }

    @ParentCommand private Main main;
    @Mixin private Labs labs;

    @Parameters(paramLabel = "WHERE", description = "'A|B', 'A->B' (one way), or A against all.")
    private String where;

    @Option(
        names = "--network",
        defaultValue = "all",
        description = "storage, private, public or all (${DEFAULT-VALUE}).")
    private Network network;

    @ArgGroup private Kind kind;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        inflict(lab, text(), main);
        return ExitCode.OK;
      }
    }

    private String text() {
      String on = network == Network.ALL ? "" : " on " + network.name().toLowerCase(Locale.ROOT);
      if (kind == null) {
        return "cut " + sides(where) + on;
      }
      if (kind.delayMs != null) {
        return "delay " + sides(where) + " " + kind.delayMs + "ms" + on;
      }
      return kind.percent != null
          ? "loss " + sides(where) + " " + kind.percent + "%" + on
          : "refuse " + sides(where) + on;
    }
  }

  /** Both sides of a link; one host alone stands against all others. */
  private static String sides(String where) {
    return where.contains("|") || where.contains("->")
        ? where.replace("->", " -> ").replace("|", " | ")
        : where + " | *";
  }

  /** {@code halab heal}. */
  @Command(
      name = "heal",
      mixinStandardHelpOptions = true,
      description = {
        "Lift faults of the network between hosts, or with --all every fault that is held:",
        "networks, disks, paused and held daemons; also those of a tool that was killed. Dead"
            + " daemons and hosts that are off stay so."
      })
  static final class Heal implements Callable<Integer> {
    @ParentCommand private Main main;
    @Mixin private Labs labs;

    @Parameters(paramLabel = "WHERE", arity = "0..1", description = "'A|B', or A against all.")
    private String where;

    @Option(names = "--all", description = "Everything.")
    private boolean all;

    @Override
    public Integer call() throws IOException {
      if (all == (where != null)) {
        throw Failure.usage("say either where to heal, as 'n1|n2', or --all");
      }
      try (LiveLab lab = labs.open()) {
        Faults faults = new Faults(lab, main.out::line);
        if (all) {
          Fault.Heal.ALL.applyTo(faults);
          faults.resumeAll();
          faults.releaseAll();
        } else {
          read(lab, "heal " + sides(where)).applyTo(faults);
        }
        return ExitCode.OK;
      }
    }
  }

  /** {@code halab disk}. */
  @Command(
      name = "disk",
      mixinStandardHelpOptions = true,
      description = {
        "Give a shared disk a fault: fail (says so), hang (never answers), slow, torn (half a block"
            + " is written), stale (old content), flipped (a bit), full; ok heals it.",
        "status shows the disks and their names."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab disk vote hang",
        "  halab disk vote fail --host n1",
        "  halab disk vote slow --delay 800",
        "  halab disk vote ok"
      })
  static final class Disk implements Callable<Integer> {
    private static final int SLOW_MS = 500;

    @ParentCommand private Main main;
    @Mixin private Labs labs;

    @Parameters(index = "0", paramLabel = "DISK", description = "vote, dcr, data0, ...")
    private String disk;

    @Parameters(
        index = "1",
        paramLabel = "FAULT",
        description = "ok, fail, hang, slow, torn, stale, flipped or full.")
    private String fault;

    @Option(names = "--host", paramLabel = "HOST", description = "For this host's requests only.")
    private String host;

    @Option(names = "--delay", paramLabel = "MS", description = "With slow: how slow.")
    private Integer delayMs;

    @Override
    public Integer call() throws IOException {
      boolean slow = fault.equalsIgnoreCase("slow");
      if (delayMs != null && !slow) {
        throw Failure.usage("--delay goes with slow only");
      }
      List<String> words = new ArrayList<>(List.of("disk", disk, fault));
      if (slow) {
        words.add((delayMs == null ? SLOW_MS : delayMs) + "ms");
      }
      if (host != null) {
        words.addAll(List.of("for", host));
      }
      try (LiveLab lab = labs.open()) {
        inflict(lab, String.join(" ", words), main);
        return ExitCode.OK;
      }
    }
  }
}
