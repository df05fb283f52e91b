package halab.cli;

import halab.cli.lab.LiveLab;
import halab.systems.Tool;
import halab.systems.dm.DmService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab shell}: a shell in which the vendor's programs are found under their own names. */
@Command(
    name = "shell",
    mixinStandardHelpOptions = true,
    description = {
      "A shell on a host of the lab: the vendor's monitor, tools and service scripts are commands"
          + " there.",
      "It stands in the host's folder of vendor files."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab shell n1",
      "  halab shell n1 -c \"DmServiceDSC0 status\"",
      "  halab shell n2 -c \"DmWatcherServiceGRP1_RT_02 stop\"",
      "  halab shell mon"
    })
final class ShellCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private Labs labs;

  @Parameters(
      arity = "0..1",
      paramLabel = "HOST",
      description = "A database host or the monitor's; the first one when left out.")
  private String host;

  @Option(names = "-c", paramLabel = "COMMAND", description = "Run this in the shell and leave.")
  private String command;

  @Override
  public Integer call() throws IOException {
    try (LiveLab lab = labs.open()) {
      List<String> hosts = lab.plan().hosts().stream().map(h -> h.name()).toList();
      String where = host == null ? hosts.get(0) : host;
      if (!hosts.contains(where)) {
        throw Failure.usage("no vendor program runs on " + where + "; hosts are " + hosts);
      }
      boolean typed = "1".equals(System.getenv("HALAB_TTY_IN"));
      List<String> within = lab.backend().within(where, typed);
      return run(within == null ? here(lab, where) : there(within, where));
    }
  }

  /** The same within a container. */
  private ProcessBuilder there(List<String> within, String where) {
    List<String> words = new ArrayList<>(within);
    words.addAll(List.of("shell", where));
    if (command != null) {
      words.addAll(List.of("-c", command));
    }
    return new ProcessBuilder(words);
  }

  private ProcessBuilder here(LiveLab lab, String where) throws IOException {
    String set = System.getenv("SHELL");
    String shell = set == null || set.isEmpty() ? "/bin/sh" : set;
    ProcessBuilder builder =
        new ProcessBuilder(command == null ? List.of(shell) : List.of("/bin/sh", "-c", command))
            .directory(lab.model().etc(where).toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", programs(lab, where) + ":" + environment.get("PATH"));
    Path folder = lab.dir().toAbsolutePath(); // in a container it is not called as the lab is
    environment.put(Labs.NAMED, folder.getFileName().toString());
    environment.put("HALAB_LABS", folder.getParent().toString());
    environment.put(From.SHELL_HOST, where);
    return builder;
  }

  /** A folder of links to the launcher, which takes the name it is called by for its verb. */
  private static Path programs(LiveLab lab, String where) throws IOException {
    String root = System.getenv("HALAB_ROOT");
    if (root == null || root.isEmpty()) {
      throw Failure.config("HALAB_ROOT is not set; start halab by its launcher");
    }
    Path launcher = Path.of(root, "halab");
    if (!Files.isRegularFile(launcher)) {
      launcher = Path.of(root, "bin", "halab"); // as installed
    }
    Path folder = lab.model().hostDir(where).resolve("bin");
    Files.createDirectories(folder);
    List<String> names = new ArrayList<>(List.of("halab", lab.system().monitor().name()));
    lab.system().tools().stream().map(Tool::name).forEach(names::add);
    lab.system().scripts(lab.plan()).stream()
        .filter(s -> s.daemon().host().equals(where))
        .map(DmService::name)
        .forEach(names::add);
    for (String name : names) {
      Path link = folder.resolve(name);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, launcher);
    }
    return folder;
  }

  private static int run(ProcessBuilder builder) throws IOException {
    Process process = builder.inheritIO().start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }
}
