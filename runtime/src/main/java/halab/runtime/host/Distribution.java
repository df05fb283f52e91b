package halab.runtime.host;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that this program runs from: {@code lib} with the jars and what lies beside it. */
final class Distribution {
  private Distribution() {}

  /** A file beside the {@code lib} folder that this class was loaded from; null: there is none. */
  static Path file(String name) {
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
}
