package halab.node.sql;

import halab.kernel.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.h2.constraint.Constraint;
import org.h2.constraint.ConstraintReferential;
import org.h2.engine.NullsDistinct;
import org.h2.index.Index;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.Table;

/** What capture and replay must know about a table: its key, its unique keys, its parents. */
final class Layouts {
  /** The hidden column that is the key of a table without a primary key. */
  static final String HIDDEN_KEY = "halab_rowid";

  /**
   * Columns whose values may exist once only; {@code label} names them on every instance alike;
   * {@code referenced}: foreign keys refer to them.
   */
  record Unique(String label, int[] columns, boolean nullsDistinct, boolean referenced) {}

  /**
   * A foreign key: own columns, and the unique key of the parent that they refer to; {@code
   * cascades}: a change of the parent changes its children.
   */
  record Parent(
      String label,
      int[] columns,
      Column[] parentColumns,
      boolean cascades,
      ConstraintReferential reference) {}

  /** A table as it is defined at one moment. */
  record Layout(
      ChangeSet.TableName table,
      String rowLabel,
      int columnCount,
      int[] key,
      List<Unique> uniques,
      List<Parent> parents,
      long metaId) {}

  private Layouts() {}

  static Layout of(Table table, long metaId) {
    Index keyIndex = keyIndex(table);
    Check.that(keyIndex != null, "table %s has no key to replicate by", table.getName());
    List<Unique> uniques = new ArrayList<>();
    for (Index index : table.getIndexes()) {
      // Hidden keys are never granted twice: two rows cannot quarrel about one.
      boolean hidden = index.getColumns()[0].getName().equals(HIDDEN_KEY);
      if (index.getIndexType().isUnique() && index.getName() != null && !hidden) {
        int[] columns = sorted(index.getColumns());
        boolean distinct =
            index.getIndexType().getEffectiveNullsDistinct() == NullsDistinct.DISTINCT;
        Unique unique =
            new Unique(label(table, columns), columns, distinct, referenced(table, columns));
        if (uniques.stream().noneMatch(u -> u.label().equals(unique.label()))) {
          uniques.add(unique);
        }
      }
    }
    List<Parent> parents = new ArrayList<>();
    for (Constraint constraint : table.getConstraints()) {
      if (constraint instanceof ConstraintReferential reference && reference.getTable() == table) {
        parents.add(parent(reference));
      }
    }
    return new Layout(
        new ChangeSet.TableName(table.getSchema().getName(), table.getName()),
        "row " + table.getSchema().getName() + "." + table.getName(),
        table.getColumns().length,
        keyColumns(keyIndex),
        List.copyOf(uniques),
        List.copyOf(parents),
        metaId);
  }

  /** The index that finds a row by its key: the primary key's, or that of the hidden column. */
  static Index keyIndex(Table table) {
    Index primary = table.findPrimaryKey();
    if (primary != null) {
      return primary;
    }
    Column hidden = table.findColumn(HIDDEN_KEY);
    if (hidden == null) {
      return null;
    }
    for (Index index : table.getIndexes()) {
      Column[] columns = index.getColumns();
      if (index.getIndexType().isUnique() && columns.length == 1 && columns[0] == hidden) {
        return index;
      }
    }
    return null;
  }

  static int[] keyColumns(Index index) {
    return Arrays.stream(index.getColumns()).mapToInt(Column::getColumnId).toArray();
  }

  private static boolean referenced(Table table, int[] columns) {
    for (Constraint constraint : table.getConstraints()) {
      if (constraint instanceof ConstraintReferential reference
          && reference.getRefTable() == table) {
        int[] target =
            Arrays.stream(reference.getRefColumns())
                .mapToInt(c -> c.column.getColumnId())
                .sorted()
                .toArray();
        if (Arrays.equals(target, columns)) {
          return true;
        }
      }
    }
    return false;
  }

  private static int[] sorted(Column[] columns) {
    return Arrays.stream(columns).mapToInt(Column::getColumnId).sorted().toArray();
  }

  private static String label(Table table, int[] columns) {
    StringBuilder label = new StringBuilder("key ");
    label.append(table.getSchema().getName()).append('.').append(table.getName()).append('(');
    for (int column : columns) {
      label.append(table.getColumn(column).getName()).append(',');
    }
    return label.append(')').toString();
  }

  private static Parent parent(ConstraintReferential reference) {
    IndexColumn[] own = reference.getColumns();
    IndexColumn[] other = reference.getRefColumns();
    Integer[] order = new Integer[own.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> other[i].column.getColumnId()));
    int[] columns = new int[own.length];
    Column[] parentColumns = new Column[own.length];
    for (int i = 0; i < own.length; i++) {
      columns[i] = own[order[i]].column.getColumnId();
      parentColumns[i] = other[order[i]].column;
    }
    String label = label(reference.getRefTable(), sorted(parentColumns));
    boolean cascades =
        !reference.getDeleteAction().isNoActionOrRestrict()
            || !reference.getUpdateAction().isNoActionOrRestrict();
    return new Parent(label, columns, parentColumns, cascades, reference);
  }
}
