package halab.cli.load.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether one register is linearizable, judged as its history comes in: kept is the set of all
 * configurations that are possible so far (the value, and which open operations have taken place).
 * An operation is given its place no earlier than the end of another one asks for it; when an end
 * leaves no configuration, there is no order. An operation whose end is unknown stays open for
 * ever; a configuration that has used more of these than another that is else the same can do
 * nothing that the other cannot, and is dropped.
 *
 * <p>Everything is bounded; beyond a bound the register is given up as unknown, never passed.
 */
final class Register {
  private static final int SLOTS = 63;
  private static final int MOST_CONFIGURATIONS = 50_000;
  private static final int MOST_WAITING = 1_000_000;

  /** The value, and a bit for each open operation that has taken place. */
  private record Configuration(int value, long placed) {}

  /** A beginning or an end, waiting until every operation before it has a known outcome. */
  private record Event(RegisterOp op, boolean end) {}

  private final int key;
  private final Findings findings;
  private final Deque<Event> waiting = new ArrayDeque<>();
  private final RegisterOp[] open = new RegisterOp[SLOTS];
  private Set<Configuration> possible = Set.of(new Configuration(RegisterOp.NONE, 0));
  private long lostMask;
  private boolean wrong;
  private boolean givenUp;

  Register(int key, Findings findings) {
    this.key = key;
    this.findings = findings;
  }

  void invoked(RegisterOp op) {
    if (waiting.size() >= MOST_WAITING) {
      giveUp("too many operations wait for one that does not end");
    }
    if (!givenUp) {
      waiting.addLast(new Event(op, false));
    }
  }

  void done(RegisterOp op, Op.Type outcome) {
    op.outcome = outcome;
    if (!givenUp) {
      waiting.addLast(new Event(op, true));
      advance();
    }
  }

  /** What has not ended by now is unknown. */
  void end() {
    for (Event event : List.copyOf(waiting)) {
      if (event.op().outcome == null) {
        event.op().outcome = Op.Type.INFO;
      }
    }
    advance();
  }

  /** True if there was no order, or it could not be told. */
  boolean wrong() {
    return wrong || givenUp;
  }

  private void advance() {
    while (!givenUp && !waiting.isEmpty() && waiting.peekFirst().op().outcome != null) {
      Event event = waiting.removeFirst();
      RegisterOp op = event.op();
      if (event.end()) {
        if (op.slot >= 0 && op.outcome == Op.Type.OK) {
          place(op);
        }
      } else if (op.outcome == Op.Type.OK
          || op.outcome == Op.Type.INFO && op.kind != RegisterOp.Kind.READ) {
        open(op);
      }
    }
  }

  private void open(RegisterOp op) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (open[slot] == null) {
        open[slot] = op;
        op.slot = slot;
        lostMask |= op.outcome == Op.Type.INFO ? 1L << slot : 0;
        return;
      }
    }
    giveUp("more than " + SLOTS + " operations at once");
  }

  /** The operation has ended, so by now it has taken place. */
  private void place(RegisterOp op) {
    long bit = 1L << op.slot;
    Set<Configuration> seen = new HashSet<>(possible);
    Deque<Configuration> todo = new ArrayDeque<>(possible);
    List<Configuration> after = new ArrayList<>();
    while (!todo.isEmpty()) {
      Configuration now = todo.removeLast();
      if ((now.placed() & bit) != 0) {
        after.add(new Configuration(now.value(), now.placed() & ~bit));
        continue;
      }
      for (RegisterOp next : open) {
        if (next != null && (now.placed() & 1L << next.slot) == 0 && next.fits(now.value())) {
          long placed = now.placed() | 1L << next.slot;
          Configuration then = new Configuration(next.after(now.value()), placed);
          if (seen.add(then)) {
            todo.addLast(then);
          }
        }
      }
      if (seen.size() > MOST_CONFIGURATIONS) {
        giveUp("more than " + MOST_CONFIGURATIONS + " orders are possible");
        return;
      }
    }
    open[op.slot] = null;
    if (after.isEmpty()) {
      noOrder(op);
    } else {
      possible = smallest(after);
    }
  }

  private void noOrder(RegisterOp op) {
    List<String> values =
        possible.stream()
            .map(c -> c.value() == RegisterOp.NONE ? "nothing" : Integer.toString(c.value()))
            .distinct()
            .sorted()
            .limit(5)
            .toList();
    findings.fault(
        "register "
            + key
            + ": the "
            + op
            + (op.invoke.last() ? " at the end" : "")
            + " fits in no order (not linearizable); before it the value was "
            + String.join(" or ", values)
            + (op.invoke.last() ? ": an acknowledged write is lost" : ""));
    wrong = true;
    stop();
  }

  /** Of configurations that differ in lost operations only, those that have used fewest. */
  private Set<Configuration> smallest(Collection<Configuration> all) {
    Map<Configuration, List<Configuration>> alike = new HashMap<>();
    for (Configuration one : new HashSet<>(all)) {
      Configuration head = new Configuration(one.value(), one.placed() & ~lostMask);
      List<Configuration> kept = alike.computeIfAbsent(head, h -> new ArrayList<>());
      if (kept.stream().noneMatch(k -> (k.placed() & ~one.placed()) == 0)) {
        kept.removeIf(k -> (one.placed() & ~k.placed()) == 0);
        kept.add(one);
      }
    }
    Set<Configuration> smallest = new HashSet<>();
    alike.values().forEach(smallest::addAll);
    return smallest;
  }

  private void giveUp(String why) {
    findings.unknown("register " + key + " cannot be judged: " + why);
    stop();
  }

  private void stop() {
    givenUp = true;
    waiting.clear();
    possible = Set.of();
  }
}
