package halab.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import halab.cli.Out;
import halab.sim.Scenario;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StoryTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private Story story(String typed) {
    PrintStream stream = new PrintStream(shown, true, StandardCharsets.UTF_8);
    Out out = new Out(stream, stream, false);
    return new Story(out, typed == null ? null : new BufferedReader(new StringReader(typed)));
  }

  private static Scenario.Step line(int line) {
    String head = "# T.\nsource S\nsystem dsc\nhosts 2\n";
    String text = head + "\n".repeat(line - 5) + "kill n1/dmserver\nexpect all OPEN\n";
    return Scenario.parse("t.scn", text, file -> null).steps().get(0);
  }

  @Test
  void aLineOfAPacedStoryWaitsForAWordAndIsShownBefore() {
    Story story = story("\nanything\nq\n");
    story.begins(line(7), 1500);
    story.begins(line(8), 2500);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("1.5 s  kill n1/dmserver", "2.5 s  kill n1/dmserver")
        .doesNotContain("3.5 s");
    assertThatThrownBy(() -> story.begins(line(9), 3500))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("ended before line 9: kill n1/dmserver");
  }

  @Test
  void theEndOfTheInputEndsIt() {
    assertThatThrownBy(() -> story("").begins(line(7), 0)).hasMessageContaining("before line 7");
  }

  @Test
  void anUnpacedStoryWaitsForNobody() {
    story(null).begins(line(7), 0);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("kill n1/dmserver")
        .doesNotContain("Enter");
  }
}
