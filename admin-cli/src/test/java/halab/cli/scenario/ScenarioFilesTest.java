package halab.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioFilesTest {
  @Test
  void everyScenarioThatComesWithHalabCanBeReadAndNamesItsSource() throws IOException {
    List<Path> files = ScenarioFiles.below(Path.of("..", "scenarios"));
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(ScenarioFiles.read(file).source()).as(file.toString()).isNotBlank();
    }
  }

  @Test
  void bytesThatAreNoTextAreRefusedAsAScenario(@TempDir Path dir) throws IOException {
    Path file = Files.write(dir.resolve("x.scn"), new byte[] {(byte) 0xd6, (byte) 0xd0, 10, 1});
    assertThatThrownBy(() -> ScenarioFiles.read(file)).isInstanceOf(ConfigException.class);
  }
}
