package halab.cli;

import halab.admin.proto.LaunchReply;
import halab.admin.proto.Sig;
import halab.cli.console.MonitorConsole;
import halab.cli.console.MonitorWords;
import halab.cli.lab.LiveLab;
import halab.cli.lab.LogFolder;
import halab.kernel.Endpoint;
import halab.systems.Monitor;
import halab.systems.VendorLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A vendor's monitor, attached to its daemon: {@code halab dmcssm}, {@code halab dmmonitor}. */
abstract class MonitorCommand implements Callable<Integer> {
  private static final long READY_WITHIN_MS = 15_000;

  /** {@code halab dmcssm}. */
  @Command(
      name = "dmcssm",
      mixinStandardHelpOptions = true,
      description = {
        "The monitor DMCSSM of a DSC lab with the vendor's words and screens; help lists them.",
        "Attaches to the lab's monitor daemon; if that does not run, one runs for this call."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab dmcssm                          its console",
        "  halab dmcssm -c show                  one command",
        "  halab dmcssm mon2                     the console of the second monitor",
        "  halab dmcssm -c \"ep stop GRP_DSC\""
      })
  static final class Dmcssm extends MonitorCommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "HOST",
        description = "Whose monitor, where a lab has several (mon).")
    private String host;

    Dmcssm() {
      super("dmcssm");
    }

    @Override
    String host() {
      return host;
    }
  }

  /** {@code halab dmmonitor}. */
  @Command(
      name = "dmmonitor",
      mixinStandardHelpOptions = true,
      description = {
        "The monitor DMMONITOR of a Data Watch lab with the vendor's words and screens; help lists"
            + " them.",
        "Attaches to the lab's monitor daemon; if that does not run, one runs for this call. What"
            + " it asks (login) is answered at the terminal, or by lines of standard input."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab dmmonitor                       its console",
        "  halab dmmonitor -c show               one command",
        "  halab dmmonitor --monitor mon2        the console of the second monitor",
        "  halab dmmonitor -c \"choose switchover GRP1\""
      })
  static final class Dmmonitor extends MonitorCommand {
    @Option(
        names = "--monitor",
        paramLabel = "HOST",
        description = "Whose monitor, where a lab has several (mon).")
    private String host;

    Dmmonitor() {
      super("dmmonitor");
    }

    @Override
    String host() {
      return host;
    }
  }

  @ParentCommand private Main main;
  @Mixin private Labs labs;

  @Option(names = "-c", paramLabel = "COMMAND", description = "Run this command and leave.")
  private String command;

  private final String program;

  /**
   * @param program the vendor's name of it
   */
  MonitorCommand(String program) {
    this.program = program;
  }

  /** Whose monitor was asked for; null: the first one. */
  abstract String host();

  @Override
  public Integer call() throws IOException {
    try (LiveLab lab = labs.open()) {
      Monitor vendors = lab.system().monitor();
      if (vendors == null || !vendors.name().equals(program)) {
        String system = "lab " + lab.name() + " is of system " + lab.system().name();
        throw Failure.usage(
            vendors == null
                ? system + ", which has no monitor"
                : system + "; its monitor is: halab " + vendors.name());
      }
      Endpoint monitor = monitor(lab);
      boolean own = lab.client().daemon(monitor) == null && launched(lab, monitor);
      try {
        return talk(lab, vendors, monitor);
      } finally {
        if (own) {
          lab.client().signal(monitor, Sig.SIG_TERM);
        }
      }
    }
  }

  private Endpoint monitor(LiveLab lab) {
    Endpoint first = lab.subject().checks().monitor(lab.plan());
    if (host() == null) {
      return first;
    }
    List<Endpoint> all = lab.daemons().stream().filter(d -> d.role().equals(first.role())).toList();
    return all.stream()
        .filter(d -> d.host().equals(host()))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "no monitor on "
                        + host()
                        + "; this lab has "
                        + String.join(", ", all.stream().map(Endpoint::host).toList())));
  }

  private int talk(LiveLab lab, Monitor vendors, Endpoint monitor) throws IOException {
    MonitorConsole console =
        new MonitorConsole(lab, monitor, main.out, vendors, () -> startLines(lab, monitor));
    return console.attend(command, new MonitorWords(vendors.words(lab.plan())));
  }

  /** What the vendor's program shows at its start; the daemon said it before anybody attached. */
  private static List<String> startLines(LiveLab lab, Endpoint monitor) {
    LogFolder logs = lab.backend().logs(monitor.host());
    VendorLog names = lab.system().role(monitor.role()).log();
    try {
      // A life has a file of its own, and its name sorts by time.
      String newest =
          logs.names().stream().filter(names::owns).max(Comparator.naturalOrder()).orElse(null);
      return newest == null
          ? List.of()
          : lab.system()
              .monitor()
              .startLines(
                  new String(logs.read(newest, 0), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      return List.of(); // the console is good for its answers all the same
    }
  }

  /** Has the monitor's host start it; false when it was only slow to answer. */
  static boolean launched(LiveLab lab, Endpoint monitor) {
    LaunchReply reply = lab.client().launch(monitor);
    if (!reply.getFailure().isEmpty()) {
      throw Failure.no(
          monitor
              + " does not run and cannot be started: "
              + reply.getFailure()
              + "; see: halab status --lab "
              + lab.name());
    }
    if (!LiveLab.await(READY_WITHIN_MS, () -> lab.client().daemon(monitor) != null)) {
      throw Failure.no(monitor + " does not answer; see " + lab.backend().outFile(monitor));
    }
    return !reply.getAlreadyRunning();
  }
}
