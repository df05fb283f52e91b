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

/** {@code halab console HOST/ROLE}: the terminal of any daemon. */
@Command(
    name = "console",
    mixinStandardHelpOptions = true,
    description = {
      "The console of a daemon. A dmserver and a dmasmsvr know exit: all EPs of the group stop.",
      "Leaving a console does not stop the daemon; -c exit does what the vendor's exit does."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab console n1/dmserver -c exit     stops the DB group",
      "  halab console n2/dmcss -c exit        stops this dmcss"
    })
final class ConsoleCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private Labs labs;

  @Parameters(paramLabel = "HOST/ROLE", description = "Whose console.")
  private String daemon;

  @Option(names = "-c", paramLabel = "COMMAND", description = "Run this command and leave.")
  private String command;

  @Override
  public Integer call() throws IOException {
    try (LiveLab lab = labs.open()) {
      Endpoint target = lab.who(daemon).get(0);
      return MonitorConsole.of(lab, target, main.out).attend(command, new StringsCompleter("exit"));
    }
  }
}
