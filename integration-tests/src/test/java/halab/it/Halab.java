package halab.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The halab command as its users call it: the launcher, as a process of its own, in a folder of
 * labs that belongs to one test. Whatever a test leaves running is killed and reported.
 */
final class Halab {
  static final Path ROOT =
      Path.of(System.getProperty("halab.root", "..")).toAbsolutePath().normalize();
  private static final long MINUTES_MAX = 8;

  /** Where no engine answers. */
  private static final String NO_ENGINE = "unix:///var/run/halab-no-engine.sock";

  private final Path labs;
  private final boolean engine;

  private Halab(Path labs, boolean engine) {
    this.labs = labs;
    this.engine = engine;
  }

  /**
   * On a machine without a container engine, even if this one has it: what else runs on it makes no
   * difference.
   */
  static Halab onProcesses(Path labs) {
    return new Halab(labs, false);
  }

  static Halab withEngine(Path labs) {
    return new Halab(labs, true);
  }

  /** How a call ended. */
  record Result(int exitCode, String out, String err) {
    String all() {
      return out + err;
    }
  }

  /** Folder of a lab. */
  Path lab(String name) {
    return labs.resolve(name);
  }

  /** The image that hosts in containers are made from. */
  static String image() {
    String set = System.getenv("HALAB_IMAGE");
    return set == null || set.isEmpty() ? "halab:latest" : set;
  }

  /** Names with commas between, or all that run live. */
  static Stream<String> scenarios(String wanted) throws IOException, InterruptedException {
    if (!wanted.equals("all")) {
      return Stream.of(wanted.split(","));
    }
    Result list =
        onProcesses(Path.of(System.getProperty("java.io.tmpdir"))).run("scenario", "list");
    return list.out()
        .lines()
        .map(line -> line.split("\\s+"))
        .filter(words -> words.length > 3 && words[3].equals("live"))
        .map(words -> words[0]);
  }

  /** Runs a verb on a lab. */
  Result on(String lab, String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--lab", lab));
    return run(all.toArray(String[]::new));
  }

  /** Starts a command and leaves it to itself; what it says is lost. */
  Process start(String... words) throws IOException {
    ProcessBuilder builder = builder(words);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  /** A console that takes its words from a pipe. */
  PipedConsole console(String... words) throws IOException {
    return new PipedConsole(builder(words));
  }

  private ProcessBuilder builder(String... words) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("halab").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(labs.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("HALAB_BUILD", "never");
    environment.put("HALAB_LABS", labs.toString());
    if (!engine) {
      environment.put("DOCKER_HOST", NO_ENGINE);
    }
    // Throw-away labs lie there, too, where what they leave is found.
    environment.put("TMPDIR", labs.toString());
    return builder;
  }

  Result run(String... words) throws IOException, InterruptedException {
    Process process = builder(words).start();
    process.getOutputStream().close();
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(List.of(words) + " did not end within " + MINUTES_MAX + " minutes");
    }
    return new Result(process.exitValue(), out.join(), err.join());
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return "(" + e + ")";
          }
        });
  }

  /** Command lines of all processes that belong to labs of this test. */
  List<String> leftOver() {
    return ours().map(Halab::commandLine).toList();
  }

  /** Kills what is left, by pid. */
  void killLeftOver() {
    ours().forEach(ProcessHandle::destroyForcibly);
  }

  private Stream<ProcessHandle> ours() {
    return ProcessHandle.allProcesses().filter(p -> commandLine(p).contains("--lab " + labs));
  }

  /** In full: {@link ProcessHandle.Info} cuts long ones. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", process.pid() + "", "cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }
}
