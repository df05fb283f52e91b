package halab.cli.load.check;

import halab.bricks.Rng;
import halab.cli.load.check.Value.Balances;
import halab.cli.load.check.Value.Books;
import halab.cli.load.check.Value.Cas;
import halab.cli.load.check.Value.Ledger;
import halab.cli.load.check.Value.Read;
import halab.cli.load.check.Value.Run;
import halab.cli.load.check.Value.Step;
import halab.cli.load.check.Value.Transfer;
import halab.cli.load.check.Value.Txn;
import halab.cli.load.check.Value.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A database that does everything right, one operation at a time. */
final class Model {
  static final int CLIENTS = 4;
  static final long TOTAL = 40;
  private static final int KEYS = 3;

  private final Workload workload;
  private final Rng rng;
  private final long[] balances = {10, 10, 10, 10};
  private final long[] byTrail = {10, 10, 10, 10};
  private final Map<Integer, TreeSet<Long>> ledger = new TreeMap<>();
  private final Map<Integer, List<Integer>> lists = new TreeMap<>();
  private final Map<Integer, Integer> registers = new TreeMap<>();
  private final long[] rows = new long[CLIENTS];
  private final int[] numbers = new int[100];
  private int values;
  private int tried;

  Model(Workload workload, Rng rng) {
    this.workload = workload;
    this.rng = rng;
  }

  /** What a client asks for next. */
  Value asked(int client) {
    tried++;
    return switch (workload) {
      case BANK ->
          rng.chance(300)
              ? new Balances(null)
              : new Transfer(client, ++rows[client], rng.below(2), 2 + rng.below(2), rng.below(4));
      case APPEND -> txn();
      case REGISTER -> register(rng.below(KEYS));
    };
  }

  private Txn txn() {
    int group = tried / 20;
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 1 + rng.below(3); i++) {
      int key = group * AppendJudge.GROUP_KEYS + rng.below(KEYS);
      steps.add(rng.chance(500) ? Step.append(key, ++numbers[key]) : Step.read(key, null));
    }
    return new Txn(steps);
  }

  private Value register(int key) {
    if (rng.chance(400)) {
      return new Read(key, null);
    }
    Integer now = registers.get(key);
    return now != null && rng.chance(400) ? new Cas(key, now, ++values) : new Write(key, ++values);
  }

  /** Does it and returns the answer; null if it is refused. */
  Value done(Value asked) {
    if (asked instanceof Transfer transfer) {
      return transfer(transfer);
    } else if (asked instanceof Balances) {
      return new Balances(Arrays.stream(balances).boxed().toList());
    } else if (asked instanceof Ledger page) {
      return page(page);
    } else if (asked instanceof Books) {
      return new Books(
          Arrays.stream(balances).boxed().toList(), Arrays.stream(byTrail).boxed().toList());
    } else if (asked instanceof Txn txn) {
      return new Txn(txn.steps().stream().map(this::step).toList());
    } else if (asked instanceof Read read) {
      return new Read(read.key(), registers.get(read.key()));
    } else if (asked instanceof Write write) {
      registers.put(write.key(), write.value());
      return write;
    }
    Cas cas = (Cas) asked;
    return registers.replace(cas.key(), cas.old(), cas.value()) ? cas : null;
  }

  private Value transfer(Transfer transfer) {
    if (balances[transfer.from()] < transfer.amount()) {
      return null;
    }
    for (long[] book : List.of(balances, byTrail)) {
      book[transfer.from()] -= transfer.amount();
      book[transfer.to()] += transfer.amount();
    }
    ledger.computeIfAbsent(transfer.client(), c -> new TreeSet<>()).add(transfer.row());
    return transfer;
  }

  private Ledger page(Ledger page) {
    List<Run> runs = new ArrayList<>();
    for (long row : ledger.getOrDefault(page.client(), new TreeSet<>())) {
      runs.add(new Run(row, row));
    }
    return new Ledger(page.client(), 0, Long.MAX_VALUE, runs);
  }

  private Step step(Step step) {
    List<Integer> list = lists.computeIfAbsent(step.key(), k -> new ArrayList<>());
    if (step.append()) {
      list.add(step.appended());
      return step;
    }
    return Step.read(step.key(), List.copyOf(list));
  }

  /** What is asked at the end. */
  List<Value> ending() {
    List<Value> asked = new ArrayList<>();
    switch (workload) {
      case BANK -> {
        for (int client = 0; client < CLIENTS; client++) {
          asked.add(new Ledger(client, 0, Long.MAX_VALUE, null));
        }
        asked.add(new Books(null, null));
      }
      case APPEND -> {
        for (int group = 0; group <= tried / 20; group++) {
          List<Step> steps = new ArrayList<>();
          for (int key = 0; key < KEYS; key++) {
            steps.add(Step.read(group * AppendJudge.GROUP_KEYS + key, null));
          }
          asked.add(new Txn(steps));
        }
      }
      case REGISTER -> {
        for (int key = 0; key < KEYS; key++) {
          asked.add(new Read(key, null));
        }
      }
    }
    return asked;
  }
}
