package halab.node.redo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that appends, again and again, and looks for every package that was acknowledged.
 * {@code integration-tests/redo-kills} runs more rounds.
 */
class RedoKillsTest {
  private static final int ROUNDS = Integer.getInteger("halab.redo.kills", 5);
  private static final RedoShape SHAPE = new RedoShape(1 << 18, 4);
  private final Random random = new Random();
  private final TreeSet<Long> acknowledged = new TreeSet<>();
  private long releasedLsn;
  private long lastLsn;
  private long found;
  @TempDir Path dir;

  @Test
  void everyAcknowledgedPackageIsThereOnceAndInOrder() throws Exception {
    Path file = dir.resolve("redo.log");
    FileRedoDevice.create(file, SHAPE.bytes());
    try (FileRedoDevice device = FileRedoDevice.open(file)) {
      RedoFormat.write(device, RedoLoad.OWNER, SHAPE, 0, false);
    }
    long total = 0;
    int cuts = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      killed(file);
      total += acknowledged.size();
      cuts += check(file) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "%d kills: %d packages acknowledged, %d found in the logs left, %d torn ends cut%n",
        ROUNDS,
        total,
        found,
        cuts);
  }

  /** One life: killed at any moment of its first half second of appending. */
  private void killed(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path errors = dir.resolve("errors");
    Process process =
        new ProcessBuilder(
                java,
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RedoLoad.class.getName(),
                file.toString())
            .redirectError(errors.toFile())
            .start();
    acknowledged.clear();
    long killNs = Long.MAX_VALUE;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = whole(lines); line != null; line = whole(lines)) {
        note(line);
        if (killNs == Long.MAX_VALUE) {
          killNs = System.nanoTime() + random.nextInt(500) * 1_000_000L;
        } else if (System.nanoTime() >= killNs) {
          process.toHandle().destroyForcibly(); // What it said before is still read.
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(errors)).isEmpty();
    assertThat(acknowledged).isNotEmpty();
  }

  /** A line with its end; one that the kill has cut short was not said. */
  private static String whole(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return line.toString();
      }
      line.append((char) c);
    }
    return null;
  }

  private void note(String line) {
    long lsn = Long.parseLong(line.substring(2));
    if (line.startsWith("a ")) {
      acknowledged.add(lsn);
    } else {
      releasedLsn = lsn;
    }
  }

  /** Whether the end was torn. */
  private boolean check(Path file) throws IOException {
    try (FileRedoDevice device = FileRedoDevice.open(file)) {
      RedoReader reader = RedoReader.open(device, RedoLoad.OWNER);
      assertThat(reader.startLsn()).isLessThanOrEqualTo(releasedLsn);
      List<RedoPackage> all = Logs.all(reader);
      long expected = reader.startLsn();
      for (RedoPackage redo : all) {
        expected++;
        assertThat(redo.lastLsn()).isEqualTo(expected);
        assertThat(redo.payload()).isEqualTo(RedoLoad.redo(expected).payload());
      }
      assertThat(reader.lastLsn()).isEqualTo(expected);
      assertThat(expected).isGreaterThanOrEqualTo(Math.max(lastLsn, acknowledged.last()));
      lastLsn = expected;
      found += all.size();
      return reader.cut() != null;
    }
  }
}
