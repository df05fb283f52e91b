package halab.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenarios on containers, one after the other: the processes and the engine's work of two labs
 * that boot at once are more than two cores. A run that HALab's own stalls could explain is
 * repeated once.
 */
@NeedsEngine
class DockerScenariosIT {
  private static final int INCONCLUSIVE = 2;

  @TempDir Path labs;
  private Halab halab;
  private Witness witness;

  @BeforeEach
  void open() {
    halab = Halab.withEngine(labs);
    witness = Witness.ofLabsIn(labs);
  }

  @AfterEach
  void leavesNothingBehind() {
    Set<String> left = witness.removeLeft();
    assertThat(left).isEmpty();
  }

  static Stream<String> scenarios() throws IOException, InterruptedException {
    return Halab.scenarios(System.getProperty("halab.docker.scenarios", "dsc/control-ep-crash"));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void endsWithPass(String scenario) throws IOException, InterruptedException {
    Halab.Result result = halab.run("scenario", "run", scenario, "--docker");
    if (result.exitCode() == INCONCLUSIVE) {
      result = halab.run("scenario", "run", scenario, "--docker");
    }
    assertThat(result.exitCode()).as(result.all()).isZero();
    assertThat(result.out()).contains("in containers", "VERDICT PASS");
  }
}
