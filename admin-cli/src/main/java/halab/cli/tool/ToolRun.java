package halab.cli.tool;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.runtime.LabClock;
import halab.systems.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A vendor's tool at work on one host of a lab, with its log file there. */
public final class ToolRun {
  private final LiveLab lab;
  private final Tool tool;
  private final String host;
  private final LabToolSite site;
  private final LabClock clock;

  /**
   * @param host where the tool stands
   * @throws Failure if the lab has no such host
   */
  public ToolRun(LiveLab lab, String tool, String host) {
    if (!lab.hosts().contains(host)) {
      throw Failure.usage("there is no host " + host + "; lab " + lab.name() + ": " + lab.hosts());
    }
    if (lab.system().tools().stream().noneMatch(t -> t.name().equals(tool))) {
      throw Failure.usage(
          "lab " + lab.name() + " is of system " + lab.system().name() + ", which has no " + tool);
    }
    this.lab = lab;
    this.tool = lab.system().tool(tool);
    this.host = host;
    this.site = new LabToolSite(lab, new Endpoint(host, tool));
    this.clock = new LabClock(lab.model().epochWallMs(), lab.timeScale());
  }

  public Tool tool() {
    return tool;
  }

  /** Carries out one line; its exit code. */
  public int line(String line, Consumer<String> out) {
    log(Level.INFO, tool.logged(line.strip()));
    List<String> answer = new ArrayList<>();
    int exitCode =
        tool.run(
            line,
            site,
            text -> {
              answer.add(text);
              out.accept(text);
            });
    Level level = exitCode == ExitCode.OK ? Level.INFO : Level.ERROR;
    answer.forEach(text -> log(level, text));
    return exitCode;
  }

  /** A log that cannot be written loses lines, and never the tool. */
  private void log(Level level, String text) {
    LocalDateTime at =
        LocalDateTime.ofInstant(Instant.ofEpochMilli(clock.wallMs()), ZoneId.systemDefault());
    Path folder = lab.model().log(host);
    StringBuilder lines = new StringBuilder();
    text.lines()
        .map(line -> tool.log().line(at, level, ProcessHandle.current().pid(), line))
        .forEach(line -> lines.append(line).append('\n'));
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(tool.log().file(tool.name(), at)),
          lines,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      // Said above.
      return;
    }
  }
}
