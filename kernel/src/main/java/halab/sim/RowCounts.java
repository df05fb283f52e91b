package halab.sim;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each row of each table fired. */
public final class RowCounts {
  private String[] tables = new String[16];
  private int[][] counts = new int[16][];
  private int size;
  private int last;

  void count(String table, int row) {
    int place = place(table);
    if (row >= counts[place].length) {
      counts[place] = Arrays.copyOf(counts[place], row + 100);
    }
    counts[place][row]++;
  }

  private int place(String table) {
    if (last < size && tables[last].equals(table)) {
      return last;
    }
    for (last = 0; last < size; last++) {
      if (tables[last].equals(table)) {
        return last;
      }
    }
    if (size == tables.length) {
      tables = Arrays.copyOf(tables, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    tables[size] = table;
    counts[size] = new int[1000];
    return size++;
  }

  /** Adds the counts of another run. */
  public void add(RowCounts other) {
    other.byTable().forEach((table, rows) -> rows.forEach((row, n) -> add(table, row, n)));
  }

  private void add(String table, int row, int n) {
    count(table, row);
    counts[place(table)][row] += n - 1;
  }

  /** Table (as {@link halab.kernel.Effect.Fired} names it) to row to times. */
  public SortedMap<String, SortedMap<Integer, Integer>> byTable() {
    SortedMap<String, SortedMap<Integer, Integer>> all = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      SortedMap<Integer, Integer> rows = new TreeMap<>();
      for (int row = 0; row < counts[i].length; row++) {
        if (counts[i][row] > 0) {
          rows.put(row, counts[i][row]);
        }
      }
      all.put(tables[i], rows);
    }
    return all;
  }
}
