package halab.cli;

import halab.cli.demo.DemoRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "The whole story in about two minutes: a two-host cluster and clients that write to it, the"
          + " loss of the instance that leads, what the cluster does about it line by line, the"
          + " instance's return, every row read back, a verdict. Nothing is left behind."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab demo                  Dameng DSC: kill -9 of the control instance",
      "  halab demo dw               Dameng Data Watch: power-off of the primary's host, takeover"
    })
final class DemoCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      arity = "0..1",
      paramLabel = "SYSTEM",
      defaultValue = SystemNames.DEFAULT,
      completionCandidates = SystemNames.class,
      description = "Whose demo: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private String system;

  @Option(names = "--keep", description = "Leave the lab up at the end, as labs/demo.")
  private boolean keep;

  @Override
  public Integer call() throws IOException {
    return DemoRun.run(main.out, system, keep ? freeFolder() : null).exitCode();
  }

  private static Path freeFolder() {
    Path folder = Labs.folder("demo");
    for (int n = 2; Files.exists(folder); n++) {
      folder = Labs.folder("demo" + n);
    }
    return folder;
  }
}
