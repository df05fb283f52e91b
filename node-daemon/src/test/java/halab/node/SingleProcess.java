package halab.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A single instance in a process of its own, on a free port. */
final class SingleProcess implements AutoCloseable {
  private static final long START_MOST_S = 120;
  private static final Pattern SAID =
      Pattern.compile("recovered to LSN ([0-9]+), ([0-9]+) packages.*\\n.* SQL on .*:([0-9]+)\\n");

  final Process process;
  private final Path output;

  SingleProcess(Path folder) throws IOException {
    output = Files.createTempFile(folder.toAbsolutePath().getParent(), "single", ".out");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SingleInstance.class.getName(),
                "--folder",
                folder.toString(),
                "--port",
                "0",
                "--checkpoint-s",
                "1")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  /** What it says when it serves. */
  private Matcher said() throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_MOST_S);
    while (System.nanoTime() < deadlineNs) {
      Matcher said = SAID.matcher(output());
      if (said.find()) {
        return said;
      }
      assertThat(process.isAlive() || SAID.matcher(output()).find()).as(output()).isTrue();
      Thread.sleep(20);
    }
    throw new AssertionError("it does not serve: " + output());
  }

  /** Waits until it serves. */
  int port() throws IOException, InterruptedException {
    return Integer.parseInt(said().group(3));
  }

  /** Up to where it recovered. */
  long lsn() throws IOException, InterruptedException {
    return Long.parseLong(said().group(1));
  }

  /** How many packages its engine had lacked. */
  long replayed() throws IOException, InterruptedException {
    return Long.parseLong(said().group(2));
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits for its end; its exit code. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(START_MOST_S, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** SIGTERM, and all that is left is in order. */
  List<String> stop() throws IOException, InterruptedException {
    process.destroy();
    exitCode();
    return output().lines().toList();
  }

  /** SIGKILL. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(START_MOST_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.delete(output);
  }
}
