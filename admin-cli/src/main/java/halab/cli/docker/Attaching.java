package halab.cli.docker;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.runtime.lab.Lab;
import halab.systems.dm.SvcConf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A lab that somebody else started in containers. What halab has to know of it, its description,
 * secret and vendor files, is read out of its volume for the time of one command.
 */
public final class Attaching {
  private Attaching() {}

  /**
   * Opens the lab of this name.
   *
   * @param folder where commands write about it: the journal of faults
   */
  public static LiveLab open(String name, Path folder) {
    try {
      Path copy = Files.createTempDirectory("halab-attach-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(copy)));
      String born = born(name);
      fetch(name, born, copy);
      Lab lab = Lab.read(copy);
      if (lab.oneMachine() || !lab.name().equals(name)) {
        throw Failure.config(
            "the volume of lab " + name + " holds lab " + lab.name() + " (" + lab.backend() + ")");
      }
      return new LiveLab(folder, lab, new Containers(lab, born));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which lab of this name; there has to be one. */
  private static String born(String name) {
    List<String> words = new ArrayList<>(List.of("ps", "--all", "--format"));
    String folder = "{{.Label \"" + Containers.FOLDER + "\"}}";
    words.add("{{.Label \"" + Containers.BORN + "\"}}/" + folder);
    words.addAll(List.of("--filter", "label=" + Containers.LAB + "=" + name));
    words.addAll(List.of("--filter", "label=" + Containers.HOST));
    SortedMap<String, String> labs = new TreeMap<>();
    for (String line : Engine.must("looking for lab " + name, words).lines()) {
      String[] parts = line.split("/", 2);
      labs.put(parts[0], parts[1].isEmpty() ? "Compose" : parts[1]);
    }
    if (labs.size() > 1) {
      throw Failure.usage(
          "there are "
              + labs.size()
              + " labs named "
              + name
              + " in containers, of "
              + String.join(" and ", labs.values())
              + "; go to the folder of the one that is meant, or take one of them down");
    }
    return labs.firstKey();
  }

  /** By a container that runs, else by one that is made for it and gone again. */
  private static void fetch(String name, String born, Path copy) throws IOException {
    String pack = "cd /lab; tar -c -f - lab.ini secret */etc $(ls " + SvcConf.FILE + ")";
    List<String> hosts = List.of("ps", "--all", "--filter", "label=" + Containers.HOST);
    List<String> images = Containers.ours(name, born, hosts, "{{.Image}}");
    List<String> running =
        Containers.ours(name, born, List.of("ps", "--filter", "status=running"), "{{.ID}}");
    if (!running.isEmpty()) {
      unpack(List.of("exec", running.get(0), "sh", "-c", pack), copy);
      return;
    }
    List<String> list = List.of("volume", "ls", "--filter", "label=" + Containers.VOLUME + "=lab");
    String volume =
        Containers.ours(name, born, list, "{{.Name}}").stream()
            .findFirst()
            .orElseThrow(() -> Failure.no("lab " + name + " has containers, but no volume"));
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--network", "none"));
    words.addAll(List.of("-v", volume + ":/lab:ro", "--entrypoint", "sh"));
    words.addAll(List.of(images.get(0), "-c", pack));
    unpack(words, copy);
  }

  private static void unpack(List<String> pack, Path copy) throws IOException {
    Process packing = Engine.start(pack);
    packing.getOutputStream().close();
    Process unpacking =
        new ProcessBuilder("tar", "-C", copy.toString(), "-x", "-f", "-")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var to = unpacking.getOutputStream()) {
      packing.getInputStream().transferTo(to);
    }
    try {
      if (packing.waitFor() != 0 || unpacking.waitFor() != 0) {
        String why = new String(packing.getErrorStream().readAllBytes()).strip();
        throw Failure.no("the lab's files cannot be read out of its volume: " + why);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }

  private static void delete(Path copy) {
    try (var files = Files.walk(copy)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // It is in the folder for temporary files, readable by its owner alone.
      return;
    }
  }
}
