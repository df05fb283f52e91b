package halab.cli.load.check;

import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import halab.cli.load.check.Value.Balances;
import halab.cli.load.check.Value.Ledger;
import halab.cli.load.check.Value.Read;
import halab.cli.load.check.Value.Run;
import halab.cli.load.check.Value.Step;
import halab.cli.load.check.Value.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JudgingSeedsTest {
  private static final int SEEDS = 1_000;

  /** Of so many one was acknowledged; fewer may all be such whose answer was lost. */
  private static final int ENOUGH = 4;

  private static Findings judged(Workload workload, List<Op> history) {
    Judging judging = new Judging(Histories.header(workload));
    history.forEach(judging::see);
    judging.end(history.size() * 1_000_000L, true);
    return judging.findings();
  }

  @ParameterizedTest
  @EnumSource
  void hasNothingAgainstAGoodDatabase(Workload workload) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Findings findings = judged(workload, Histories.good(workload, seed));
      assertThat(findings.all()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void findsALostRow() {
    wronged(Workload.BANK, 900, op -> op.value() instanceof Ledger l ? without(op, l) : null);
  }

  private static Op without(Op op, Ledger page) {
    if (op.type() != Op.Type.OK || page.found().size() < ENOUGH) {
      return null;
    }
    List<Run> found = page.found().subList(0, page.found().size() - ENOUGH);
    return with(op, new Ledger(page.client(), 0, Long.MAX_VALUE, found));
  }

  @Test
  void findsARowFromNowhere() {
    wronged(
        Workload.BANK,
        900,
        op -> {
          if (!(op.value() instanceof Ledger page) || op.type() != Op.Type.OK) {
            return null;
          }
          List<Run> found = new ArrayList<>(page.found());
          found.add(new Run(5_000, 5_000));
          return with(op, new Ledger(page.client(), 0, Long.MAX_VALUE, found));
        });
  }

  @Test
  void findsMoneyFromNowhere() {
    wronged(
        Workload.BANK,
        900,
        op -> {
          if (!(op.value() instanceof Balances read) || op.type() != Op.Type.OK) {
            return null;
          }
          List<Long> balances = new ArrayList<>(read.balances());
          balances.set(1, balances.get(1) + 1);
          return with(op, new Balances(balances));
        });
  }

  @Test
  void findsAListWithoutItsEnd() {
    wronged(
        Workload.APPEND,
        900,
        op -> op.last() ? list(op, l -> l.size() < ENOUGH ? null : List.of()) : null);
  }

  @Test
  void findsAListInAnotherOrder() {
    wronged(
        Workload.APPEND,
        900,
        op -> op.last() ? null : list(op, list -> list.size() < 2 ? null : swapped(list)));
  }

  private static List<Integer> swapped(List<Integer> list) {
    List<Integer> other = new ArrayList<>(list);
    other.set(0, list.get(1));
    other.set(1, list.get(0));
    return other;
  }

  /** The operation with its first list that is not empty changed; null if there is none. */
  private static Op list(Op op, Function<List<Integer>, List<Integer>> change) {
    if (op.type() != Op.Type.OK || !(op.value() instanceof Txn txn)) {
      return null;
    }
    for (int i = 0; i < txn.steps().size(); i++) {
      Step step = txn.steps().get(i);
      if (!step.append() && !step.list().isEmpty()) {
        List<Integer> changed = change.apply(step.list());
        if (changed != null) {
          List<Step> steps = new ArrayList<>(txn.steps());
          steps.set(i, Step.read(step.key(), changed));
          return with(op, new Txn(steps));
        }
      }
    }
    return null;
  }

  @Test
  void findsARegisterThatWentBack() {
    int wronged = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      List<Op> history = Histories.good(Workload.REGISTER, seed);
      if (goBack(history)) {
        wronged++;
        assertThat(judged(Workload.REGISTER, history).count(Finding.Kind.FAULT))
            .as("seed %d", seed)
            .isPositive();
      }
    }
    assertThat(wronged).isGreaterThan(900);
  }

  /** The last read gets a value that an earlier read had before a later write began and ended. */
  private static boolean goBack(List<Op> history) {
    for (int end = history.size() - 1; end >= 0 && history.get(end).last(); end -= 2) {
      Read last = (Read) history.get(end).value();
      int writeBegan = history.size();
      for (int i = end; i >= 0; i--) {
        Op op = history.get(i);
        if (op.type() == Op.Type.OK
            && op.value() instanceof Value.Write write
            && write.key() == last.key()
            && writeBegan == history.size()) {
          writeBegan = begin(history, i);
        } else if (writeBegan < history.size()
            && i < writeBegan
            && op.type() == Op.Type.OK
            && op.value() instanceof Read read
            && read.key() == last.key()
            && read.value() != null) {
          history.set(end, with(history.get(end), read));
          return true;
        }
      }
    }
    return false;
  }

  private static int begin(List<Op> history, int end) {
    int i = end - 1;
    while (history.get(i).process() != history.get(end).process()) {
      i--;
    }
    return i;
  }

  private static Op with(Op op, Value value) {
    return new Op(op.process(), op.type(), value, op.timeNs(), op.address(), op.error(), op.last());
  }

  /** Changes one operation of each history, where there is one that the change fits. */
  private static void wronged(Workload workload, int atLeast, Function<Op, Op> change) {
    int wronged = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      List<Op> history = Histories.good(workload, seed);
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < history.size(); i++) {
        if (change.apply(history.get(i)) != null) {
          places.add(i);
        }
      }
      if (!places.isEmpty()) {
        int place = places.get(new Rng(seed).below(places.size()));
        history.set(place, change.apply(history.get(place)));
        wronged++;
        assertThat(judged(workload, history).count(Finding.Kind.FAULT))
            .as("seed %d, operation %d: %s", seed, place, history.get(place))
            .isPositive();
      }
    }
    assertThat(wronged).isGreaterThan(atLeast);
  }
}
