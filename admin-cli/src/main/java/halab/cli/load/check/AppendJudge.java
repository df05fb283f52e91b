package halab.cli.load.check;

import halab.cli.load.check.Value.Step;
import halab.cli.load.check.Value.Txn;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Append: every number is appended once to the list of its key, so a list that is read tells the
 * order of all transactions that wrote it. Found are: acknowledged numbers that are lost, numbers
 * that nobody appended, that were refused (G1a), that a transaction overwrote itself (G1b), that
 * are there twice, lists in two orders, circles of writing and reading (G0, G1c), and reads that
 * miss what was acknowledged or read before they began. What is stronger than read committed and
 * recency is not asked for.
 *
 * <p>Keys come in groups of {@link #GROUP_KEYS}; a transaction stays within one. A group that is no
 * longer written is judged for circles and forgotten but for some bytes a number, so memory stays
 * small.
 */
public final class AppendJudge implements Judge {
  /** Key k belongs to group {@code k / GROUP_KEYS}. */
  public static final int GROUP_KEYS = 8;

  private static final AppendList.Known NOTHING = new AppendList.Known(0, 0);

  private final Findings findings;
  private final Map<Integer, AppendGroup> groups = new TreeMap<>();
  private long newest = -1;
  private long acknowledged;
  private long failed;
  private long tried;
  private long found;
  private long unknownFound;
  private boolean readBack;

  public AppendJudge(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void invoked(Op invoke) {
    if (!(invoke.value() instanceof Txn txn) || txn.steps().isEmpty()) {
      return;
    }
    AppendGroup group = group(txn);
    group.begun(invoke, txn);
    tried += appends(txn);
    for (Step step : txn.steps()) {
      if (step.append() && !group.list(step.key()).tried(step.appended(), invoke)) {
        findings.unknown("number " + step.appended() + " was appended twice to key " + step.key());
      }
    }
    retire(groupOf(txn));
  }

  @Override
  public void done(Op invoke, Op done) {
    if (!(done.value() instanceof Txn txn) || txn.steps().isEmpty()) {
      return;
    }
    AppendGroup group = group(txn);
    Map<Integer, AppendList.Known> known = group.ended(invoke);
    if (done.last()) {
      known = Map.of(); // whatever it misses is lost, which is said of each number
    }
    for (Step step : txn.steps()) {
      if (step.append()) {
        group.list(step.key()).ended(step.appended(), done.type(), findings);
      }
    }
    if (done.type() == Op.Type.OK) {
      acknowledged += appends(txn);
      read(group, txn, known, invoke, done);
      group.committed(invoke, txn);
    } else if (done.type() == Op.Type.FAIL) {
      failed += appends(txn);
    }
  }

  private void read(
      AppendGroup group, Txn txn, Map<Integer, AppendList.Known> known, Op invoke, Op done) {
    for (int i = 0; i < txn.steps().size(); i++) {
      Step step = txn.steps().get(i);
      if (!step.append() && step.list() != null) {
        AppendList list = group.list(step.key());
        list.read(
            step.list(), own(txn, i), known.getOrDefault(step.key(), NOTHING), invoke, findings);
        if (done.last()) {
          readBack = true;
          found += list.atTheEnd(step.list(), findings);
          unknownFound += list.unknownIn(step.list());
        }
      }
    }
  }

  /** What the transaction itself had appended to the key of its step when it came to that step. */
  private static List<Integer> own(Txn txn, int step) {
    int key = txn.steps().get(step).key();
    return txn.steps().subList(0, step).stream()
        .filter(s -> s.append() && s.key() == key)
        .map(Step::appended)
        .toList();
  }

  private static long appends(Txn txn) {
    return txn.steps().stream().filter(Step::append).count();
  }

  /** Clients move on together: two groups later nobody begins anything in a group any more. */
  private void retire(int group) {
    if (group <= newest) {
      return;
    }
    newest = group;
    for (Map.Entry<Integer, AppendGroup> old : groups.entrySet()) {
      if (old.getKey() < newest - 1 && old.getValue().idle()) {
        old.getValue().retire(findings);
      }
    }
  }

  @Override
  public void end(boolean whole) {
    Set<Integer> missing = new HashSet<>();
    groups.forEach(
        (number, group) -> {
          group.retire(findings);
          missing.addAll(group.notReadBack());
        });
    if (!missing.isEmpty()) {
      findings.notReadBack(missing.size() + " lists", whole);
    }
  }

  @Override
  public Tally tally() {
    return new Tally(
        "values", acknowledged, readBack ? found : -1, tried - acknowledged - failed, unknownFound);
  }

  private static int groupOf(Txn txn) {
    return txn.steps().get(0).key() / GROUP_KEYS;
  }

  private AppendGroup group(Txn txn) {
    return groups.computeIfAbsent(groupOf(txn), n -> new AppendGroup());
  }
}
