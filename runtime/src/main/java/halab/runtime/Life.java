package halab.runtime;

import halab.kernel.Endpoint;
import halab.runtime.host.ProcessId;
import halab.runtime.lab.AtomicFiles;
import halab.runtime.lab.Lab;
import halab.systems.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One life of one daemon: its incarnation, durable in {@code run/ROLE.life} before the life does
 * anything, and its pid file.
 */
public final class Life {
  /** Locks of this process; a lock ends when its channel is collected. */
  private static final List<FileChannel> HELD = new CopyOnWriteArrayList<>();

  private Life() {}

  /** Begins a life; a {@link ConfigException} when the last one still lives or cannot be read. */
  public static long begin(Lab lab, Endpoint self) {
    Path run = lab.run(self.host());
    Path lifeFile = run.resolve(self.role() + ".life");
    try {
      Files.createDirectories(run);
      claim(run.resolve(self.role() + ".pid"), self);
      long incarnation = Files.exists(lifeFile) ? last(lifeFile) + 1 : 1;
      AtomicFiles.write(lifeFile, incarnation + "\n");
      return incarnation;
    } catch (IOException e) {
      throw wrong(run, "cannot be written: " + e.getMessage(), "make the folder writable");
    }
  }

  /**
   * Writes the pid file, unless another process that lives has it. A lock beside it, which ends
   * with its process, tells two apart that start at the same moment.
   */
  public static void claim(Path pidFile, Endpoint self) throws IOException {
    FileChannel channel =
        FileChannel.open(
            pidFile.resolveSibling(self.role() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      String pid = ProcessId.read(pidFile).map(p -> " with pid " + p.pid()).orElse("");
      throw wrong(
          pidFile, self + " is already running" + pid, "stop it first, or leave it running");
    }
    HELD.add(channel);
    ProcessId me = ProcessId.of(ProcessHandle.current().pid()).orElseThrow();
    AtomicFiles.write(pidFile, me + "\n");
  }

  private static long last(Path file) throws IOException {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (NumberFormatException e) {
      throw wrong(
          file, "holds no incarnation number", "write a number above every life seen in the logs");
    }
  }

  private static ConfigException wrong(Path file, String what, String remedy) {
    return new ConfigException(
        List.of(new ConfigException.Problem(file.toString(), 0, what, remedy)));
  }
}
