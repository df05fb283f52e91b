package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A row that no test fires is a row that nobody has thought about. Tests assert the row with {@code
 * fires(NUMBER)} in a class that names its tables with {@link RowsOf}; this reads both from the
 * sources, so a new row without a test fails the build by table and number.
 */
class EveryRowHasATest {
  private static final Path SOURCES = Path.of("src/test/java/halab/systems/dsc");
  private static final Pattern TABLES = Pattern.compile("@RowsOf\\(\\{?([^)}]*)");
  private static final Pattern ROW = Pattern.compile("\\.fires\\((\\d+)\\)");

  /** The monitor's tests compare the row itself. */
  private static final Pattern MONITOR_ROW =
      Pattern.compile("(?:\\.row\\)\\.isEqualTo\\(|refused\\(.*\", )(\\d+)");

  static Map<String, TreeSet<Integer>> tested() throws IOException {
    Map<String, TreeSet<Integer>> tested = new TreeMap<>();
    for (Path file : sources(SOURCES.resolve("monitor"))) {
      tested
          .computeIfAbsent("dmcssm", n -> new TreeSet<>())
          .addAll(numbers(MONITOR_ROW, Files.readString(file)));
    }
    for (Path file : sources(SOURCES)) {
      String text = Files.readString(file);
      List<Integer> rows = numbers(ROW, text);
      TABLES
          .matcher(text)
          .results()
          .flatMap(m -> Stream.of(m.group(1).split(",")))
          .map(name -> name.strip().replace("\"", ""))
          .forEach(name -> tested.computeIfAbsent(name, n -> new TreeSet<>()).addAll(rows));
    }
    return tested;
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith("Test.java")).sorted().toList();
    }
  }

  private static List<Integer> numbers(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult m) -> Integer.parseInt(m.group(1)))
        .toList();
  }

  @Test
  void everyRowOfEveryTable() throws IOException {
    Map<String, TreeSet<Integer>> tested = tested();
    assertThat(Dsc.SYSTEM.tables()).hasSize(6);
    List<String> missing = new ArrayList<>();
    for (Table<?, ?> table : Dsc.SYSTEM.tables()) {
      TreeSet<Integer> rows = tested.getOrDefault(table.name(), new TreeSet<>());
      for (Table.Row<?, ?, ?> row : table.rows()) {
        if (!rows.contains(row.number())) {
          missing.add(table.name() + " row " + row.number() + ": " + row.why());
        }
      }
    }
    assertThat(missing).as("rows without a test that asserts fires(row)").isEmpty();
  }
}
