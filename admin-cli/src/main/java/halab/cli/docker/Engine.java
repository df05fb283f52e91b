package halab.cli.docker;

import halab.cli.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The container engine by its own command line, so that whatever {@code docker} reaches on this
 * machine (a socket, a context, another host) is what HALab reaches.
 */
final class Engine {
  private static final long ANSWER_WITHIN_S = 60;

  /** An engine that is there at all says its version at once. */
  private static final long VERSION_WITHIN_S = 5;

  private Engine() {}

  /** How a call ended; {@code raw} is its output as it came. */
  record Result(int exitCode, String raw, String err) {
    /** Its output without blanks at its ends. */
    String out() {
      return raw.strip();
    }

    boolean worked() {
      return exitCode == 0;
    }

    /** Lines that are not empty. */
    List<String> lines() {
      return raw.lines().filter(line -> !line.isBlank()).toList();
    }
  }

  /** Runs {@code docker} with these words; a missing command is a {@link Failure}. */
  static Result ask(List<String> words) {
    return ask(words, "");
  }

  static Result ask(String... words) {
    return ask(List.of(words), "");
  }

  /** As {@link #ask(List)}, with text for its standard input. */
  static Result ask(List<String> words, String input) {
    return ask(words, input, ANSWER_WITHIN_S);
  }

  private static Result ask(List<String> words, String input, long withinS) {
    try {
      Process process = start(words);
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> err = read(process.getErrorStream());
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading; its exit code says why.
      }
      if (!process.waitFor(withinS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw Failure.no("docker " + words.get(0) + " does not end within " + withinS + " s");
      }
      return new Result(process.exitValue(), out.join(), err.join().strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }

  /** As {@link #ask(List)}; anything but success is a {@link Failure} with the engine's words. */
  static Result must(String what, List<String> words) {
    Result result = ask(words);
    if (!result.worked()) {
      throw failure(what, result);
    }
    return result;
  }

  /** What failed, in the engine's words; an engine that is gone is the machine's fault. */
  static Failure failure(String what, Result result) {
    String words = result.err().replace('\n', ' ');
    boolean gone = words.contains("Cannot connect to the Docker daemon");
    return gone
        ? Failure.config(what + " failed, the container engine is gone; start it: " + words)
        : Failure.no(what + " failed: " + words);
  }

  static Result must(String what, String... words) {
    return must(what, List.of(words));
  }

  /** As {@link #ask(List)}, with what another program writes for its standard input. */
  static Result fed(ProcessBuilder from, List<String> words) {
    try {
      Process source = from.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      Process process = start(words);
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> err = read(process.getErrorStream());
      CompletableFuture<String> fed = pump(source.getInputStream(), process.getOutputStream());
      if (!process.waitFor(ANSWER_WITHIN_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        source.destroyForcibly();
        throw Failure.no(
            "docker " + words.get(0) + " does not end within " + ANSWER_WITHIN_S + " s");
      }
      String broken = fed.join();
      source.destroy();
      boolean worked = process.exitValue() == 0 && broken.isEmpty();
      return new Result(worked ? 0 : 1, out.join(), (err.join() + broken).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }

  /** Copies everything; what went wrong, or an empty text. */
  private static CompletableFuture<String> pump(InputStream from, OutputStream to) {
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (from;
                  to) {
                from.transferTo(to);
                done.complete("");
              } catch (IOException e) {
                done.complete(" (" + e.getMessage() + ")");
              }
            },
            "feed");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  /** Starts {@code docker} with pipes to it. */
  static Process start(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add("docker");
    command.addAll(words);
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw Failure.config(
          "no docker command found; install a container engine, or take --backend process");
    }
  }

  /** Whether an engine answers; what is wrong otherwise, with the remedy. */
  static void require() {
    String problem;
    try {
      Result version = version();
      problem = version.worked() ? null : version.err().replace('\n', ' ');
    } catch (Failure e) {
      problem = e.getMessage();
    }
    if (problem != null) {
      throw Failure.config(
          "no container engine answers (" + problem + "); start it, or take --backend process");
    }
  }

  private static Result version() {
    return ask(List.of("version", "--format", "{{.Server.Version}}"), "", VERSION_WITHIN_S);
  }

  /** Whether there is an engine to ask at all; never a failure. */
  static boolean isThere() {
    try {
      return version().worked();
    } catch (Failure e) {
      return false;
    }
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException | UncheckedIOException e) {
                text.complete("(" + e.getMessage() + ")");
              }
            },
            "docker");
    thread.setDaemon(true);
    thread.start();
    return text;
  }
}
