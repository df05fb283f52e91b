package halab.systems.dw;

import static halab.systems.dw.InstBench.TWO;
import static halab.systems.dw.InstBench.at;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.MalRedo;
import halab.dw.proto.Mode;
import halab.dw.proto.OrderKind;
import halab.dw.proto.SendInfo;
import halab.kernel.Event;
import org.junit.jupiter.api.Test;

/** What a primary knows of what it sends (SendInfo and V$ARCH_SEND_INFO). */
class SentTest {
  private static InstBench cleared() {
    InstBench b = InstBench.open(DmMode.PRIMARY);
    b.sql("SP_CLEAR_ARCH_SEND_INFO()");
    return b;
  }

  /** A package that is acknowledged after a while. */
  private static InstBench sent(InstBench b, long tx, long ms) {
    b.commit(tx).settle().pass(ms);
    return b.ackAll();
  }

  private static SendInfo info(InstBench b) {
    return b.state.targets.get(TWO).send();
  }

  private static long bytes(InstBench b) {
    MalRedo redo = b.lastRedo(TWO);
    return Replays.bytes(redo.getPtxList());
  }

  @Test
  void aSendingLastsUntilItIsAcknowledged() {
    InstBench b = sent(cleared(), 1, 400);
    SendInfo i = info(b);
    assertThat(i.getLastUs()).isEqualTo(400_000);
    assertThat(i.getLastEndMs() - i.getLastStartMs()).isEqualTo(400);
    assertThat(i.getLastEndLsn()).isEqualTo(b.state.way.flsn);
    assertThat(i.getLastBytes()).isEqualTo(bytes(b));
    assertThat(i.getCount()).isEqualTo(1);
  }

  @Test
  void theWindowHasTheLastN() {
    InstBench b = cleared();
    b.change(s -> s.targets = s.targets.plus(TWO, Target.of(TWO, s.targets.get(TWO).type(), 2)));
    sent(sent(sent(b, 1, 100), 2, 300), 3, 200);
    SendInfo i = info(b);
    assertThat(i.getRecentCount()).isEqualTo(2);
    assertThat(i.getRecentUs()).isEqualTo(500_000);
    assertThat(i.getTotalUs()).isEqualTo(600_000);
    assertThat(i.getCount()).isEqualTo(3);
    assertThat(i.getTotalPtx()).isEqualTo(3);
  }

  @Test
  void nIsRlogSendApplyMon() {
    InstState s = InstBench.open(DmMode.PRIMARY).state;
    assertThat(s.ini.rlogSendApplyMon()).isEqualTo(64);
    assertThat(s.targets.get(TWO).sends().most()).isEqualTo(64);
    assertThat(s.replays.received().most()).isEqualTo(64);
  }

  @Test
  void maximaAreThoseOfTheLongestSending() {
    InstBench b = sent(cleared(), 1, 300);
    long lsn = b.state.way.flsn;
    long end = info(b).getLastEndMs();
    b.commit(2).commit(3).settle().ackAll();
    SendInfo i = info(b);
    assertThat(i.getMaxUs()).isEqualTo(300_000);
    assertThat(i.getMaxEndLsn()).isEqualTo(lsn);
    assertThat(i.getMaxEndMs()).isEqualTo(end);
    assertThat(i.getMaxPtx()).isEqualTo(1);
  }

  @Test
  void aFailedSendingIsTheLastOneAndCountsForNothingElse() {
    InstBench b = sent(cleared(), 1, 100);
    b.commit(2).settle().event(new Event.LinkDown(at(TWO), "gone")).settle();
    SendInfo i = info(b);
    assertThat(i.getLastCode()).isEqualTo(MalActs.BROKEN);
    assertThat(i.getLastWhy()).isEqualTo("the MAL link is broken");
    assertThat(i.getLastEndLsn()).isEqualTo(b.state.ship.clsn);
    assertThat(i.getCount()).isEqualTo(1);
  }

  @Test
  void clearingForgetsItAll() {
    InstBench b = sent(cleared(), 1, 100);
    b.sql("SP_CLEAR_ARCH_SEND_INFO()");
    assertThat(info(b)).isEqualTo(SendInfo.getDefaultInstance());
    sent(b, 2, 50);
    assertThat(info(b).getCount()).isEqualTo(1);
  }

  @Test
  void aRecoveryCountsItsPackagesAnew() {
    InstBench b = sent(cleared(), 1, 100);
    b.order(OrderKind.ORDER_ARCH_INVALID, "", TWO);
    for (int round = 0; round < 2; round++) {
      b.order(OrderKind.ORDER_RECOVER, "", TWO);
      b.says(TWO, Mode.STANDBY, b.state.way.flsn - 1).settle().pass(70);
      b.ack(TWO, 0);
    }
    assertThat(b.state.targets.get(TWO).history()).isEqualTo(new Target.Brought(1, 70_000));
    assertThat(InstRows.row(b, "V$ARCH_SEND_INFO", TWO))
        .containsEntry("FOR_RECOVERY", "Y")
        .containsEntry("TOTAL_ASYNC_RPKG", 1L)
        .containsEntry("TOTAL_ASYNC_TIME", 70L);
  }
}
