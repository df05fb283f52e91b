package halab.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import halab.cli.Out;
import halab.systems.Flow;
import halab.systems.Term;
import halab.systems.Waterfall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainTextTest {
  private static final Out OUT =
      new Out(
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
          false);

  private static final Waterfall CRASH =
      new Waterfall(
          "loss of DSC0[0]",
          "kill n1/dmserver",
          100_000,
          List.of(
              row(99_980, -20, "DB heartbeat", 0, "", "beats once a second"),
              row(104_980, 5_000, "DB silence", 5_025, "COUNT = 5", "looks"),
              row(104_980, 0, "DB CRASH_STEP0", 0, "", "falls through"),
              row(107_990, 3_010, "DB CRASH_STEP1", 1_005, "", "Kill is durable")),
          true);

  private static Waterfall.Row row(
      long endMs, long tookMs, String step, long expectedMs, String parameter, String why) {
    Term term = new Term(step, -1_000, expectedMs, 6_000, parameter, why);
    boolean command = step.endsWith("STEP1");
    return new Waterfall.Row(
        endMs,
        tookMs,
        term,
        command ? "(PROCESS, STEP1)" : "",
        command ? List.of("EP_CRASH_STEP1 -> DSC1 (49)") : List.of());
  }

  @Test
  void theWaterfallHasEveryPartThatTookTime() {
    List<String> lines = ExplainText.waterfall(OUT, CRASH, null);
    assertThat(lines.get(0)).isEqualTo("loss of DSC0[0]");
    assertThat(lines.get(1)).startsWith("  cause      kill n1/dmserver, ");
    assertThat(lines.get(2)).startsWith("  measured   8.0 s, over at ");
    assertThat(lines.get(3)).isEqualTo("  predicted  6.0 s (0.0 to 24.0 s)");
    assertThat(lines.subList(5, 9))
        .containsExactly(
            "  at      took   expected  ticks  part                 why",
            "  +0.0 s  0.0 s  0.0 s     0      DB heartbeat         beats once a second",
            "  +5.0 s  5.0 s  5.0 s     5      DB silence           COUNT = 5",
            "  +8.0 s  3.0 s  1.0 s     3      DB (PROCESS, STEP1)  EP_CRASH_STEP1 -> DSC1 (49)");
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(
            "  difference +2.0 s: +2.0 s DB (PROCESS, STEP1) (Kill is durable), +0.0 s in all other"
                + " parts");
  }

  @Test
  void aFlowThatNeverEndsHasNoTime() throws IOException {
    Term term = new Term("DB silence", 5_000, 5_025, 5_300, "COUNT = 5", "looks");
    Flow flow = new Flow("restart", "until it is back", List.of(term), "INTERVAL = 0");
    assertThat(ExplainText.summary(List.of(flow)).get(1))
        .isEqualTo("restart  never     INTERVAL = 0  until it is back");
    assertThat(ExplainText.flow(OUT, flow).get(0))
        .isEqualTo("restart  never: INTERVAL = 0; until it is back");
    String json = ExplainJson.flows("dsc", List.of(flow));
    assertThat(json).contains("\"never\" : \"INTERVAL = 0\"");
    assertThat(json.substring(0, json.indexOf("parts"))).doesNotContain("expected_ms");
  }

  @Test
  void clientsAreToldOfWhenTheLoadRanThen() {
    List<String> lines = ExplainText.waterfall(OUT, CRASH, new Clients.Gap(99_900, 108_400));
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo("  clients    first acknowledged write again +8.4 s, 8.5 s after the last one");
  }
}
