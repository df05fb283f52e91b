package halab.cli.load.check;

import static halab.cli.load.check.Told.add;
import static halab.cli.load.check.Told.see;
import static halab.cli.load.check.Told.txn;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AppendJudgeTest {
  private final Told told = Told.append();

  private void end(Value.Step... lists) {
    told.finds(txn(lists), txn(lists));
  }

  @Test
  void hasNothingAgainstAGoodHistory() {
    told.does(0, txn(add(1, 1), add(1, 2), see(1, 1, 2), add(2, 1)));
    told.begin(1, txn(add(1, 3))).info(1).begin(2, txn(add(2, 2))).fail(2);
    told.does(3, txn(see(1, 1, 2, 3), see(2, 1)));
    end(see(1, 1, 2, 3), see(2, 1));
    assertThat(told.faults()).isEmpty();
    assertThat(told.tally()).isEqualTo(new Tally("values", 3, 3, 1, 1));
  }

  @Test
  void findsAnAcknowledgedNumberThatIsLost() {
    told.does(0, txn(add(1, 1))).does(0, txn(add(1, 2)));
    end(see(1, 1));
    assertThat(told.faults()).containsExactly("key 1: acknowledged 2 is lost");
  }

  @Test
  void findsANumberThatWasReadAndIsLost() {
    told.begin(0, txn(add(1, 1))).info(0).does(1, txn(see(1, 1)));
    end(see(1));
    assertThat(told.faults()).containsExactly("key 1: 1 was read and is lost");
  }

  @Test
  void findsANumberThatNobodyAppended() {
    told.does(0, txn(see(1, 9)));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("9, which nobody appended"));
  }

  @Test
  void findsANumberTwice() {
    told.does(0, txn(add(1, 1))).does(0, txn(see(1, 1, 1)));
    end(see(1, 1, 1));
    assertThat(told.faults()).anyMatch(f -> f.contains("1 twice"));
  }

  @Test
  void findsARefusedNumberThatWasReadBeforeOrAfter() {
    told.begin(0, txn(add(1, 1))).does(1, txn(see(1, 1))).fail(0);
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("G1a"));
    Told after = Told.append().begin(0, txn(add(1, 1))).fail(0).does(1, txn(see(1, 1)));
    assertThat(after.faults()).hasSize(1).allMatch(f -> f.contains("G1a"));
  }

  @Test
  void findsTheMiddleOfATransaction() {
    told.begin(0, txn(add(1, 1), add(1, 2))).does(1, txn(see(1, 1))).ok(0);
    end(see(1, 1, 2));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("G1b"));
  }

  @Test
  void findsTwoOrders() {
    told.begin(0, txn(add(1, 1))).begin(1, txn(add(1, 2))).ok(0).ok(1);
    told.does(2, txn(see(1, 1, 2))).does(3, txn(see(1, 2, 1)));
    end(see(1, 1, 2));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("two orders"));
  }

  @Test
  void findsATransactionThatDoesNotSeeItsOwnAppend() {
    told.does(0, txn(add(1, 1), see(1)));
    end(see(1, 1));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("own"));
  }

  @Test
  void findsTransactionsThatWriteInACircle() {
    told.begin(0, txn(add(1, 1), add(2, 1))).begin(1, txn(add(1, 2), add(2, 2))).ok(0).ok(1);
    end(see(1, 1, 2), see(2, 2, 1));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("G0"));
  }

  @Test
  void findsTransactionsThatSeeEachOther() {
    told.begin(0, txn(add(1, 1), see(2, 1))).begin(1, txn(add(2, 1), see(1, 1))).ok(0).ok(1);
    end(see(1, 1), see(2, 1));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("G1c"));
  }

  @Test
  void findsACircleInAGroupThatIsNoLongerWritten() {
    told.begin(0, txn(add(1, 1), see(2, 1))).begin(1, txn(add(2, 1), see(1, 1))).ok(0).ok(1);
    told.does(0, txn(add(9, 1))).does(0, txn(add(17, 1)));
    end(see(1, 1), see(2, 1));
    end(see(9, 1));
    end(see(17, 1));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("G1c"));
  }

  @Test
  void findsAReadThatMissesWhatWasAcknowledgedBeforeItBegan() {
    told.does(0, txn(add(1, 1))).does(1, txn(see(1)));
    end(see(1, 1));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("a list without 1"));
  }

  @Test
  void findsAReadThatMissesWhatWasReadBeforeItBegan() {
    told.begin(0, txn(add(1, 1))).does(1, txn(see(1, 1))).does(2, txn(see(1))).ok(0);
    end(see(1, 1));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("0 numbers"));
  }

  @Test
  void asksNobodyForWhatWasAcknowledgedAfterHeBegan() {
    told.begin(1, txn(see(1))).begin(2, txn(add(1, 2), see(1, 2)));
    told.does(0, txn(add(1, 1))).ok(1);
    told.ok(2, txn(add(1, 2), see(1, 1, 2)));
    end(see(1, 1, 2));
    assertThat(told.faults()).isEmpty();
  }

  @Test
  void asksForNothingBeyondReadCommitted() {
    told.begin(0, txn(see(1), add(2, 1))).begin(1, txn(see(2), add(1, 1))).ok(0).ok(1);
    end(see(1, 1), see(2, 1));
    assertThat(told.faults()).isEmpty();
  }
}
