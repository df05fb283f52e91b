package halab;

import static org.assertj.core.api.Assertions.assertThat;

import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import halab.sim.Schedule;
import halab.sim.Seeds;
import halab.sim.SimDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario file of the project, in virtual time, with several seeds. */
class ScenarioFilesTest {
  private static final Path FOLDER = Path.of("..", "scenarios");

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(f -> f.toString().endsWith(".scn")).sorted().toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void passesInVirtualTime(Path file) {
    Scenario scenario =
        Scenario.parse(file.toString(), text(file), name -> text(file.resolveSibling(name)));
    for (long seed = scenario.seed(); seed < scenario.seed() + 5; seed++) {
      SimDriver lab = SimDriver.of(scenario, seed);
      assertThat(new ScenarioRunner(scenario, lab, ScenarioRunner.Narrator.SILENT).run().toString())
          .as("seed %d", seed)
          .startsWith("PASS");
    }
  }

  static List<Path> regressions() throws IOException {
    return files().stream().filter(f -> f.getParent().endsWith("regressions")).toList();
  }

  /** What seeds have found stays found: with the promises and the final checks of a seeded run. */
  @ParameterizedTest
  @MethodSource("regressions")
  void passesAsTheSeededRunThatItWas(Path file) {
    Scenario scenario = Scenario.parse(file.toString(), text(file), name -> null);
    Seeds.Outcome outcome = new Seeds(scenario.subject()).run(Schedule.of(scenario));
    assertThat(outcome.verdict().toString()).startsWith("PASS");
  }
}
