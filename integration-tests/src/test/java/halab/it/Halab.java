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
  private static final Path ROOT =
      Path.of(System.getProperty("halab.root", "..")).toAbsolutePath().normalize();
  private static final long MINUTES_MAX = 8;

  private final Path labs;

  Halab(Path labs) {
    this.labs = labs;
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

  Result run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("halab").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(labs.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("HALAB_BUILD", "never");
    environment.put("HALAB_LABS", labs.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end within " + MINUTES_MAX + " minutes");
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
