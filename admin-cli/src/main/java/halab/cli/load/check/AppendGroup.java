package halab.cli.load.check;

import halab.cli.load.check.Value.Step;
import halab.cli.load.check.Value.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lists that are written together, and the transactions that did it. */
final class AppendGroup {
  private int pending;
  private final Map<Integer, AppendList> lists = new TreeMap<>();
  private final Map<Op, Map<Integer, AppendList.Known>> begun = new IdentityHashMap<>();
  private List<Committed> committed = new ArrayList<>();

  /** A committed transaction: its beginning, which is its name, and what it found. */
  private record Committed(Op invoke, Txn txn) {}

  AppendList list(int key) {
    return lists.computeIfAbsent(key, AppendList::new);
  }

  /** A transaction begins: what is known of the lists that it reads binds it. */
  void begun(Op invoke, Txn txn) {
    pending++;
    Map<Integer, AppendList.Known> known = new HashMap<>();
    for (Step step : txn.steps()) {
      if (!step.append()) {
        known.put(step.key(), list(step.key()).known());
      }
    }
    begun.put(invoke, known);
  }

  /** It has ended; the answer is what was known of its lists when it began. */
  Map<Integer, AppendList.Known> ended(Op invoke) {
    pending--;
    return begun.remove(invoke);
  }

  void committed(Op invoke, Txn txn) {
    if (committed != null) {
      committed.add(new Committed(invoke, txn));
    }
  }

  boolean idle() {
    return pending == 0;
  }

  List<Integer> notReadBack() {
    List<Integer> keys = new ArrayList<>();
    lists.forEach(
        (key, list) -> {
          if (list.notReadBack()) {
            keys.add(key);
          }
        });
    return keys;
  }

  /** Judges circles and forgets the transactions; does nothing the second time. */
  void retire(Findings findings) {
    if (committed == null) {
      return;
    }
    Map<Op, Integer> numbers = new IdentityHashMap<>();
    List<Op> names = new ArrayList<>();
    Cycles writes = new Cycles();
    Cycles all = new Cycles();
    for (AppendList list : lists.values()) {
      int before = -1;
      for (short number : list.order()) {
        int writer = number(list.writer(number), numbers, names);
        if (before >= 0 && writer >= 0 && before != writer) {
          writes.edge(before, writer);
          all.edge(before, writer);
        }
        before = writer;
      }
    }
    report(writes, "write in a circle (G0)", names, findings);
    for (Committed reader : committed) {
      reads(reader, number(reader.invoke(), numbers, names), numbers, names, all);
    }
    if (writes.find().isEmpty()) {
      report(all, "see each other's writes in a circle (G1c)", names, findings);
    }
    committed = null;
    lists.values().forEach(AppendList::forgetWriters);
  }

  private void reads(
      Committed txn, int reader, Map<Op, Integer> numbers, List<Op> names, Cycles all) {
    for (Step step : txn.txn().steps()) {
      if (!step.append() && step.list() != null) {
        AppendList list = list(step.key());
        for (int i = step.list().size() - 1; i >= 0; i--) {
          int writer = number(list.writer(step.list().get(i)), numbers, names);
          if (writer != reader) {
            if (writer >= 0) {
              all.edge(writer, reader);
            }
            break;
          }
        }
      }
    }
  }

  private static int number(Op invoke, Map<Op, Integer> numbers, List<Op> names) {
    if (invoke == null) {
      return -1;
    }
    return numbers.computeIfAbsent(
        invoke,
        op -> {
          names.add(op);
          return names.size() - 1;
        });
  }

  private static void report(Cycles graph, String what, List<Op> names, Findings findings) {
    List<Integer> circle = graph.find();
    if (!circle.isEmpty()) {
      List<String> steps =
          circle.stream()
              .map(names::get)
              .map(op -> "process " + op.process() + " at " + op.timeNs() / 1_000_000 + " ms")
              .toList();
      findings.fault("transactions " + what + ": " + String.join(" -> ", steps));
    }
  }
}
