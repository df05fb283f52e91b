package halab.cli.load.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A directed graph of numbered nodes that is asked for a circle; linear in its edges. */
final class Cycles {
  private static final byte OPEN = 1;
  private static final byte CLOSED = 2;

  private final List<List<Integer>> next = new ArrayList<>();

  void edge(int from, int to) {
    while (next.size() <= Math.max(from, to)) {
      next.add(new ArrayList<>());
    }
    next.get(from).add(to);
  }

  /** The nodes of one circle in order, or an empty list if there is none. */
  List<Integer> find() {
    byte[] state = new byte[next.size()];
    int[] at = new int[next.size()];
    for (int start = 0; start < next.size(); start++) {
      Deque<Integer> path = new ArrayDeque<>();
      if (state[start] == 0) {
        state[start] = OPEN;
        path.addLast(start);
      }
      while (!path.isEmpty()) {
        int node = path.peekLast();
        if (at[node] == next.get(node).size()) {
          state[node] = CLOSED;
          path.removeLast();
          continue;
        }
        int to = next.get(node).get(at[node]++);
        if (state[to] == OPEN) {
          List<Integer> circle = new ArrayList<>(path);
          return circle.subList(circle.indexOf(to), circle.size());
        }
        if (state[to] == 0) {
          state[to] = OPEN;
          path.addLast(to);
        }
      }
    }
    return List.of();
  }
}
