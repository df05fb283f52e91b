package halab.systems.dsc.asmcmd;

import halab.kernel.ExitCode;
import halab.systems.ConfigException;
import halab.systems.Tool;
import halab.systems.ToolSite;
import halab.systems.VendorLog;
import halab.systems.dm.DmLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * dmasmcmd: formats disks, makes the DCR and VOTE disks, exports, imports, extends and clears the
 * DCR (reference 2.5). What it prints after a command, and how it prints a refusal, is inferred
 * where the reference does not say it.
 */
public final class Dmasmcmd implements Tool {
  private static final String SCRIPT_HEAD = "#asm script file";
  private static final int SCRIPT_CHARS = 1 << 20;

  private static final List<AsmForm> FORMS =
      List.of(
          new AsmForm("create emptyfile PATH size SIZE", AsmDisks::emptyFile),
          new AsmForm("create dcrdisk PATH NAME", format(AsmKind.DCR)),
          new AsmForm("create dcrdisk PATH NAME SIZE", format(AsmKind.DCR)),
          new AsmForm("create votedisk PATH NAME", format(AsmKind.VOTE)),
          new AsmForm("create votedisk PATH NAME SIZE", format(AsmKind.VOTE)),
          new AsmForm("create asmdisk PATH NAME", format(AsmKind.ASM)),
          new AsmForm("create asmdisk PATH NAME SIZE", format(AsmKind.ASM)),
          new AsmForm("init dcrdisk PATH from FILE identified by PASSWORD", DcrCommands::initDcr),
          new AsmForm("init votedisk PATH from FILE", DcrCommands::initVote),
          new AsmForm("export dcrdisk PATH to FILE", DcrCommands::export),
          new AsmForm("import dcrdisk PATH from FILE", DcrCommands::importDcr),
          new AsmForm("import dcrdisk FILE to PATH", DcrCommands::importDcr),
          new AsmForm("extend dcrdisk PATH from FILE", DcrCommands::extend),
          new AsmForm("check dcrdisk PATH", DcrCommands::check),
          new AsmForm("clear dcrdisk err_ep_arr PATH GROUP", DcrCommands::clear),
          new AsmForm("create dcrvdisk PATH NAME", format(AsmKind.DCRV)),
          new AsmForm("create dcrvdisk PATH NAME SIZE", format(AsmKind.DCRV)),
          new AsmForm("export dcrvdisk PATH to FILE", DcrvSite.reading(DcrCommands::export)),
          new AsmForm("import dcrvdisk FILE to PATH", DcrvSite.changing(DcrCommands::importDcr)),
          new AsmForm("extend dcrvdisk PATH from FILE", DcrvSite.changing(DcrCommands::extend)),
          new AsmForm("check dcrvdisk PATH", DcrvSite::check),
          new AsmForm(
              "clear dcrvdisk err_ep_arr PATH GROUP", DcrvSite.changing(DcrCommands::clear)),
          new AsmForm("listdisks", AsmDisks::list),
          new AsmForm("listdisks PATH", AsmDisks::list),
          new AsmForm("help", (desk, args) -> help(desk)));

  private static AsmForm.Act format(AsmKind kind) {
    return (desk, args) -> AsmDisks.format(desk, kind, args);
  }

  private static void help(AsmDesk desk) {
    FORMS.forEach(form -> desk.say(form.shown()));
    desk.say("exit");
  }

  @Override
  public String name() {
    return "dmasmcmd";
  }

  @Override
  public String banner() {
    return "DMASMCMD V8";
  }

  @Override
  public String prompt() {
    return "ASM>";
  }

  @Override
  public int run(String line, ToolSite site, Consumer<String> out) {
    String command = line.strip();
    try {
      List<AsmForm.Word> words = AsmForm.words(line);
      if (words.isEmpty()) {
        return ExitCode.OK;
      }
      command = verb(words);
      carryOut(words, new AsmDesk(site, out));
      return ExitCode.OK;
    } catch (AsmRefusal | ToolSite.Failed e) {
      out.accept(command + " failed:" + e.getMessage());
      return ExitCode.NO;
    }
  }

  /** The first words, by which a command is called in answers. */
  private static String verb(List<AsmForm.Word> words) {
    return words.stream()
        .takeWhile(w -> !w.quoted() && w.text().matches("[A-Za-z]+"))
        .limit(2)
        .map(AsmForm.Word::text)
        .collect(Collectors.joining(" "));
  }

  private static void carryOut(List<AsmForm.Word> words, AsmDesk desk)
      throws AsmRefusal, ToolSite.Failed {
    for (AsmForm form : FORMS) {
      SortedMap<String, String> args = form.match(words);
      if (args != null) {
        form.act().run(desk, args);
        return;
      }
    }
    AsmForm nearest =
        FORMS.stream().max(Comparator.comparingInt(f -> f.likeness(words))).orElseThrow();
    throw new AsmRefusal(
        nearest.likeness(words) == 0
            ? "there is no such command; help lists them"
            : "the command has the form: " + nearest.shown());
  }

  @Override
  public List<String> script(String file, String text) {
    String[] lines = text.split("\r?\n", -1);
    if (text.length() > SCRIPT_CHARS || !lines[0].strip().equals(SCRIPT_HEAD)) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  file,
                  1,
                  text.length() > SCRIPT_CHARS
                      ? "the script is larger than 1 MiB"
                      : "this is no script of dmasmcmd",
                  "its first line must be '" + SCRIPT_HEAD + "'")));
    }
    List<String> commands = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        commands.add(line.strip());
      }
    }
    return commands;
  }

  @Override
  public String logged(String line) {
    return line.replaceAll("(?i)(identified\\s+by\\s+)('[^']*'?|\"[^\"]*\"?|\\S+)", "$1'***'");
  }

  @Override
  public VendorLog log() {
    return new DmLog("dm_", name());
  }
}
