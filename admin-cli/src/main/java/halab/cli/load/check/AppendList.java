package halab.cli.load.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of the list of one key: fate and order of its numbers. */
final class AppendList {
  private static final byte NEVER = 0;
  private static final byte PENDING = 1;
  private static final byte OK = 2;
  private static final byte FAILED = 3;
  private static final byte INFO = 4;

  private final int key;
  private byte[] fate = new byte[8];

  /** The longest list that was read; others are beginnings of it. */
  private short[] order = new short[0];

  /** Who appended a number, as long as the list is written; null from then on. */
  private Map<Integer, Op> writers = new HashMap<>();

  /** Numbers in the order of their acknowledgements, as long as the list is written. */
  private List<Integer> acknowledged = new ArrayList<>();

  private boolean readAtTheEnd;

  AppendList(int key) {
    this.key = key;
  }

  /**
   * What whoever begins now has to find: so many numbers were acknowledged, and so long a list was
   * read.
   */
  record Known(int acknowledged, int shown) {}

  Known known() {
    return writers == null ? new Known(0, 0) : new Known(acknowledged.size(), order.length);
  }

  /** A number is about to be appended; false if it was before. */
  boolean tried(int number, Op invoke) {
    boolean first = fate(number) == NEVER;
    fate(number, PENDING);
    if (writers != null) {
      writers.put(number, invoke);
    }
    return first;
  }

  void ended(int number, Op.Type type, Findings findings) {
    switch (type) {
      case OK -> {
        fate(number, OK);
        if (writers != null) {
          acknowledged.add(number);
        }
      }
      case FAIL -> {
        fate(number, FAILED);
        if (contains(number)) {
          aborted(number, findings);
        }
      }
      default -> fate(number, INFO);
    }
  }

  /** Transactions in the order in which they wrote, and the one whose write each reader saw. */
  Op writer(int number) {
    return writers == null ? null : writers.get(number);
  }

  /**
   * A committed transaction has read this list, after its own appends {@code own}; this much was
   * known when it began.
   */
  void read(List<Integer> list, List<Integer> own, Known known, Op reader, Findings findings) {
    Set<Integer> seen = new HashSet<>();
    for (int number : list) {
      byte is = fate(number);
      if (is == NEVER) {
        findings.fault(head(reader) + number + ", which nobody appended");
      } else if (is == FAILED) {
        aborted(number, findings);
      }
      if (!seen.add(number)) {
        findings.fault(head(reader) + number + " twice");
      }
    }
    inOrder(list, reader, findings);
    int others = list.size() - own.size();
    if (others < 0 || !list.subList(others, list.size()).equals(own)) {
      findings.fault(head(reader) + "a list that does not end with the transaction's own " + own);
      return;
    }
    inTime(seen, others, known, reader, findings);
    if (others > 0) {
      intermediate(list.get(others - 1), reader, findings);
    }
  }

  private void inOrder(List<Integer> list, Op reader, Findings findings) {
    int both = Math.min(list.size(), order.length);
    for (int i = 0; i < both; i++) {
      if (list.get(i) != order[i]) {
        findings.fault(
            head(reader)
                + "place "
                + i
                + " is "
                + list.get(i)
                + ", in another read it was "
                + order[i]
                + ": two orders, or a committed append was lost");
        return;
      }
    }
    if (list.size() > order.length) {
      short[] longer = Arrays.copyOf(order, list.size());
      for (int i = order.length; i < list.size(); i++) {
        longer[i] = list.get(i).shortValue();
      }
      order = longer;
    }
  }

  /** What was acknowledged, or seen by a transaction that has ended, is seen from then on. */
  private void inTime(Set<Integer> seen, int others, Known known, Op reader, Findings findings) {
    int least = writers == null ? 0 : known.acknowledged();
    for (int number : acknowledged.subList(0, least)) {
      if (!seen.contains(number)) {
        findings.fault(
            head(reader)
                + "a list without "
                + number
                + ", which was acknowledged before the transaction began");
        return;
      }
    }
    if (others < known.shown()) {
      findings.fault(
          head(reader)
              + others
              + " numbers, where a transaction that ended before it began had read "
              + known.shown());
    }
  }

  /** G1b: the last number that is seen must be the last that its transaction appended here. */
  private void intermediate(int last, Op reader, Findings findings) {
    Op writer = writer(last);
    if (writer == null || writer == reader || !(writer.value() instanceof Value.Txn txn)) {
      return;
    }
    List<Integer> its =
        txn.steps().stream()
            .filter(s -> s.append() && s.key() == key)
            .map(Value.Step::appended)
            .toList();
    if (its.get(its.size() - 1) != last) {
      findings.fault(
          head(reader) + "the middle of a transaction: " + last + " of " + its + " (G1b)");
    }
  }

  private void aborted(int number, Findings findings) {
    findings.fault(
        "key " + key + ": " + number + " was read though its transaction was refused (G1a)");
  }

  /** Judges the last reading and returns how many acknowledged numbers it has. */
  long atTheEnd(List<Integer> list, Findings findings) {
    readAtTheEnd = true;
    Set<Integer> there = new HashSet<>(list);
    long found = 0;
    for (int number = 0; number < fate.length; number++) {
      if (fate[number] == OK && there.contains(number)) {
        found++;
      } else if (fate[number] == OK) {
        findings.fault("key " + key + ": acknowledged " + number + " is lost");
      } else if (fate[number] == INFO && contains(number) && !there.contains(number)) {
        findings.fault("key " + key + ": " + number + " was read and is lost");
      }
    }
    return found;
  }

  long unknownIn(List<Integer> list) {
    return list.stream().filter(n -> fate(n) == INFO || fate(n) == PENDING).count();
  }

  /** True if something was acknowledged and the last reading did not come here. */
  boolean notReadBack() {
    if (readAtTheEnd) {
      return false;
    }
    for (byte is : fate) {
      if (is == OK) {
        return true;
      }
    }
    return false;
  }

  short[] order() {
    return order;
  }

  void forgetWriters() {
    writers = null;
    acknowledged = List.of();
  }

  private boolean contains(int number) {
    for (short there : order) {
      if (there == number) {
        return true;
      }
    }
    return false;
  }

  private byte fate(int number) {
    return number < 0 || number >= fate.length ? NEVER : fate[number];
  }

  private void fate(int number, byte is) {
    if (number >= fate.length) {
      fate = Arrays.copyOf(fate, Math.max(number + 1, fate.length * 2));
    }
    fate[number] = is;
  }

  private String head(Op reader) {
    return "key " + key + ": process " + reader.process() + " read ";
  }
}
