package halab.runtime.host;

import halab.runtime.Distribution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How every process of a lab is started: small capped heap, serial collector, quick compiler, few
 * threads, and the class archive of the distribution when there is one. An instance that holds rows
 * has a larger heap and the compiler that takes longer and makes faster code.
 */
public final class JvmFlags {
  private static final List<String> SMALL =
      List.of(
          "-Xmx48m",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=24m",
          "-XX:MaxDirectMemorySize=16m");

  private static final List<String> INSTANCE =
      List.of("-Xmx1g", "-XX:ReservedCodeCacheSize=96m", "-XX:MaxDirectMemorySize=128m");

  private static final List<String> FLAGS =
      List.of(
          "-Xms8m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          // Maps class archives where they were made for, so that all processes share their pages.
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "-Dio.netty.eventLoopThreads=1",
          "-Dio.netty.allocator.type=unpooled",
          "-Dio.netty.noPreferDirect=true",
          "-Dio.netty.noUnsafe=true",
          "-Dio.grpc.netty.useCustomAllocator=false",
          // What gRPC says of strangers on its port: one line each in ROLE.out, no stack trace.
          "-Djava.util.logging.SimpleFormatter.format=%1$tT.%1$tL %4$s %3$s: %5$s%n");

  private JvmFlags() {}

  /** Command line of a small process of a lab, on the class path and the Java of this one. */
  public static List<String> command(String main, Path lab, String host, String role) {
    return command(main, lab, host, role, SMALL);
  }

  /** Command line of an instance that holds rows. */
  public static List<String> instance(String main, Path lab, String host, String role) {
    return command(main, lab, host, role, INSTANCE);
  }

  private static List<String> command(
      String main, Path lab, String host, String role, List<String> size) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(size);
    words.addAll(flags(archive()));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    words.addAll(List.of("--lab", lab.toAbsolutePath().toString()));
    words.addAll(List.of("--host", host, "--role", role));
    return words;
  }

  /** What all have; {@code archive} may be null. A stale archive is skipped without a word. */
  public static List<String> flags(Path archive) {
    List<String> flags = new ArrayList<>(FLAGS);
    if (archive != null) {
      flags.add("-XX:SharedArchiveFile=" + archive);
      flags.addAll(List.of("-Xshare:auto", "-Xlog:disable", "-Xlog:all=off"));
    }
    return flags;
  }

  /** Sets what such a process wants in its environment. */
  public static ProcessBuilder prepared(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }

  /** The class archive of the distribution, or null. */
  public static Path archive() {
    return Distribution.file("halab.jsa");
  }
}
