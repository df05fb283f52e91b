package halab.cli;

import halab.cli.docker.Attaching;
import halab.cli.docker.Containers;
import halab.cli.lab.LiveLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/**
 * Which lab a command means: the option {@code --lab}, or that of the lab shell, or the only one
 * that is up, or the only one there is. Labs are those of the folder of labs, or if it has none
 * those that Compose started; one in containers that another folder looks after is meant only when
 * it is named.
 */
final class Labs {
  /** Environment variable that names the lab of a lab shell. */
  static final String NAMED = "HALAB_LAB";

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,31}";

  @Option(
      names = "--lab",
      paramLabel = "LAB",
      description = "Which lab; may be left out while only one is up.")
  private String lab;

  /** The folder that holds the labs. */
  static Path root() {
    String set = System.getenv("HALAB_LABS");
    return Path.of(set == null || set.isEmpty() ? "labs" : set).toAbsolutePath().normalize();
  }

  /** Folder of a lab that may not exist yet. */
  static Path folder(String name) {
    if (!name.matches(NAME)) {
      throw Failure.usage(
          "'" + name + "' is no name for a lab; use up to 32 letters, digits, - and _");
    }
    return root().resolve(name);
  }

  /** Names of all labs, sorted. */
  static List<String> all() throws IOException {
    if (!Files.isDirectory(root())) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(root())) {
      return folders
          .filter(f -> Files.isRegularFile(f.resolve("lab.ini")))
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** Opens the lab that is meant; the caller closes it. */
  LiveLab open() throws IOException {
    String shell = System.getenv(NAMED);
    return open(lab != null ? lab : shell == null || shell.isEmpty() ? theOne() : shell);
  }

  /** A lab of the folder, or one that somebody else started in containers. */
  private static LiveLab open(String name) throws IOException {
    if (Files.isRegularFile(folder(name).resolve("lab.ini"))) {
      return LiveLab.open(folder(name));
    }
    if (Containers.labs().contains(name)) {
      return Attaching.open(name, folder(name));
    }
    throw Failure.usage(
        "there is no lab '"
            + name
            + "' in "
            + root()
            + (Containers.engineAnswers() ? ", and none in containers; " : "; ")
            + those(all()));
  }

  private static String theOne() throws IOException {
    List<String> own = all();
    List<String> all = own.isEmpty() ? Containers.labsOfNoFolder() : own;
    if (all.isEmpty()) {
      throw Failure.usage(
          "there is no lab in " + root() + "; make one: halab init dsc --name t --fast");
    }
    if (all.size() == 1) {
      return all.get(0);
    }
    List<String> up = new ArrayList<>();
    for (String name : all) {
      try (LiveLab lab = open(name)) {
        if (lab.isUp()) {
          up.add(name);
        }
      }
    }
    List<String> candidates = up.isEmpty() ? all : up;
    if (candidates.size() > 1) {
      throw Failure.usage(
          (up.isEmpty() ? "no lab is up and there are several" : "several labs are up")
              + ": say which with --lab; "
              + those(candidates));
    }
    return candidates.get(0);
  }

  private static String those(List<String> names) {
    return names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names);
  }
}
