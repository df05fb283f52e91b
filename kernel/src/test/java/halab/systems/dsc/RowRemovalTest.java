package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Table;
import halab.kernel.TableCheck;
import halab.sim.RowCounts;
import halab.sim.Scenario;
import halab.sim.ScenarioRunner;
import halab.sim.Seeds;
import halab.sim.SimDriver;
import halab.sim.Subject;
import halab.sim.Verdict;
import halab.systems.Role;
import halab.systems.dsc.monitor.Dmcssm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Removes each row of each DSC table in turn and prints who notices: a scenario, a seeded run, the
 * matrix of phases and triggers, or only the row's own test. Fails if nobody does. Takes long, so
 * {@code mvn -pl kernel -Prows test} asks for it; {@code -Drows.table=dmcss} tries one table.
 *
 * <p>Runs that fired the row come first and the cheapest of them before all others, so that most
 * removals cost one run; a row that no run fires cannot be missed by one.
 */
@EnabledIfSystemProperty(named = "rows.removal", matches = "true")
class RowRemovalTest {
  private static final int SEEDS = Integer.getInteger("rows.seeds", 200);
  private static final String ONLY = System.getProperty("rows.table", "");

  /** Scenarios, and then seeds, that are tried for one row. */
  private static final int MOST_RUNS = 20;

  /** Who noticed that a row was missing. */
  private enum Witness {
    SCENARIO,
    SEED,
    MATRIX,
    OWN_TEST,
    NOBODY
  }

  private record Noticed(Witness by, String how) {}

  /** A scenario or a seed. */
  private interface Runner {
    Verdict run(Map<String, Role<?>> changed, RowCounts rows);
  }

  /**
   * One run of the tables as they are.
   *
   * @param cost rows that fired
   * @param rows that fired, by the name in decision logs
   */
  private record Run(
      Witness kind,
      String name,
      Runner runner,
      long cost,
      SortedMap<String, SortedMap<Integer, Integer>> rows) {
    boolean fired(String label, int row) {
      return rows.getOrDefault(label, new TreeMap<>()).containsKey(row);
    }
  }

  private static Run measured(Witness kind, String name, Runner runner) {
    RowCounts rows = new RowCounts();
    Verdict verdict = runner.run(Map.of(), rows);
    assertThat(verdict.passed()).as(name + " with all rows: " + verdict).isTrue();
    SortedMap<String, SortedMap<Integer, Integer>> fired = rows.byTable();
    long cost = fired.values().stream().flatMap(r -> r.values().stream()).mapToLong(n -> n).sum();
    return new Run(kind, name, runner, cost, fired);
  }

  private static Runner scenario(Path file) {
    Scenario scenario = RowCoverageTest.read(file);
    return (changed, rows) -> {
      SimDriver lab = SimDriver.of(scenario, scenario.seed(), changed);
      try {
        return new ScenarioRunner(scenario, lab, ScenarioRunner.Narrator.SILENT).run();
      } catch (RuntimeException e) {
        return Verdict.fail("threw " + e);
      } finally {
        rows.add(lab.world().rows());
      }
    };
  }

  private static Runner seed(long seed) {
    return (changed, rows) -> {
      Seeds.Outcome outcome = new Seeds(Subject.named("dsc"), changed).run(seed);
      rows.add(outcome.rows());
      return outcome.verdict();
    };
  }

  private static List<Run> runs() throws IOException {
    List<Run> runs = new ArrayList<>();
    for (Path file : RowCoverageTest.scenarios()) {
      runs.add(measured(Witness.SCENARIO, file.getFileName().toString(), scenario(file)));
    }
    for (long seed = 1; seed <= SEEDS; seed++) {
      runs.add(measured(Witness.SEED, "seed " + seed, seed(seed)));
    }
    runs.sort(Comparator.comparing(Run::kind).thenComparing(Run::cost));
    return runs;
  }

