package halab.cli;

import halab.cli.lab.LiveLab;
import halab.cli.tool.ToolRun;
import halab.kernel.ExitCode;
import halab.runtime.lab.TextFiles;
import halab.systems.LabPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab dmasmcmd}: the vendor's tool for the DCR, VOTE and data disks. */
@Command(
    name = "dmasmcmd",
    mixinStandardHelpOptions = true,
    description = {
      "The disk tool DMASMCMD with the vendor's words; help lists them.",
      "Reaches the disks through the disk daemon, or their files while that is down."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab dmasmcmd                                      its prompt",
      "  halab dmasmcmd -c \"listdisks /dev/raw\"",
      "  halab dmasmcmd -c \"export dcrdisk '/dev/raw/dcr' to '/tmp/dmdcr_cfg.ini'\"",
      "  halab dmasmcmd -c \"clear dcrdisk err_ep_arr '/dev/raw/dcr' 'GRP_DSC'\"",
      "  halab dmasmcmd script_file=asmcmd.txt               its first line: #asm script file"
    })
final class ToolCommand implements Callable<Integer> {
  private static final String NAME = "dmasmcmd";
  private static final String SCRIPT = "script_file=";

  @ParentCommand private Main main;
  @Mixin private Labs labs;
  @Mixin private From from;

  @Option(
      names = "-c",
      paramLabel = "COMMAND",
      description = "Run this and leave; may be given more than once.")
  private List<String> commands = new ArrayList<>();

  @Parameters(
      arity = "0..1",
      paramLabel = "script_file=FILE",
      description = "Run the lines of this file and leave.")
  private String script;

  @Override
  public Integer call() throws IOException {
    try (LiveLab lab = labs.open()) {
      String host = from.hostOr(firstNode(lab));
      Integer code = from.elsewhere(lab, host);
      return code == null ? here(new ToolRun(lab, NAME, host)) : code;
    }
  }

  private static String firstNode(LiveLab lab) {
    return lab.plan().hosts().stream().map(LabPlan.HostPlan::name).findFirst().orElseThrow();
  }

  private int here(ToolRun run) throws IOException {
    if (script != null) {
      return all(run, run.tool().script(script, scriptText()));
    }
    if (!commands.isEmpty()) {
      return all(run, commands);
    }
    boolean typed = main.out.terminal() && "1".equals(System.getenv("HALAB_TTY_IN"));
    return typed ? typed(run) : piped(run);
  }

  private String scriptText() throws IOException {
    if (!script.toLowerCase(Locale.ROOT).startsWith(SCRIPT)) {
      throw Failure.usage("'" + script + "' makes no sense here; write " + SCRIPT + "FILE");
    }
    Path file = Path.of(script.substring(SCRIPT.length()));
    if (!Files.isRegularFile(file)) {
      throw Failure.usage("there is no script " + file);
    }
    return TextFiles.read(file);
  }

  /** One line after the other; the first that fails ends it. */
  private int all(ToolRun run, List<String> lines) {
    for (String line : lines) {
      int exitCode = leaves(line) ? ExitCode.OK : one(run, line);
      if (exitCode != ExitCode.OK || leaves(line)) {
        return exitCode;
      }
    }
    return ExitCode.OK;
  }

  private int one(ToolRun run, String line) {
    return run.line(line, main.out::line);
  }

  /** From standard input until it ends or says exit; the last line's exit code. */
  private int piped(ToolRun run) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    int exitCode = ExitCode.OK;
    for (String line = in.readLine(); line != null && !leaves(line); line = in.readLine()) {
      exitCode = one(run, line);
    }
    return exitCode;
  }

  /** A prompt; what is typed may hold a password and is kept nowhere. */
  private int typed(ToolRun run) throws IOException {
    main.out.line(run.tool().banner());
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("halab")
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      while (true) {
        String line = reader.readLine(run.tool().prompt());
        if (leaves(line)) {
          return ExitCode.OK;
        }
        long began = System.nanoTime();
        one(run, line);
        main.out.line(
            String.format(
                Locale.ROOT, "Used time: %.3f(ms).", (System.nanoTime() - began) / 1_000_000.0));
      }
    } catch (UserInterruptException | EndOfFileException e) {
      return ExitCode.OK;
    }
  }

  private static boolean leaves(String line) {
    return line.strip().replaceAll("\\s*;$", "").matches("(?i)exit|quit");
  }
}
