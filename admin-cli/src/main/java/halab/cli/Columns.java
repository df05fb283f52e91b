package halab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A table of text whose columns are as wide as their widest cell; styles do not count. */
public final class Columns {
  private static final String GAP = "  ";

  private record Cell(String text, UnaryOperator<String> style) {}

  private final List<List<Cell>> rows = new ArrayList<>();

  /** Begins a row. */
  public Columns row(String... cells) {
    rows.add(new ArrayList<>());
    for (String cell : cells) {
      cell(cell);
    }
    return this;
  }

  /** Adds a cell to the row. */
  public Columns cell(String text) {
    return cell(text, UnaryOperator.identity());
  }

  /** Adds a cell to the row that is shown in a style. */
  public Columns cell(String text, UnaryOperator<String> style) {
    rows.get(rows.size() - 1).add(new Cell(text == null ? "" : text, style));
    return this;
  }

  /** The lines, each after this indent, without blanks at their ends. */
  public List<String> lines(String indent) {
    List<Integer> widths = new ArrayList<>();
    for (List<Cell> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int width = row.get(i).text().length();
        if (i == widths.size()) {
          widths.add(width);
        } else {
          widths.set(i, Math.max(widths.get(i), width));
        }
      }
    }
    return rows.stream().map(row -> line(indent, row, widths)).toList();
  }

  private static String line(String indent, List<Cell> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder(indent);
    int blanks = 0;
    for (int i = 0; i < row.size(); i++) {
      Cell cell = row.get(i);
      if (!cell.text().isEmpty()) {
        line.append(" ".repeat(blanks)).append(cell.style().apply(cell.text()));
        blanks = 0;
      }
      blanks += widths.get(i) - cell.text().length() + GAP.length();
    }
    return line.toString();
  }
}
