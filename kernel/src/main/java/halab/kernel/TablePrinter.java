package halab.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A table as text, for people, pages and pictures. Made from the rows, so it cannot be wrong. */
public final class TablePrinter {
  private static final String[] HEAD = {"row", "from", "on", "when", "then", "why"};

  private TablePrinter() {}

  /** All rows in columns, one line each; {@code when} says whether a row has a condition. */
  public static String table(Table<?, ?> table) {
    List<String[]> lines = new ArrayList<>();
    lines.add(HEAD);
    for (Table.Row<?, ?, ?> row : table.rows()) {
      lines.add(cells(table, row));
    }
    int[] widths = new int[HEAD.length - 1];
    for (String[] line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] line : lines) {
      for (int i = 0; i < widths.length; i++) {
        text.append(line[i]).append(" ".repeat(widths[i] - line[i].length() + 2));
      }
      text.append(line[HEAD.length - 1]).append('\n');
    }
    return text.toString();
  }

  /** The same as a Markdown table. */
  public static String markdown(Table<?, ?> table) {
    StringBuilder text = new StringBuilder();
    text.append("| ").append(String.join(" | ", HEAD)).append(" |\n");
    text.append("|---".repeat(HEAD.length)).append("|\n");
    for (Table.Row<?, ?, ?> row : table.rows()) {
      List<String> cells = new ArrayList<>();
      for (String cell : cells(table, row)) {
        cells.add(cell.replace("|", "\\|"));
      }
      text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return text.toString();
  }

  /** The rows that change the phase, as a Mermaid state diagram. */
  public static String mermaid(Table<?, ?> table) {
    SortedMap<String, StringBuilder> arrows = new TreeMap<>();
    for (Table.Row<?, ?, ?> row : table.rows()) {
      if (row.kind() == RowKind.MOVE) {
        for (Object from : row.from()) {
          StringBuilder label =
              arrows.computeIfAbsent(from + " --> " + row.to(), a -> new StringBuilder());
          label.append(label.length() == 0 ? "" : ", ").append(row.number()).append(' ');
          label.append(row.on().getSimpleName());
        }
      }
    }
    StringBuilder text = new StringBuilder("stateDiagram-v2\n");
    text.append("  [*] --> ").append(table.phases().get(0)).append('\n');
    arrows.forEach((arrow, label) -> text.append("  " + arrow + ": " + label + "\n"));
    return text.toString();
  }

  /** One row as it fired: which, what it did to the phase, on what, and why. */
  public static String fired(Effect.Fired fired) {
    String outcome =
        switch (fired.kind()) {
          case MOVE -> fired.from() + " -> " + fired.to();
          case STAY -> fired.from() + ", stay";
          case IGNORE -> fired.from() + ", ignore";
          case REFUSE -> fired.from() + ", refuse";
        };
    return fired.table()
        + " row "
        + fired.row()
        + " ("
        + outcome
        + ") on "
        + OneLine.of(fired.on())
        + ": "
        + fired.why();
  }

  private static String[] cells(Table<?, ?> table, Table.Row<?, ?, ?> row) {
    return new String[] {
      String.valueOf(row.number()),
      from(table, row.from()),
      row.on().getSimpleName(),
      row.when() == null ? "always" : "if",
      outcome(row),
      row.why()
    };
  }

  private static String outcome(Table.Row<?, ?, ?> row) {
    switch (row.kind()) {
      case MOVE:
        return "-> " + row.to();
      case STAY:
        return "stay";
      case IGNORE:
        return "ignore";
      default:
        return "refuse";
    }
  }

  /** The phases a row starts from; said the shorter way round when it is most of them. */
  private static String from(Table<?, ?> table, Set<?> from) {
    List<String> without = new ArrayList<>();
    List<String> with = new ArrayList<>();
    for (Object phase : table.phases()) {
      (from.contains(phase) ? with : without).add(phase.toString());
    }
    if (without.isEmpty()) {
      return "any";
    }
    return without.size() < with.size() && without.size() <= 3
        ? "any but " + String.join(" ", without)
        : String.join(" ", with);
  }
}
