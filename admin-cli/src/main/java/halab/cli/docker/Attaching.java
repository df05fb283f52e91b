package halab.cli.docker;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.runtime.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
      fetch(name, copy);
      Lab lab = Lab.read(copy);
      if (lab.oneMachine() || !lab.name().equals(name)) {
        throw Failure.config(
            "the volume of lab " + name + " holds lab " + lab.name() + " (" + lab.backend() + ")");
      }
      return new LiveLab(folder, lab, new Containers(lab, true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By a container that runs, else by one that is made for it and gone again. */
  private static void fetch(String name, Path copy) throws IOException {
    String pack = "tar -C /lab -c -f - lab.ini secret */etc";
    List<String> words = new ArrayList<>(List.of("ps", "--quiet"));
    String label = "label=" + Containers.LAB + "=" + name;
    words.addAll(List.of("--filter", label, "--filter", "status=running"));
    words.addAll(List.of("--filter", "label=" + Containers.HOST));
    List<String> running = Engine.must("looking for lab " + name, words).lines();
    if (!running.isEmpty()) {
      unpack(List.of("exec", running.get(0), "sh", "-c", pack), copy);
      return;
    }
    String volume =
        Engine.must(
                "looking for the volume of lab " + name,
                "volume",
                "ls",
                "--quiet",
                "--filter",
                label,
                "--filter",
                "label=" + Containers.VOLUME + "=lab")
            .lines()
            .stream()
            .findFirst()
            .orElseThrow(() -> Failure.no("lab " + name + " has containers, but no volume"));
    String image =
        Engine.must(
                "looking for the image of lab " + name,
                "ps",
                "--all",
                "--filter",
                label,
                "--format",
                "{{.Image}}")
            .lines()
            .get(0);
    unpack(
        List.of(
            "run",
            "--rm",
            "--network",
            "none",
            "-v",
            volume + ":/lab:ro",
            "--entrypoint",
            "sh",
            image,
            "-c",
            pack),
        copy);
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
