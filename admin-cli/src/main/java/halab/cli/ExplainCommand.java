package halab.cli;

import halab.cli.explain.Clients;
import halab.cli.explain.ExplainJson;
import halab.cli.explain.ExplainText;
import halab.cli.explain.LabLog;
import halab.cli.lab.LiveLab;
import halab.kernel.ExitCode;
import halab.systems.Waterfall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code halab explain}: failovers of a lab, part by part, beside what was predicted. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Explain a lab's failovers: what took how long, which parameter decided, what was expected.",
      "Reads the logs of the lab, which may be up or down; changes nothing.",
      "The JSON form is described in docs/operations/explain.md."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab explain                         the last failover, rejoin or start",
      "  halab explain --all",
      "  halab explain --history h.jsonl       with the first write that a load got through again",
      "  halab predict dsc crash --fast        the same without a lab"
    })
final class ExplainCommand implements Callable<Integer> {
  /** Forms of the output. */
  enum Output {
    TABLE,
    JSON
  }

  @ParentCommand private Main main;
  @Mixin private Labs labs;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "1",
      description = "The last N of them (${DEFAULT-VALUE}).")
  private int last;

  @Option(names = "--all", description = "All of them, oldest first.")
  private boolean all;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "What 'halab load --history' wrote meanwhile: shows when clients wrote again.")
  private Path history;

  @Option(
      names = "--output",
      defaultValue = "table",
      description = "table or json (${DEFAULT-VALUE}).")
  private Output output;

  @Override
  public Integer call() throws IOException {
    if (last < 1) {
      throw Failure.usage("--last must be 1 or more");
    }
    if (history != null && !Files.isRegularFile(history)) {
      throw Failure.usage("--history " + history + ": there is no such file");
    }
    try (LiveLab lab = labs.open()) {
      Clients clients = history == null ? Clients.NONE : Clients.of(history, lab.model());
      List<Waterfall> found = lab.system().explain(lab.plan(), LabLog.read(lab));
      int from = all ? 0 : Math.max(0, found.size() - last);
      show(lab.name(), found.subList(from, found.size()), clients);
      return ExitCode.OK;
    }
  }

  private void show(String lab, List<Waterfall> shown, Clients clients) throws IOException {
    if (output == Output.JSON) {
      main.out.line(ExplainJson.waterfalls(lab, shown, clients));
      return;
    }
    if (shown.isEmpty()) {
      main.out.line(
          "nothing that halab explains has happened in lab " + lab + " yet; see: halab logs");
    }
    for (int i = 0; i < shown.size(); i++) {
      if (i > 0) {
        main.out.line("");
      }
      Waterfall w = shown.get(i);
      ExplainText.waterfall(main.out, w, clients.during(w)).forEach(main.out::line);
    }
  }
}
