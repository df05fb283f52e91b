package halab.cli.load.check;

import static halab.cli.load.check.Told.balances;
import static halab.cli.load.check.Told.row;
import static org.assertj.core.api.Assertions.assertThat;

import halab.cli.load.check.Value.Ledger;
import java.util.List;
import org.junit.jupiter.api.Test;

class BankJudgeTest {
  private final Told told = Told.bank();

  @Test
  void hasNothingAgainstAGoodHistory() {
    told.does(0, row(0, 1)).does(0, balances(), balances(45, 55));
    told.begin(0, row(0, 2)).fail(0).begin(0, row(0, 3)).info(0).begin(0, row(0, 4)).info(0);
    told.ledger(0, 1, 3);
    assertThat(told.faults()).isEmpty();
    assertThat(told.tally()).isEqualTo(new Tally("rows", 1, 1, 2, 1));
  }

  @Test
  void findsAnAcknowledgedRowThatIsLost() {
    told.does(3, row(3, 1)).does(3, row(3, 2)).ledger(3, 1);
    assertThat(told.faults()).containsExactly("acknowledged row 3-2 is lost");
    assertThat(told.tally().found()).isEqualTo(1);
  }

  @Test
  void findsARowWhoseTransactionWasRefused() {
    told.begin(0, row(0, 1)).fail(0).ledger(0, 1);
    assertThat(told.faults())
        .containsExactly("row 0-1 is there though its transaction was refused");
  }

  @Test
  void findsARowThatNobodyWrote() {
    told.does(0, row(0, 1)).ledger(0, 1, 7);
    assertThat(told.faults()).containsExactly("row 0-7 is there though nobody wrote it");
    assertThat(Told.bank().ledger(0, 1L << 40).faults())
        .containsExactly("row 0-1099511627776 is there though nobody wrote it");
  }

  @Test
  void findsAWrongTotalAndADebt() {
    told.does(0, balances(), balances(45, 54)).does(1, balances(), balances(-5, 105));
    assertThat(told.faults()).hasSize(2);
    assertThat(told.faults().get(0)).startsWith("balances sum up to 99 in place of 100");
    assertThat(told.faults().get(1)).contains("below zero");
  }

  @Test
  void findsATransactionThatWasAppliedInPart() {
    told.finds(new Value.Books(null, null), new Value.Books(List.of(45L, 55L), List.of(50L, 50L)));
    assertThat(told.faults()).hasSize(2).allMatch(f -> f.contains("applied in part"));
  }

  @Test
  void doesNotTakeALedgerForReadThatWasNot() {
    told.does(0, row(0, 1)).books(List.of(45L, 55L));
    assertThat(told.faults()).singleElement().asString().startsWith("rows of client 0 with ack");
  }

  @Test
  void doesNotTakeBooksForReadThatWereNot() {
    Ledger all = new Ledger(0, 0, Long.MAX_VALUE, List.of(new Value.Run(1, 1)));
    told.does(0, row(0, 1)).finds(new Ledger(0, 0, Long.MAX_VALUE, null), all);
    assertThat(told.faults()).singleElement().asString().startsWith("balances of the accounts");
  }

  @Test
  void findsAnAccountThatHasGone() {
    told.does(0, balances(), balances(100, 0)).books(List.of(100L));
    assertThat(told.faults())
        .containsExactly("there are 1 accounts in place of 2, read at the end");
    Told poorer = Told.bank().does(0, balances(), balances(45, 55)).books(List.of(45L));
    assertThat(poorer.faults()).contains("balances sum up to 45 in place of 100, read at the end");
  }
}
