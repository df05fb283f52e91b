package halab.cli;

import halab.cli.lab.ThrowAway;
import halab.kernel.Check;
import halab.kernel.ExitCode;
import halab.runtime.admin.AdminException;
import halab.systems.ConfigException;
import halab.systems.dm.DmService;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** The halab command: one class per family of verbs, every one of them under the same rules. */
@Command(
    name = "halab",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "VERB",
    description = {
      "A failover flight simulator for database clusters.",
      "",
      "Runs real clusters of real daemons on this machine that fail over by a vendor's own rules."
          + " You kill, cut and pause; it shows what happened and why.",
      ""
    },
    footerHeading = "%nFirst steps:%n",
    footer = {
      "  halab demo                              the whole story in two minutes",
      "  halab init dsc --name t --fast          make a lab of two hosts",
      "  halab up                                start it",
      "  halab kill n1/dmserver                  break it",
      "  halab dmcssm -c show                    see it as the vendor's monitor shows it",
      "  halab status                            see it as HALab measures it",
      "  halab down                              stop it in the vendor's order"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, yes, PASS",
      "1:no, refused, FAIL",
      "2:INCONCLUSIVE: HALab's own stalls could explain the result",
      "64:the command line makes no sense",
      "70:a bug of HALab",
      "78:configuration or machine not as needed"
    },
    subcommands = {
      DemoCommand.class,
      LabCommands.Init.class,
      LabCommands.Up.class,
      LabCommands.Status.class,
      LabCommands.Down.class,
      LabCommands.Destroy.class,
      LogsCommand.class,
      ExplainCommand.class,
      PredictCommand.class,
      LoadCommand.class,
      MonitorCommand.Dmcssm.class,
      MonitorCommand.Dmmonitor.class,
      ToolCommand.class,
      ServiceCommand.class,
      ShellCommand.class,
      CssCommand.class,
      ConsoleCommand.class,
      SqlCommand.class,
      FaultCommands.Kill.class,
      FaultCommands.Stop.class,
      FaultCommands.Tstp.class,
      FaultCommands.Pause.class,
      FaultCommands.Resume.class,
      FaultCommands.Start.class,
      HoldCommands.Hold.class,
      HoldCommands.Step.class,
      HoldCommands.Release.class,
      FaultCommands.PowerOff.class,
      FaultCommands.PowerOn.class,
      FaultCommands.Cut.class,
      FaultCommands.Heal.class,
      FaultCommands.Disk.class,
      ScenarioCommand.class,
      SimCommand.class,
      FsmCommand.class,
      WarmUp.class
    })
public final class Main {
  /** Where all commands write. */
  final Out out;

  Main(Out out) {
    this.out = out;
  }

  public static void main(String[] args) {
    System.exit(run(Out.ofProcess(), args));
  }

  /** Runs one command line and returns its exit code. */
  public static int run(Out out, String... args) {
    CommandLine line = new CommandLine(new Main(out));
    line.setOut(new PrintWriter(out.stream(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(out.errors(), true, StandardCharsets.UTF_8));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(out.terminal() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedSubcommandsAllowed(false);
    line.setParameterExceptionHandler((problem, words) -> usage(out, problem));
    line.setExecutionExceptionHandler((problem, command, parsed) -> failed(out, problem, parsed));
    return line.execute(asVerb(args));
  }

  /** A service script of the vendor's, called by its name, is a service. */
  private static String[] asVerb(String[] args) {
    if (args.length == 0 || !args[0].matches(DmService.NAME)) {
      return args;
    }
    List<String> words = new ArrayList<>(List.of("service"));
    words.addAll(List.of(args));
    return words.toArray(new String[0]);
  }

  private static int usage(Out out, CommandLine.ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    out.remark(out.red("halab: ") + problem.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(problem, command.getErr());
    out.remark("see: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static int failed(Out out, Exception thrown, ParseResult parsed) {
    Throwable problem =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (problem instanceof AdminException unasked) {
      out.remark(out.red("halab: ") + unasked.getMessage());
      boolean stranger = unasked.reason() == AdminException.Reason.FORBIDDEN;
      return stranger ? ExitCode.CONFIG : ExitCode.NO;
    }
    if (ThrowAway.beingRemoved()) {
      return ExitCode.NO;
    }
    if (problem instanceof Failure failure) {
      out.remark(out.red("halab: ") + failure.getMessage());
      return failure.exitCode();
    }
    if (problem instanceof ConfigException config) {
      int count = config.problems().size();
      out.remark(out.red("halab: ") + count + (count == 1 ? " problem:" : " problems:"));
      config.problems().forEach(p -> out.remark("  " + p));
      return ExitCode.CONFIG;
    }
    String kind = problem instanceof Check.Failed ? "a check failed" : problem.getClass().getName();
    out.remark(out.red("halab: a bug of HALab: ") + kind + ": " + problem.getMessage());
    problem.printStackTrace(out.errors());
    return ExitCode.BUG;
  }

  /** The version as the distribution's stamp has it. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties built = new Properties();
      try (InputStream in = Main.class.getResourceAsStream("/halab/cli/version.properties")) {
        Check.that(in != null, "version.properties is missing from the jar");
        built.load(in);
      }
      String java = System.getProperty("java.vm.name") + " " + Runtime.version();
      return new String[] {"HALab " + built.getProperty("version"), java};
    }
  }
}
