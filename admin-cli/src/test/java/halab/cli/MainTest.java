package halab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    return Main.run(new Out(stream(out), stream(err), false), words);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helpNamesEveryVerbAndEveryExitCode() {
    assertThat(run("--help")).isEqualTo(ExitCode.OK);
    assertThat(text(out))
        .contains(
            List.of(
                "demo",
                "init",
                "up",
                "status",
                "down",
                "destroy",
                "logs",
                "explain",
                "predict",
                "load",
                "dmcssm",
                "dmcss ",
                "dmmonitor",
                "kill",
                "stop",
                "pause",
                "resume",
                "start",
                "poweroff",
                "poweron",
                "cut",
                "heal",
                "disk",
                "hold",
                "step",
                "release",
                "scenario",
                "sim",
                "fsm",
                "64",
                "78"))
        .doesNotContain("warm-up");
  }

  @Test
  void answersNonsenseWithUsage() {
    assertThat(run("frobnicate")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("frobnicate").contains("--help");
    assertThat(run("fsm", "table", "db2")).isEqualTo(ExitCode.USAGE);
    assertThat(run("fsm", "table", "dsc", "nothing")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("dmcss");
    assertThat(run("init", "dsc", "--name", "../x")).isEqualTo(ExitCode.USAGE);
    assertThat(run("scenario", "run", "nowhere", "--sim", "--live")).isEqualTo(ExitCode.USAGE);
    assertThat(run("hold")).isEqualTo(ExitCode.USAGE);
    assertThat(run("hold", "n1/dmcss", "--lab", "nowhere")).isEqualTo(ExitCode.USAGE);
    assertThat(run("step", "n1/dmcss", "-n", "few")).isEqualTo(ExitCode.USAGE);
    assertThat(run("load", "--seconds", "1")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("there is no lab in");
    assertThat(run("load", "--url", "jdbc:db2://h/x")).isEqualTo(ExitCode.USAGE);
    assertThat(run("load", "--clients", "0", "--url", "jdbc:postgresql://h/x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("load", "--workload", "chess")).isEqualTo(ExitCode.USAGE);
    assertThat(run("load", "check", "nowhere.jsonl")).isEqualTo(ExitCode.USAGE);
    assertThat(run("demo", "db2")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("there is no demo of 'db2'; there are: dsc");
    assertThat(run("scenario", "list", "db2")).isEqualTo(ExitCode.USAGE);
  }

  /** One (1) is a verdict about a load; a file that is no history has none. */
  @Test
  void aFileThatIsNoHistoryHasNoVerdict(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("h.jsonl"), "{\"halab_history\": 1,\n");
    assertThat(run("load", "check", file.toString())).isEqualTo(ExitCode.CONFIG);
    assertThat(text(err)).contains("h.jsonl line").contains("is not of a history");
  }

  @Test
  void isPlainWhereThereIsNoTerminal() {
    run("--help");
    run("fsm", "table", "dsc", "dmcss");
    assertThat(text(out)).doesNotContain("\033[");
  }

  @Test
  void predictsWithoutALab() {
    assertThat(run("predict", "dsc", "crash", "--set", "GRP_DSC.DCR_GRP_DSKCHK_CNT=60"))
        .isEqualTo(ExitCode.OK);
    assertThat(text(out)).contains("DCR_GRP_DSKCHK_CNT of GRP_DSC = 60").contains("at most");
    assertThat(run("predict", "dsc", "--output", "json")).isEqualTo(ExitCode.OK);
    assertThat(text(out)).contains("\"flow\" : \"poweroff-control\"");
    assertThat(run("predict", "dsc", "flood")).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("there is no flow 'flood'; there are: crash, asm-crash");
    assertThat(run("predict", "db2")).isEqualTo(ExitCode.USAGE);
    assertThat(run("predict", "dsc", "--set", "DCR_GRP_DSKCHK_CNT=3")).isEqualTo(ExitCode.CONFIG);
    assertThat(text(err)).contains("DCR_GRP_DSKCHK_CNT");
  }

  @Test
  void helpNamesTheSystems() {
    for (List<String> words :
        List.of(
            List.of("init"),
            List.of("predict"),
            List.of("demo"),
            List.of("fsm", "table"),
            List.of("sim", "run"),
            List.of("scenario", "list"))) {
      out.reset();
      List<String> line = new ArrayList<>(words);
      line.add("--help");
      assertThat(run(line.toArray(new String[0]))).isEqualTo(ExitCode.OK);
      assertThat(text(out)).as(words.toString()).contains(": dsc").doesNotContain("CANDIDATES");
    }
  }

  @Test
  void printsTheTablesThatTheDaemonsRun() {
    assertThat(run("fsm", "table", "dsc", "dmcss")).isEqualTo(ExitCode.OK);
    assertThat(text(out)).contains("ELECTION").contains("why");
    assertThat(run("fsm", "mermaid", "dsc", "dmserver")).isEqualTo(ExitCode.OK);
    assertThat(text(out)).contains("stateDiagram");
  }
}
