package halab.runtime.host;

import halab.admin.proto.ProcessStatus;
import halab.admin.proto.Sig;
import halab.kernel.Endpoint;
import halab.runtime.Daemon;
import halab.runtime.lab.Lab;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The daemons of one host: launched, signalled, described. Restarts nothing. Used by hostd's worker
 * thread only: a child's death signal is tied to the thread that started it, so that thread has to
 * live as long as hostd does.
 *
 * <p>Every child dies with hostd in two ways: its standard input is a pipe that hostd holds, and
 * where {@code setpriv} exists the kernel is asked to kill it, which also reaches a paused one.
 * Without {@code setpriv} a daemon that is paused while hostd dies ends when it is resumed.
 */
final class Children {
  private static final long SIGNAL_WAIT_MS = 2000;
  private static final long MAX_OUT_BYTES = 4 << 20;

  private final Lab lab;
  private final String host;
  private final Programs programs;
  private final Map<String, Child> children = new TreeMap<>();
  private final List<String> deathSignal;

  private record Child(Process process, ProcessId id, long startedWallMs) {}

  /** What became of a launch. */
  record Launched(long pid, boolean already) {}

  Children(Lab lab, String host, Programs programs) {
    this.lab = lab;
    this.host = host;
    this.programs = programs;
    this.deathSignal = deathSignal();
  }

  private static List<String> deathSignal() {
    List<String> prefix = List.of("/usr/bin/setpriv", "--pdeathsig", "KILL");
    try {
      List<String> probe = new ArrayList<>(prefix);
      probe.add("true");
      Process process = new ProcessBuilder(probe).redirectErrorStream(true).start();
      return process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0 ? prefix : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Starts a role unless it lives; IllegalArgumentException or IOException says why not. */
  Launched launch(String role) throws IOException {
    List<String> command = new ArrayList<>(deathSignal);
    command.addAll(programs.command(lab, new Endpoint(host, role)));
    Optional<ProcessId> living = living(role);
    if (living.isPresent()) {
      return new Launched(living.get().pid(), true);
    }
    ProcessBuilder builder = JvmFlags.prepared(command);
    builder.environment().put(Daemon.HELD, "1");
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out(role)))
            .start();
    ProcessId id =
        ProcessId.of(process.pid())
            .orElseThrow(() -> new IOException(role + " ended at once; see its .out file"));
    children.put(role, new Child(process, id, System.currentTimeMillis()));
    return new Launched(process.pid(), false);
  }

  private File out(String role) throws IOException {
    Path out = lab.log(host).resolve(role + ".out");
    Files.createDirectories(out.getParent());
    if (Files.exists(out) && Files.size(out) > MAX_OUT_BYTES) {
      Files.move(out, out.resolveSibling(role + ".out.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    return out.toFile();
  }

  /** The living process of a role: ours, or one that its pid file names. */
  Optional<ProcessId> living(String role) {
    Child child = children.get(role);
    if (child != null && child.id().alive()) {
      return Optional.of(child.id());
    }
    return ProcessId.read(lab.run(host).resolve(role + ".pid")).filter(ProcessId::alive);
  }

  /** Signals the living process of a role and waits until it shows. */
  long signal(String role, Sig signal) throws IOException, InterruptedException {
    lab.host(host).port(role);
    ProcessId id =
        living(role).orElseThrow(() -> new IOException(host + "/" + role + " is not running"));
    String name =
        switch (signal) {
          case SIG_KILL -> "KILL";
          case SIG_STOP -> "STOP";
          case SIG_CONT -> "CONT";
          case SIG_TERM -> "TERM";
          case SIG_TSTP -> "TSTP";
          default -> throw new IllegalArgumentException("unknown signal");
        };
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(id.pid()))
            .redirectErrorStream(true)
            .start();
    if (!kill.waitFor(SIGNAL_WAIT_MS, TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
      throw new IOException("kill -" + name + " " + id.pid() + " failed");
    }
    long deadline = System.nanoTime() + SIGNAL_WAIT_MS * 1_000_000;
    while (!shows(id, signal)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(host + "/" + role + " did not react to " + name);
      }
      Thread.sleep(5);
    }
    return id.pid();
  }

  private static boolean shows(ProcessId id, Sig signal) {
    return switch (signal) {
      case SIG_KILL -> !id.alive();
      case SIG_STOP -> id.paused() || !id.alive();
      case SIG_CONT -> !id.paused();
      default -> true;
    };
  }

  /** Every role of this host that was started or lives. */
  List<ProcessStatus> describe() {
    List<ProcessStatus> all = new ArrayList<>();
    for (String role : lab.host(host).ports().keySet()) {
      Child child = children.get(role);
      Optional<ProcessId> living =
          role.equals(halab.runtime.lab.LabHost.HOSTD) ? Optional.empty() : living(role);
      ProcessStatus.Builder status = ProcessStatus.newBuilder().setRole(role);
      if (child != null) {
        status.setStartedWallMs(child.startedWallMs());
      }
      if (living.isPresent()) {
        status.setPid(living.get().pid());
        all.add(status.setState(living.get().paused() ? "paused" : "running").build());
      } else if (child != null) {
        status.setPid(child.id().pid()).setState("exited");
        all.add(status.setExitCode(exitCode(child)).build());
      }
    }
    return all;
  }

  private static int exitCode(Child child) {
    try {
      return child.process().waitFor(1, TimeUnit.SECONDS) ? child.process().exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
