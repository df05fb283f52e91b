package halab.cli;

import halab.cli.console.MonitorConsole;
import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jline.reader.impl.completer.StringsCompleter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab dmcss HOST}: the terminal of a host's dmcss. */
@Command(
    name = "dmcss",
    mixinStandardHelpOptions = true,
    description = {
      "The console of a host's DMCSS: show, and in dialect C (log_dialect of lab.ini) also",
      "set master force and halt css SEQNO. Leaving it does not stop the daemon; -c exit does."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab dmcss n1                        its console",
      "  halab dmcss n1 -c show                one command",
      "  halab dmcss n2 -c \"set master force\""
    })
final class CssCommand implements Callable<Integer> {
  private static final String ROLE = "dmcss";

  @ParentCommand private Main main;
  @Mixin private Labs labs;

  @Parameters(paramLabel = "HOST", description = "Whose dmcss.")
  private String host;

  @Option(names = "-c", paramLabel = "COMMAND", description = "Run this command and leave.")
  private String command;

  @Override
  public Integer call() throws IOException {
    try (LiveLab lab = labs.open()) {
      Endpoint css = new Endpoint(host, ROLE);
      return MonitorConsole.of(lab, css, main.out)
          .attend(command, new StringsCompleter("show", "set", "halt", "exit"));
    }
  }
}
