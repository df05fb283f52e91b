package halab.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Level;
import halab.systems.VendorLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log under the limits of a vendor whose file names are the second they begin in. */
class VendorFilesTest {
  private static final LocalDateTime NOON = LocalDateTime.of(2025, 1, 1, 12, 0, 0);
  private static final VendorLog BY_SECOND =
      new VendorLog() {
        @Override
        public String file(String instance, LocalDateTime at) {
          return "log_" + (instance.isEmpty() ? String.valueOf(at.getSecond()) : instance);
        }

        @Override
        public String line(LocalDateTime at, Level level, long pid, String text) {
          return text;
        }

        @Override
        public boolean owns(String fileName) {
          return fileName.startsWith("log_");
        }
      };

  @TempDir Path dir;

  private VendorFiles log(long fileBytes, long spaceBytes) {
    return new VendorFiles(dir, BY_SECOND, new VendorLog.Limits(fileBytes, spaceBytes));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFullFileIsFollowedByANewOne() throws IOException {
    VendorFiles log = log(9, 0);
    log.append("0", NOON, "0123456789");
    log.append("0", NOON, "same second");
    log.append("0", NOON.plusSeconds(1), "next");
    log.append("0", NOON.plusSeconds(2), "fits");
    log.append("0", NOON.plusSeconds(3), "third");
    log.flush();
    assertThat(files()).containsExactly("log_0", "log_1", "log_3");
    assertThat(Files.readAllLines(dir.resolve("log_1"))).containsExactly("next", "fits");
  }

  @Test
  void theOldestGoWhenAllTogetherTakeTooMuch() throws IOException {
    Files.writeString(dir.resolve("log_00"), "x".repeat(20));
    Files.writeString(dir.resolve("other"), "x".repeat(90));
    VendorFiles log = log(10, 30);
    log.append("0", NOON, "0123456789");
    log.flush();
    assertThat(files()).containsExactly("log_0", "other");
    log.append("0", NOON.plusSeconds(1), "0123456789");
    log.append("0", NOON.plusSeconds(2), "0123456789");
    log.flush();
    assertThat(files()).containsExactly("log_1", "log_2", "other");
  }

  @Test
  void aSizeIsInBytes() throws IOException {
    VendorFiles log = log(9, 0);
    log.append("0", NOON, "三个字");
    log.append("0", NOON.plusSeconds(1), "x");
    log.flush();
    assertThat(files()).containsExactly("log_0", "log_1");
  }

  @Test
  void withoutLimitsThereIsOneFile() throws IOException {
    VendorFiles log = log(0, 0);
    log.append("a", NOON, "x".repeat(1000));
    log.append("a", NOON.plusSeconds(1), "y");
    log.flush();
    assertThat(files()).containsExactly("log_a");
    log.append("b", NOON.plusSeconds(1), "y");
    log.flush();
    assertThat(files()).containsExactly("log_a", "log_b");
  }
}
