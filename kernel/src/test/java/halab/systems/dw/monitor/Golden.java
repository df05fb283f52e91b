package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that must stay as they are, under src/test/resources/golden. */
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  /** Compares with the golden file of DSC. */
  static void matches(String name, String actual) {
    matches("dsc", name, actual);
  }

  /** Compares with a system's golden file; {@code -Dhalab.rewrite=true} writes it instead. */
  static void matches(String system, String name, String actual) {
    Path file = FOLDER.resolve(system).resolve(name);
    try {
      if (Boolean.getBoolean("halab.rewrite")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual).as(name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
