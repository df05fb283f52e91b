package halab.cli;

import halab.cli.explain.ExplainJson;
import halab.cli.explain.ExplainText;
import halab.cli.lab.Creator;
import halab.kernel.ExitCode;
import halab.systems.Flow;
import halab.systems.LabPlan;
import halab.systems.Systems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab predict}: how long failovers take, from the parameters alone. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Say how long each kind of failover takes with these parameters; no lab is made.",
      "Expected is the time on a machine that has nothing else to do; the upper end of the range is"
          + " the bound that scenarios hold labs to."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab predict dsc                                    all, a line each",
      "  halab predict dsc crash --set DCR_GRP_DSKCHK_CNT=60   one with its parts",
      "  halab predict dsc css-death rejoin --fast --hosts 3",
      "  halab predict dsc --from DIR                         with ini files of your own"
    })
final class PredictCommand implements Callable<Integer> {
  /** Ports of a plan of which nothing is ever started. */
  private static final int ANY_PORT = 5200;

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "SYSTEM",
      completionCandidates = SystemNames.class,
      description = "System: ${COMPLETION-CANDIDATES}.")
  private String system;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FLOW",
      description = "Only these, with their parts.")
  private List<String> names = new ArrayList<>();

  @Mixin private Shape shape;

  @Option(
      names = "--output",
      defaultValue = "table",
      description = "table or json (${DEFAULT-VALUE}).")
  private ExplainCommand.Output output;

  @Override
  public Integer call() throws IOException {
    Creator.Wish wish = shape.wish(system, 1, null);
    LabPlan plan = Creator.planner(wish, main.out::remark).plan(ANY_PORT, null);
    List<Flow> flows = Systems.named(system).flows(plan);
    List<Flow> wanted = names.isEmpty() ? flows : names.stream().map(n -> one(flows, n)).toList();
    if (output == ExplainCommand.Output.JSON) {
      main.out.line(ExplainJson.flows(system, wanted));
    } else if (names.isEmpty()) {
      ExplainText.summary(wanted).forEach(main.out::line);
    } else {
      wanted.forEach(f -> ExplainText.flow(main.out, f).forEach(main.out::line));
    }
    return ExitCode.OK;
  }

  private static Flow one(List<Flow> flows, String name) {
    return flows.stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no flow '"
                        + name
                        + "'; there are: "
                        + String.join(", ", flows.stream().map(Flow::name).toList())));
  }
}
