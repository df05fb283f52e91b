package halab.systems;

import java.util.List;
import java.util.function.Consumer;

/**
 * A vendor's command-line tool that is no daemon: it works on disks and files and then ends. What
 * it refuses and what it prints is decided here; disks and files are the edge's.
 */
public interface Tool {
  /** The vendor's name of the program. */
  String name();

  /** What it prints before its first prompt. */
  String banner();

  /** What it prompts with. */
  String prompt();

  /**
   * Carries out one line of input.
   *
   * @param out hears every line of the answer
   * @return {@link halab.kernel.ExitCode#OK}, or NO when the line was refused or failed
   */
  int run(String line, ToolSite site, Consumer<String> out);

  /**
   * The command lines of a script file.
   *
   * @throws ConfigException when that is no script of this tool
   */
  List<String> script(String file, String text);

  /** The line as logs may show it: without passwords. */
  String logged(String line);

  /** Its log file. */
  VendorLog log();
}
