package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenTextTest {
  private static GoldenText.Match find(String golden, String... log) {
    return GoldenText.parse(golden).find(List.of(log));
  }

  @Test
  void findsItsLinesAnywhereInTheLog() {
    assertThat(find("b\nc", "a", "b", "c", "d").first()).isEqualTo(1);
  }

  @Test
  void wantsTheLinesWithNothingBetweenThem() {
    GoldenText.Match match = find("b\nc", "a", "b", "x", "c");
    assertThat(match.found()).isFalse();
    assertThat(match.why()).isEqualTo("line 2 of 2 wants 'c' and sees 'x'");
  }

  @Test
  void aNumberIsBoundOnFirstUseAndCountedFrom() {
    String golden = "cmd_seq = {s}\ncmd_seq = {s+3}";
    assertThat(find(golden, "cmd_seq = 49", "cmd_seq = 52").bound()).containsEntry("s", "49");
    assertThat(find(golden, "cmd_seq = 49", "cmd_seq = 53").found()).isFalse();
    assertThat(find("{s+1} {s}", "50 49").found()).isTrue();
  }

  @Test
  void aFailedAttemptBindsNothing() {
    assertThat(find("n {n}\nend {n}", "n 1", "n 2", "end 2").first()).isEqualTo(1);
  }

  @Test
  void namesInCapitalsAreWordsThatStayTheSame() {
    String golden = "EP {X}[{n}] break\nEP {X}[{n}] as break EP";
    assertThat(find(golden, "EP DSC0[0] break", "EP DSC0[0] as break EP").bound())
        .containsEntry("X", "DSC0")
        .containsEntry("n", "0");
    assertThat(find(golden, "EP DSC0[0] break", "EP DSC1[0] as break EP").found()).isFalse();
  }

  @Test
  void timesDifferFromLineToLine() {
    String golden = "{time} [INFO] a\n{time} [INFO] b";
    assertThat(
            find(golden, "2021-05-01 23:50:16.096 [INFO] a", "2021-05-01 23:50:16.105 [INFO] b")
                .found())
        .isTrue();
    assertThat(find("{time} a", "yesterday a").found()).isFalse();
  }

  @Test
  void commentsAndEmptyLinesAreNotPartOfTheText() {
    assertThat(GoldenText.parse("# from seed 001\n\na\n").size()).isEqualTo(1);
  }

  @Test
  void bracesAndPatternCharactersStandForThemselves() {
    assertThat(find("{{x} (a.b) [c] {any}!", "{x} (a.b) [c] whatever!").found()).isTrue();
    assertThat(find("a.b", "axb").found()).isFalse();
  }

  @Test
  void anEmptyLogIsSaidToBeEmpty() {
    assertThat(find("a").why()).isEqualTo("the log has no lines");
  }
}
