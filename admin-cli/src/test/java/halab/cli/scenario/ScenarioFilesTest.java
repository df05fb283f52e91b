package halab.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioFilesTest {
  @Test
  void everyScenarioThatComesWithHalabCanBeReadAndNamesItsSource() throws IOException {
    List<Path> files = ScenarioFiles.below(Path.of("..", "scenarios"));
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(ScenarioFiles.read(file).source()).as(file.toString()).isNotBlank();
    }
  }
}
