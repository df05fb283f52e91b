package halab.systems;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Table;
import halab.kernel.TablePrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The page of each system's tables says what the code does. */
class TablePagesTest {
  static final java.util.List<EmulatedSystem> SYSTEMS = Systems.ALL;

  /** {@code -Dhalab.rewrite=true} writes the page; the diff is what gets reviewed. */
  @ParameterizedTest
  @FieldSource("SYSTEMS")
  void theTablesPageIsWhatTheTablesPrint(EmulatedSystem system) throws IOException {
    Path page = Path.of("..", "docs", "systems", system.name() + "-tables.md");
    String printed = page(system);
    if (Boolean.getBoolean("halab.rewrite")) {
      Files.writeString(page, printed);
    }
    assertThat(Files.readString(page)).isEqualTo(printed);
  }

  private static String page(EmulatedSystem system) {
    StringBuilder page = new StringBuilder();
    page.append("# Tables of ").append(system.name()).append("\n\n");
    page.append("Printed by `halab fsm table ")
        .append(system.name())
        .append("`; a test compares.\n");
    for (Table<?, ?> table : system.tables()) {
      page.append("\n## ").append(table.name()).append("\n\n");
      page.append(TablePrinter.markdown(table));
    }
    return page.toString();
  }
}
