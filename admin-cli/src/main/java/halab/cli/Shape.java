package halab.cli;

import halab.cli.lab.Creator;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What a lab shall be like, for who makes one or asks how one would behave. */
final class Shape {
  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "2",
      description = "Database hosts (${DEFAULT-VALUE}).")
  private int hosts;

  @Option(names = "--fast", description = "Shortest timeouts that the vendor allows.")
  private boolean fast;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a vendor key wherever it stands; GROUP.KEY, EP.KEY, HOST/KEY: there only.")
  private Map<String, String> set = new TreeMap<>();

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description =
          "Take ini files of these names from DIR (or DIR/HOST) in place of generated ones.")
  private Path from;

  /**
   * The wish for such a lab.
   *
   * @param net see {@link Creator.Wish}
   */
  Creator.Wish wish(String system, double timeScale, String net) {
    return new Creator.Wish(system, hosts, fast, timeScale, set, from, net);
  }
}
