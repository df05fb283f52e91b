package halab.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The matrix: every phase times every declared trigger, enumerated. A table passes when each pair
 * is heard without fail, no row stands behind one that always fires first, and every phase can be
 * come to.
 *
 * <p>Two pairs need no row because no executor brings them about: {@link Event.Started} is the
 * first event of a life and comes once, so only the first phase hears it; and a life that has asked
 * to be ended hears nothing more, so the last phase needs no rows if no row starts from it.
 */
public final class TableCheck {
  private TableCheck() {}

  /** All problems, one line each; empty for a sound table. */
  public static List<String> problems(Table<?, ?> table) {
    return problems(table, List.of());
  }

  /**
   * The same for a table that shares its phases with others.
   *
   * @param unused phases that this table never comes to; it is a problem if it does
   */
  public static List<String> problems(Table<?, ?> table, Collection<? extends Enum<?>> unused) {
    List<String> problems = new ArrayList<>();
    matrix(table, problems);
    reachable(table, unused, problems);
    return problems;
  }

  private static void matrix(Table<?, ?> table, List<String> problems) {
    Set<Integer> alive = new TreeSet<>();
    for (Enum<?> phase : table.phases()) {
      for (Class<?> trigger : table.triggers()) {
        boolean closed =
            ended(table, phase) || trigger == Event.Started.class && phase.ordinal() > 0;
        for (Table.Row<?, ?, ?> row : table.rows()) {
          if (!closed && row.from().contains(phase) && row.on().isAssignableFrom(trigger)) {
            alive.add(row.number());
            closed = row.when() == null;
          }
        }
        if (!closed) {
          problems.add(
              table.name()
                  + ": "
                  + trigger.getSimpleName()
                  + " in "
                  + phase
                  + " can fall through: no unconditional row");
        }
      }
    }
    for (Table.Row<?, ?, ?> row : table.rows()) {
      if (!alive.contains(row.number())) {
        problems.add(table.name() + ": row " + row.number() + " can never fire");
      }
    }
  }

  private static boolean ended(Table<?, ?> table, Enum<?> phase) {
    return phase.ordinal() == table.phases().size() - 1
        && table.rows().stream().noneMatch(row -> row.from().contains(phase));
  }

  private static <P extends Enum<P>> void reachable(
      Table<?, P> table, Collection<? extends Enum<?>> unused, List<String> problems) {
    Set<P> known = EnumSet.of(table.phases().get(0));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Table.Row<?, P, ?> row : table.rows()) {
        if (row.kind() == RowKind.MOVE && row.from().stream().anyMatch(known::contains)) {
          grew |= known.add(row.to());
        }
      }
    }
    for (P phase : table.phases()) {
      if (unused.contains(phase) && known.contains(phase)) {
        problems.add(
            table.name() + ": phase " + phase + " is said to be unused and can be reached");
      } else if (!unused.contains(phase) && !known.contains(phase)) {
        problems.add(table.name() + ": phase " + phase + " can never be reached");
      }
    }
  }
}
