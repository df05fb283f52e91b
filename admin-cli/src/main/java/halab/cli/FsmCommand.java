package halab.cli;

import halab.kernel.ExitCode;
import halab.kernel.Table;
import halab.kernel.TablePrinter;
import halab.systems.EmulatedSystem;
import halab.systems.Systems;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab fsm}: the tables that the daemons run, printed by themselves. */
@Command(
    name = "fsm",
    mixinStandardHelpOptions = true,
    description = {
      "Print the state machines of a system as its daemons run them.",
      "Row numbers are those of decision.log: 'why did it do that' is answered by a row."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab fsm table dsc                 every table",
      "  halab fsm table dsc dmcss           one of them",
      "  halab fsm mermaid dsc dmserver      its picture",
      "  halab fsm table dw dmwatcher        of another system"
    })
final class FsmCommand {
  @ParentCommand private Main main;

  @Command(
      name = "table",
      mixinStandardHelpOptions = true,
      description = "Rows: number, phase, trigger, condition, what follows, why.")
  int table(
      @Parameters(
              paramLabel = "SYSTEM",
              completionCandidates = SystemNames.class,
              description = "A system: ${COMPLETION-CANDIDATES}.")
          String system,
      @Parameters(paramLabel = "TABLE", arity = "0..1", description = "One table only.")
          String table) {
    return print(system, table, TablePrinter::table);
  }

  @Command(
      name = "mermaid",
      mixinStandardHelpOptions = true,
      description = "The changes of phase as Mermaid state diagrams.")
  int mermaid(
      @Parameters(
              paramLabel = "SYSTEM",
              completionCandidates = SystemNames.class,
              description = "A system: ${COMPLETION-CANDIDATES}.")
          String system,
      @Parameters(paramLabel = "TABLE", arity = "0..1", description = "One table only.")
          String table) {
    return print(system, table, TablePrinter::mermaid);
  }

  private int print(String system, String wanted, Function<Table<?, ?>, String> printer) {
    List<Table<?, ?>> all = system(system).tables();
    List<Table<?, ?>> some =
        all.stream().filter(t -> wanted == null || t.name().equals(wanted)).toList();
    if (some.isEmpty()) {
      throw Failure.usage(
          "no table '"
              + wanted
              + "'; there are: "
              + String.join(", ", all.stream().map(Table::name).toList()));
    }
    for (Table<?, ?> table : some) {
      if (some.size() > 1) {
        main.out.line(main.out.bold("%% " + table.name()));
      }
      main.out.line(printer.apply(table).stripTrailing());
      if (some.size() > 1) {
        main.out.line("");
      }
    }
    return ExitCode.OK;
  }

  private static EmulatedSystem system(String name) {
    try {
      return Systems.named(name);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }
}
