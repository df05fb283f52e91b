package halab.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
  @Test
  void severalTargetsAreRefusedInSoManyWords() {
    assertThatThrownBy(() -> FaultCommands.target(null, List.of("n1/dmserver", "n1/dmcss")))
        .hasMessage(
            "one target at a time, and only a selector (@control CSS) is several words:"
                + " 'n1/dmserver n1/dmcss'")
        .extracting(e -> ((Failure) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
