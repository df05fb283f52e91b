package halab.cli;

import halab.cli.demo.DemoRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code halab demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "The whole story in about two minutes: a two-host Dameng DSC cluster and clients that write to"
          + " it, kill -9 of its control instance, what the cluster does about it line by line, the"
          + " instance's return, every row read back, a verdict. Nothing is left behind."
    })
final class DemoCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Option(names = "--keep", description = "Leave the lab up at the end, as labs/demo.")
  private boolean keep;

  @Override
  public Integer call() throws IOException {
    return DemoRun.run(main.out, keep ? freeFolder() : null).exitCode();
  }

  private static Path freeFolder() {
    Path folder = Labs.folder("demo");
    for (int n = 2; Files.exists(folder); n++) {
      folder = Labs.folder("demo" + n);
    }
    return folder;
  }
}
