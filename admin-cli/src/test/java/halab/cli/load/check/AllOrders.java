package halab.cli.load.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tries every order of the operations on one register; for small histories only. */
final class AllOrders {
  private record Interval(Value value, int begin, int end, boolean must) {}

  private final List<Interval> operations = new ArrayList<>();

  static boolean linearizable(List<Op> history) {
    AllOrders orders = new AllOrders();
    for (int i = 0; i < history.size(); i++) {
      Op op = history.get(i);
      if (op.type() == Op.Type.OK) {
        orders.add(op.value(), begin(history, op), i, true);
      } else if (op.type() == Op.Type.INFO && op.value().writes()) {
        orders.add(op.value(), begin(history, op), Integer.MAX_VALUE, false);
      }
    }
    return orders.fits(new boolean[orders.operations.size()], null);
  }

  private static int begin(List<Op> history, Op end) {
    int i = 0;
    while (history.get(i).process() != end.process()) {
      i++;
    }
    return i;
  }

  private void add(Value value, int begin, int end, boolean must) {
    operations.add(new Interval(value, begin, end, must));
  }

  private boolean fits(boolean[] placed, Integer current) {
    boolean all = true;
    int firstEnd = Integer.MAX_VALUE;
    for (int i = 0; i < placed.length; i++) {
      if (!placed[i] && operations.get(i).must()) {
        all = false;
        firstEnd = Math.min(firstEnd, operations.get(i).end());
      }
    }
    if (all) {
      return true;
    }
    for (int i = 0; i < placed.length; i++) {
      Interval next = operations.get(i);
      if (!placed[i] && next.begin() < firstEnd && allowed(next.value(), current)) {
        placed[i] = true;
        boolean fits = fits(placed, after(next.value(), current));
        placed[i] = false;
        if (fits) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean allowed(Value value, Integer current) {
    if (value instanceof Value.Read read) {
      return Objects.equals(read.value(), current);
    }
    return value instanceof Value.Write || current != null && ((Value.Cas) value).old() == current;
  }

  private static Integer after(Value value, Integer current) {
    if (value instanceof Value.Write write) {
      return write.value();
    }
    return value instanceof Value.Cas cas ? Integer.valueOf(cas.value()) : current;
  }
}
