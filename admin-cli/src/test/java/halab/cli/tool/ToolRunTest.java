package halab.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import halab.cli.lab.Creator;
import halab.cli.lab.LiveLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** dmasmcmd on the files of a lab that is down. */
class ToolRunTest {
  private static final String CHECK = "check dcrdisk '/dev/raw/dcr'";

  @TempDir Path labs;
  private final List<String> answer = new ArrayList<>();
  private LiveLab lab;
  private ToolRun run;

  @BeforeEach
  void open() throws IOException {
    Path dir = labs.resolve("t");
    lab =
        Creator.create(
            dir,
            new Creator.Wish("dsc", 2, true, 1, Map.of("ASM_PASSWORD", "x"), null, null),
            told -> {});
    run = new ToolRun(lab, "dmasmcmd", "n1");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private int types(String line) {
    answer.clear();
    return run.line(line, answer::add);
  }

  private Path file(String disk) {
    return lab.model().diskFile(lab.model().disk(disk));
  }

  private String log() throws IOException {
    try (Stream<Path> files = Files.list(lab.model().log("n1"))) {
      Path log =
          files
              .filter(f -> f.getFileName().toString().matches("dm_dmasmcmd_\\d{6}\\.log"))
              .findFirst()
              .orElseThrow();
      return Files.readString(log);
    }
  }

  @Test
  void aFreshLabIsInOrderAndTheLogSaysWhatWasAsked() throws IOException {
    assertThat(types(CHECK)).as(answer.toString()).isZero();
    assertThat(types("check dcrdisk '/dev/raw/vote'")).isEqualTo(1);
    assertThat(log())
        .containsPattern("\\[INFO\\] dmasmcmd P\\d{10} T\\d{19}  " + CHECK)
        .contains("[ERROR] dmasmcmd");
  }

  @Test
  void aLostVotingDiskIsMadeAnew() throws IOException {
    long bytes = Files.size(file("vote"));
    Files.delete(file("vote"));
    assertThat(types(CHECK)).isEqualTo(1);
    assertThat(answer.get(0)).contains("disk vote", "vote.disk");
    assertThat(types("create emptyfile '/dev/raw/vote' size 32")).isZero();
    assertThat(Files.size(file("vote"))).isEqualTo(bytes);
    assertThat(types("create emptyfile '/dev/raw/vote' size 32")).as("it is there").isEqualTo(1);
    assertThat(types("create votedisk '/dev/raw/vote' 'vote'")).isZero();
    assertThat(types("init votedisk '/dev/raw/vote' from 'dmdcr_cfg.ini'")).isZero();
    assertThat(types(CHECK)).as(answer.toString()).isZero();
  }

  @Test
  void configurationsGoToFilesAndComeFromThem() throws IOException {
    Path out = labs.resolve("out.ini");
    assertThat(types("export dcrdisk '/dev/raw/dcr' to '" + out + "'")).isZero();
    assertThat(Files.readString(out)).contains("DCR_GRP_ERR_EP_ARR = {}");
    assertThat(types("export dcrdisk '/dev/raw/dcr' to 'own.ini'")).isZero();
    assertThat(lab.model().etc("n1").resolve("own.ini")).hasSameTextualContentAs(out);
    assertThat(types("import dcrdisk '/dev/raw/dcr' from '" + out + "'")).isZero();
    assertThat(types("import dcrdisk '/dev/raw/dcr' from '" + out + "'")).isEqualTo(1);
    assertThat(types("export dcrdisk '/dev/raw/dcr' to '/nowhere/x'")).isEqualTo(1);
    assertThat(answer.get(0)).endsWith("cannot write /nowhere/x: there is no folder /nowhere");
  }

  @Test
  void aDiskThatWasCutShortIsNotWrittenBeyondItsEnd() throws IOException {
    try (java.io.RandomAccessFile dcr = new java.io.RandomAccessFile(file("dcr").toFile(), "rw")) {
      dcr.setLength(512 * 10);
    }
    assertThat(types(CHECK)).isEqualTo(1);
    assertThat(answer.get(0)).contains("disk dcr is truncated at block 10");
    assertThat(types("create dcrdisk '/dev/raw/dcr' 'dcr'")).isEqualTo(1);
    assertThat(Files.size(file("dcr"))).isEqualTo(512 * 10);
  }

  @Test
  void aHostThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new ToolRun(lab, "dmasmcmd", "n9"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("n9")
        .hasMessageContaining("n1");
  }
}
