package halab.runtime;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folder that this program runs from: {@code lib} with the jars and what lies beside it. */
public final class Distribution {
  private Distribution() {}

  /** A file beside the {@code lib} folder that this class was loaded from; null: there is none. */
  public static Path file(String name) {
    try {
      Path jar =
          Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path lib = jar.toRealPath().getParent();
      Path file = lib.resolveSibling(name);
      return lib.endsWith("lib") && Files.isRegularFile(file) ? file : null;
    } catch (URISyntaxException | IOException | SecurityException e) {
      return null;
    }
  }

  /** A system program: our own copy, which has the capability for it, else the machine's. */
  public static ProcessBuilder program(String name, String... words) {
    Path own = file("libexec/" + name);
    List<String> command = new ArrayList<>();
    command.add(own == null ? name : own.toString());
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }
}