  /** The roles of a lab in which this table has taken the place of its original. */
  @SuppressWarnings("unchecked")
  private static Map<String, Role<?>> roles(Table<?, ?> canary) {
    return switch (canary.name()) {
      case "dmcss" -> Map.of("dmcss", Dmcss.ROLE.withCore((Table<DmcssState, CssPhase>) canary));
      case "dmcss.ASM" ->
          Map.of("dmcss", css(s -> s.asmTable = (Table<GroupScene, GroupPhase>) canary));
      case "dmcss.DB" ->
          Map.of("dmcss", css(s -> s.dbTable = (Table<GroupScene, GroupPhase>) canary));
      case "dmasmsvr" ->
          Map.of("dmasmsvr", Dmasmsvr.ROLE.withCore((Table<EpState, EpPhase>) canary));
      case "dmserver" ->
          Map.of("dmserver", Dmserver.ROLE.withCore((Table<EpState, EpPhase>) canary));
      case "dmcssm" -> Map.of("dmcssm", Dmcssm.ROLE.withCore(cast(canary)));
      default -> throw new AssertionError("no role runs " + canary.name());
    };
  }

  @SuppressWarnings("unchecked")
  private static <T> T cast(Object table) {
    return (T) table;
  }

  private static Role<DmcssState> css(java.util.function.Consumer<DmcssState> change) {
    Role<DmcssState> r = Dmcss.ROLE;
    return new Role<>(
        r.name(),
        r.module(),
        r.core(),
        site -> r.boot().apply(site).with(change),
        r.view(),
        r.instance(),
        r.log());
  }

  private static Noticed noticed(
      List<Run> runs, Table<?, ?> table, int row, TreeSet<Integer> tested) {
    Table<?, ?> canary = table.without(row);
    Map<String, Role<?>> roles = roles(canary);
    Map<Witness, Integer> tried = new EnumMap<>(Witness.class);
    for (Run run : runs) {
      if (run.fired(table.name(), row) && tried.merge(run.kind(), 1, Integer::sum) <= MOST_RUNS) {
        Verdict verdict = run.runner().run(roles, new RowCounts());
        if (!verdict.passed()) {
          return new Noticed(run.kind(), run.name());
        }
      }
    }
    List<String> holes = TableCheck.problems(canary, MatrixTest.unused(canary));
    if (!holes.isEmpty()) {
      return new Noticed(Witness.MATRIX, holes.get(0));
    }
    String fired = tried.isEmpty() ? "no run fires it" : "fired in " + tried;
    return new Noticed(tested.contains(row) ? Witness.OWN_TEST : Witness.NOBODY, fired);
  }

  @Test
  void everyRowIsMissedBySomebody() throws IOException {
    long began = System.nanoTime();
    List<Run> runs = runs();
    System.out.println(runs.size() + " runs, measured in " + seconds(began) + " s");
    Map<String, TreeSet<Integer>> tested = EveryRowHasATest.tested();
    Map<Witness, Integer> totals = new EnumMap<>(Witness.class);
    List<String> nobody = new ArrayList<>();
    for (Table<?, ?> table : Dsc.SYSTEM.tables()) {
      if (!ONLY.isEmpty() && !table.name().equals(ONLY)) {
        continue;
      }
      TreeSet<Integer> own = tested.getOrDefault(table.name(), new TreeSet<>());
      for (Table.Row<?, ?, ?> row : table.rows()) {
        Noticed noticed = noticed(runs, table, row.number(), own);
        totals.merge(noticed.by(), 1, Integer::sum);
        String line = table.name() + " " + row.number() + " (" + row.why() + ")";
        System.out.println(line + " -> " + noticed.by() + ": " + noticed.how());
        if (noticed.by() == Witness.NOBODY) {
          nobody.add(line);
        }
      }
    }
    System.out.println("rows by who notices their removal: " + totals);
    System.out.println("took " + seconds(began) + " s");
    assertThat(nobody).as("rows whose removal nobody notices").isEmpty();
  }

  private static long seconds(long began) {
    return (System.nanoTime() - began) / 1_000_000_000;
  }
}
