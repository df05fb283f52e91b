package halab.cli.scenario;

import halab.cli.Failure;
import halab.runtime.lab.TextFiles;
import halab.sim.Rates;
import halab.sim.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The scenario files that come with HALab, and those of the user. */
public final class ScenarioFiles {
  private static final String ENDING = ".scn";
  private static final long BYTES_MAX = 1 << 20;

  /** The seed of a scenario that has no line for it. */
  private static final long UNSEEDED = 1;

  private ScenarioFiles() {}

  /** Where the files that come with HALab lie: {@code scenarios} beside the launcher. */
  public static Path home() {
    String root = System.getenv("HALAB_ROOT");
    return Path.of(root == null ? "." : root).resolve("scenarios");
  }

  /** All files below a folder, sorted. */
  public static List<Path> below(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw Failure.config(
          "there is no folder " + folder + "; run halab from its launcher, or set HALAB_ROOT");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(ENDING)).sorted().toList();
    }
  }

  /** {@code dsc/control-ep-crash}: what {@code scenario run} takes as a name. */
  public static String name(Path file) {
    String relative = home().relativize(file).toString();
    return relative.substring(0, relative.length() - ENDING.length());
  }

  /** The file that is meant: a path, or a name with or without its folder. */
  public static Path find(String fileOrName) throws IOException {
    Path path = Path.of(fileOrName);
    if (Files.isRegularFile(path)) {
      return path;
    }
    List<Path> found =
        below(home()).stream()
            .filter(f -> name(f).equals(fileOrName) || last(name(f)).equals(fileOrName))
            .toList();
    if (found.isEmpty()) {
      throw Failure.usage(
          "no scenario '" + fileOrName + "'; halab scenario list shows those there are");
    }
    if (found.size() > 1) {
      throw Failure.usage(
          "'"
              + fileOrName
              + "' names several: "
              + String.join(", ", found.stream().map(ScenarioFiles::name).toList()));
    }
    return found.get(0);
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Reads a scenario; golden files are looked for beside it and in the folders above. */
  public static Scenario read(Path file) throws IOException {
    return Scenario.parse(file.toString(), text(file), golden -> golden(file, golden));
  }

  /** Why this scenario runs in virtual time only; null when it runs on real processes, too. */
  public static String onlySimulated(Scenario scenario) {
    if (scenario.steps().stream().anyMatch(step -> step.text().matches("(at \\S+ )?clock .*"))) {
      return "it steps the clock of one host, and hosts on processes share this machine's";
    }
    return scenario.seed() == UNSEEDED && scenario.rates().equals(Rates.CALM)
        ? null
        : "its seed and rates describe a simulated world";
  }

  private static String golden(Path file, String golden) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    for (int up = 0; up < 3 && folder != null; up++, folder = folder.getParent()) {
      Path candidate = folder.resolve(golden).normalize();
      if (candidate.startsWith(folder) && Files.isRegularFile(candidate)) {
        return text(candidate);
      }
    }
    return null;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw Failure.config(file + " is larger than 1 MiB; that is no scenario");
      }
      return TextFiles.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
