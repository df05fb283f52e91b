package halab.cli.load;

import halab.cli.load.check.AppendJudge;
import halab.cli.load.check.BankJudge;
import halab.cli.load.check.Value;
import halab.cli.load.check.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code value} of a line of a history, checked. */
final class HistoryValues {
  private static final long MOST_ROWS = BankJudge.MOST_ROWS;
  private static final long MOST = Long.MAX_VALUE - 1;
  private static final long MOST_NUMBERS = 20_000;
  private static final long MOST_STEPS = 1_000;
  private static final long MOST_CLIENTS = 10_000;
  private static final long MOST_ACCOUNTS = 10_000;

  private HistoryValues() {}

  static Value of(Workload workload, String f, Object value) {
    return switch (workload + " " + f) {
      case "BANK transfer" -> transfer(JsonTree.map(value, "value"));
      case "BANK read" -> new Value.Balances(value == null ? null : balances(value));
      case "BANK ledger" -> ledger(JsonTree.map(value, "value"));
      case "BANK books" -> books(value);
      case "APPEND txn" -> txn(JsonTree.array(value, "value", -1));
      case "REGISTER read" -> read(JsonTree.array(value, "value", 2));
      case "REGISTER write" -> write(JsonTree.array(value, "value", 2));
      case "REGISTER cas" -> cas(JsonTree.array(value, "value", 2));
      default ->
          throw new IllegalArgumentException("a " + workload + " history has no f '" + f + "'");
    };
  }

  private static Value transfer(Map<String, Object> map) {
    return new Value.Transfer(
        (int) JsonTree.number(map, "client", 0, MOST_CLIENTS),
        JsonTree.number(map, "row", 1, MOST_ROWS),
        (int) JsonTree.number(map, "from", 0, MOST_ACCOUNTS),
        (int) JsonTree.number(map, "to", 0, MOST_ACCOUNTS),
        JsonTree.number(map, "amount", 0, Integer.MAX_VALUE));
  }

  private static List<Long> balances(Object value) {
    Map<String, Object> map = JsonTree.map(value, "value");
    List<Long> balances = new ArrayList<>();
    for (int account = 0; account < map.size(); account++) {
      balances.add(JsonTree.number(map, Integer.toString(account), Long.MIN_VALUE, Long.MAX_VALUE));
    }
    return balances;
  }

  private static Value ledger(Map<String, Object> map) {
    List<Value.Run> found = null;
    if (map.containsKey("found")) {
      found = new ArrayList<>();
      for (Object run : JsonTree.array(map.get("found"), "found", -1)) {
        List<?> ends = JsonTree.array(run, "found", 2);
        long first = JsonTree.number(ends.get(0), "found", -MOST, MOST);
        found.add(new Value.Run(first, JsonTree.number(ends.get(1), "found", first, MOST)));
      }
    }
    long above = JsonTree.number(map, "above", 0, MOST);
    long upTo = map.get("to") == null ? Long.MAX_VALUE : JsonTree.number(map, "to", above, MOST);
    return new Value.Ledger(
        (int) JsonTree.number(map, "client", 0, MOST_CLIENTS), above, upTo, found);
  }

  private static Value books(Object value) {
    if (value == null) {
      return new Value.Books(null, null);
    }
    Map<String, Object> map = JsonTree.map(value, "value");
    List<Long> balances = longs(map.get("balances"), "balances");
    List<Long> byTrail = longs(map.get("by_trail"), "by_trail");
    if (balances.size() != byTrail.size()) {
      throw new IllegalArgumentException("'balances' and 'by_trail' must be of one length");
    }
    return new Value.Books(balances, byTrail);
  }

  private static List<Long> longs(Object value, String name) {
    List<Long> longs = new ArrayList<>();
    for (Object one : JsonTree.array(value, name, -1)) {
      longs.add(JsonTree.number(one, name, Long.MIN_VALUE, Long.MAX_VALUE));
    }
    return longs;
  }

  private static Value txn(List<?> value) {
    List<Value.Step> steps = new ArrayList<>();
    int group = -1;
    for (Object one : value) {
      Value.Step step = step(JsonTree.array(one, "value", 3));
      steps.add(step);
      int its = step.key() / AppendJudge.GROUP_KEYS;
      if (group >= 0 && its != group || steps.size() > MOST_STEPS) {
        throw new IllegalArgumentException("a transaction has keys of two groups, or is too long");
      }
      group = its;
    }
    return new Value.Txn(steps);
  }

  private static Value.Step step(List<?> step) {
    int key = key(step.get(1));
    if ("append".equals(step.get(0))) {
      return Value.Step.append(key, (int) JsonTree.number(step.get(2), "append", 1, MOST_NUMBERS));
    }
    if (!"r".equals(step.get(0))) {
      throw new IllegalArgumentException("a step is 'append' or 'r', not " + step.get(0));
    }
    List<Integer> list = null;
    if (step.get(2) != null) {
      list = new ArrayList<>();
      for (Object number : JsonTree.array(step.get(2), "r", -1)) {
        list.add((int) JsonTree.number(number, "r", 0, MOST_NUMBERS));
      }
    }
    return Value.Step.read(key, list);
  }

  private static Value read(List<?> value) {
    return new Value.Read(key(value.get(0)), value.get(1) == null ? null : word(value.get(1)));
  }

  private static Value write(List<?> value) {
    return new Value.Write(key(value.get(0)), word(value.get(1)));
  }

  private static Value cas(List<?> value) {
    List<?> change = JsonTree.array(value.get(1), "cas", 2);
    return new Value.Cas(key(value.get(0)), word(change.get(0)), word(change.get(1)));
  }

  private static int key(Object value) {
    return (int) JsonTree.number(value, "key", 0, Integer.MAX_VALUE);
  }

  private static int word(Object value) {
    return (int) JsonTree.number(value, "value", Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
  }
}
