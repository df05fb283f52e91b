package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Table;
import halab.sim.RowCounts;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import halab.sim.Seeds;
import halab.sim.SimDriver;
import halab.sim.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which rows whole clusters reach: all scenarios and {@code -Dhalab.coverage.seeds=N} schedules
 * together, in virtual time. Rows that never fired are printed by table.
 */
class RowCoverageTest {
  private static final Path SCENARIOS = Path.of("..", "scenarios");
  private static final int SCHEDULES = Integer.getInteger("halab.coverage.seeds", 300);

  /** Of the rows of dmcss; a new row comes with a scenario that reaches it. */
  private static final int PERCENT_LEAST = 95;

  /** Every scenario of this system, wherever it lies. */
  static List<Path> scenarios() throws IOException {
    try (Stream<Path> all = Files.walk(SCENARIOS)) {
      return all.filter(f -> f.toString().endsWith(".scn"))
          .filter(f -> read(f).subject().system() == Dsc.SYSTEM)
          .sorted()
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Scenario read(Path file) {
    return Scenario.parse(file.toString(), text(file), name -> text(file.resolveSibling(name)));
  }

  private static RowCounts fired() throws IOException {
    RowCounts rows = new RowCounts();
    for (Path file : scenarios()) {
      Scenario scenario = read(file);
      SimDriver lab = SimDriver.of(scenario, scenario.seed());
      new ScenarioRunner(scenario, lab, ScenarioRunner.Narrator.SILENT).run();
      rows.add(lab.world().rows());
    }
    Seeds seeds = new Seeds(Subject.named("dsc"));
    for (long seed = 1; seed <= SCHEDULES; seed++) {
      rows.add(seeds.run(seed).rows());
    }
    return rows;
  }

  /**
   * Numbers of the rows that fired, by the table's own name; runs of one table for two groups add.
   */
  private static Map<String, TreeSet<Integer>> byTable(RowCounts rows) {
    Map<String, TreeSet<Integer>> numbers = new TreeMap<>();
    rows.byTable()
        .forEach(
            (label, counts) ->
                numbers
                    .computeIfAbsent(table(label), t -> new TreeSet<>())
                    .addAll(counts.keySet()));
    return numbers;
  }

  /** The table that goes by this name in decision logs. */
  private static String table(String label) {
    return Dsc.SYSTEM.tables().stream()
        .map(Table::name)
        .filter(name -> label.equals(name) || label.startsWith(name + " "))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no table " + label));
  }

  @Test
  void scenariosAndSchedulesTogetherReachTheRowsOfDmcss() throws IOException {
    Map<String, TreeSet<Integer>> fired = byTable(fired());
    double dmcssPercent = 0;
    for (Table<?, ?> table : Dsc.SYSTEM.tables()) {
      List<String> never = new ArrayList<>();
      TreeSet<Integer> numbers = fired.getOrDefault(table.name(), new TreeSet<>());
      table.rows().stream()
          .filter(row -> !numbers.contains(row.number()))
          .forEach(row -> never.add("  never: " + described(row)));
      double percent = 100.0 * (table.rows().size() - never.size()) / table.rows().size();
      System.out.printf(
          Locale.ROOT, "%s: %.1f %% of %d rows%n", table.name(), percent, table.rows().size());
      never.forEach(System.out::println);
      dmcssPercent = table == Dmcss.TABLE ? percent : dmcssPercent;
    }
    assertThat(dmcssPercent).isGreaterThan((double) PERCENT_LEAST);
  }

  private static String described(Table.Row<?, ?, ?> row) {
    return "row " + row.number() + " " + row.on().getSimpleName() + ": " + row.why();
  }
}
