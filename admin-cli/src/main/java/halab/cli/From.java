package halab.cli;

import halab.cli.lab.LiveLab;
import halab.cli.sql.Standpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * On which host a client stands: the option {@code --from}. In containers the command is run once
 * more within that host's; where hosts share this machine its ways are those of the host.
 */
final class From {
  /** Environment variable that names the host of a lab shell. */
  static final String SHELL_HOST = "HALAB_SHELL_HOST";

  @Option(
      names = "--from",
      paramLabel = "HOST",
      description = "Stand on this host of the lab: its networks are cut, so is the client.")
  private String host;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  boolean given() {
    return host != null;
  }

  /** Where the client is; the caller closes it. */
  Standpoint of(LiveLab lab) throws IOException {
    return host == null ? Standpoint.outside(lab) : Standpoint.on(lab, host);
  }

  /** The host that was named, or the one whose shell or container this is, or else this one. */
  String hostOr(String other) {
    if (host != null) {
      return host;
    }
    return Stream.of(System.getenv(SHELL_HOST), System.getenv("HALAB_HOST"))
        .filter(here -> here != null && !here.isEmpty())
        .findFirst()
        .orElse(other);
  }

  /** Runs this command on the host and returns its exit code; null when it is to run here. */
  Integer elsewhere(LiveLab lab) throws IOException {
    return host == null ? null : elsewhere(lab, host);
  }

  /** As {@link #elsewhere(LiveLab)}, on this host whether it was named or not. */
  Integer elsewhere(LiveLab lab, String host) throws IOException {
    boolean typed = "1".equals(System.getenv("HALAB_TTY_IN"));
    List<String> begin = lab.backend().within(host, typed);
    if (begin == null) {
      return null;
    }
    List<String> words = new ArrayList<>(begin);
    words.addAll(withoutPlace(command.commandLine().getParseResult().originalArgs()));
    Process process = new ProcessBuilder(words).inheritIO().start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }

  /** The words without --from and --lab, which mean something outside only. */
  static List<String> withoutPlace(List<String> words) {
    List<String> left = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--from") || word.equals("--lab")) {
        i++;
      } else if (!word.startsWith("--from=") && !word.startsWith("--lab=")) {
        left.add(word);
      }
    }
    return left;
  }
}
