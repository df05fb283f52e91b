package halab.cli.lab;

import halab.kernel.Endpoint;
import halab.runtime.host.JvmFlags;
import halab.runtime.host.ProcessId;
import halab.runtime.lab.Lab;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the processes that nobody in the lab starts: host agents and the switch. Each leads a
 * process session of its own, so that all that a host runs can be found and killed at once.
 */
final class Spawner {
  private static final String AGENT_MAIN = "halab.runtime.host.Hostd";
  private static final String SWITCH_MAIN = "halab.runtime.vip.LabSwitch";

  private Spawner() {}

  /** The living process that the pid file names; 0 when there is none. */
  static long pidOf(Lab lab, Endpoint process) {
    Path file = lab.dir().resolve(process.host()).resolve("run").resolve(process.role() + ".pid");
    return ProcessId.read(file).filter(ProcessId::alive).map(ProcessId::pid).orElse(0L);
  }

  /** Starts the process; it does not yet answer when this returns. Its pid. */
  static long spawn(Lab lab, Endpoint process) throws IOException {
    boolean net = process.equals(LabClient.SWITCH);
    List<String> command = new ArrayList<>();
    String setsid = setsid();
    if (setsid != null) {
      command.add(setsid);
    }
    command.addAll(
        JvmFlags.command(
            net ? SWITCH_MAIN : AGENT_MAIN, lab.dir(), process.host(), process.role()));
    Path out = out(lab, process);
    Files.createDirectories(out.getParent());
    return JvmFlags.prepared(command)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
        .start()
        .pid();
  }

  /** Where a process's own standard output and error go. */
  static Path out(Lab lab, Endpoint process) {
    return lab.dir().resolve(process.host()).resolve("log").resolve(process.role() + ".out");
  }

  /** Without it a host is no session of its own, and its power-off kills what its agent lists. */
  private static String setsid() {
    for (String folder : List.of("/usr/bin", "/bin")) {
      Path tool = Path.of(folder, "setsid");
      if (Files.isExecutable(tool)) {
        return tool.toString();
      }
    }
    return null;
  }
}
