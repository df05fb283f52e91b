package halab;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Table;
import halab.kernel.TablePrinter;
import halab.systems.EmulatedSystem;
import halab.systems.Systems;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every table of every system prints itself, whole. */
class TablePrinterTest {
  static List<Table<?, ?>> tables() {
    return Systems.ALL.stream()
        .map(EmulatedSystem::tables)
        .<Table<?, ?>>flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyTablePrintsItself(Table<?, ?> table) {
    assertThat(TablePrinter.table(table).lines()).hasSize(table.rows().size() + 1);
    assertThat(TablePrinter.mermaid(table)).startsWith("stateDiagram-v2");
  }
}
