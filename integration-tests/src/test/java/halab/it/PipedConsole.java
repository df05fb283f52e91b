package halab.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A console whose words come from a pipe that stays open, as a script holds it. */
final class PipedConsole implements AutoCloseable {
  private static final String END = "(end of output)";

  private final Process process;
  private final Writer words;
  private final BlockingQueue<String> arriving = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  PipedConsole(ProcessBuilder builder) throws IOException {
    process = builder.redirectErrorStream(true).start();
    words = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "console " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(arriving::add);
    } catch (IOException e) {
      arriving.add("(" + e + ")");
    }
    arriving.add(END);
  }

  void say(String line) throws IOException {
    words.write(line + "\n");
    words.flush();
  }

  /**
   * Waits for a line that holds all these.
   *
   * @return it
   */
  String await(long seconds, String... parts) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (String line = next(deadline); line != null && !line.equals(END); line = next(deadline)) {
      seen.add(line);
      if (List.of(parts).stream().allMatch(line::contains)) {
        return line;
      }
    }
    throw new AssertionError(
        "no line with " + List.of(parts) + " within " + seconds + " s, but\n" + seen());
  }

  private String next(long deadline) throws InterruptedException {
    return arriving.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  String seen() {
    return String.join("\n", seen);
  }

  /** Says exit and waits for the end; its exit code. */
  int leave() throws IOException, InterruptedException {
    say("exit");
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("exit did not end the console; it said\n" + seen());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
