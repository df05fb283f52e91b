package halab.systems.dw;

import static halab.systems.dw.InstBench.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.ApplyStat;
import halab.dw.proto.MalRedo;
import halab.kernel.Event;
import org.junit.jupiter.api.Test;

/** What a standby knows of what it gets and replays (ApplyStat). */
class ReplaysTest {
  private final InstBench b = InstBench.open(DmMode.STANDBY);

  private ApplyStat stat() {
    return b.state.replays.stat();
  }

  private MalRedo consistent(long number, long before, int count) {
    return b.redo(number, before, count).toBuilder().setWaitApply(true).build();
  }

  /** The engine works for a while on all that it has got. */
  private void engine(long ms, long lsn) {
    b.pass(ms).event(new Event.Applied(lsn)).settle();
  }

  @Test
  void whatIsAnsweredAtOnceHasNoResponseTime() {
    MalRedo redo = b.redo(1, 0, 2);
    b.from(TWO, redo).settle();
    assertThat(stat().getReceived()).isEqualTo(1);
    assertThat(stat().getLastBytes()).isEqualTo(Replays.bytes(redo.getPtxList()));
    assertThat(stat().getTotalResponseUs()).isZero();
    assertThat(b.state.replays.answered().count()).isEqualTo(1);
  }

  @Test
  void withWaitApplyTheResponseLastsUntilItIsShown() {
    b.engineHangs = true;
    b.from(TWO, consistent(1, 0, 1)).settle();
    engine(250, 1);
    assertThat(stat().getLastResponseUs()).isEqualTo(250_000);
    assertThat(stat().getMaxResponseUs()).isEqualTo(250_000);
    assertThat(b.lastAck(TWO).getApplyUs()).isEqualTo(250_000);
  }

  @Test
  void aTaskWaitsFromTheQueueToTheEngineAndIsAppliedInTheEngine() {
    b.engineHangs = true;
    b.archiveHangs = true;
    MalRedo redo = consistent(1, 0, 2);
    b.from(TWO, redo).settle().pass(300);
    assertThat(b.state.replays.waiting()).hasSize(1);
    assertThat(stat().getTotalWaitUs()).isZero();
    b.event(new Event.RedoWritten(b.state.way.archive.request(), "/dm/arch", 0)).settle();
    assertThat(stat().getLastWaitUs()).isEqualTo(300_000);
    assertThat(b.state.replays.current()).isNotNull();
    engine(200, 2);
    assertThat(stat().getLastApplyUs()).isEqualTo(200_000);
    assertThat(stat().getLastApplyBytes()).isEqualTo(Replays.bytes(redo.getPtxList()));
    assertThat(b.state.replays.tasks()).isEmpty();
  }

  @Test
  void aPackageCountsOnceItIsShownWhole() {
    b.engineHangs = true;
    b.from(TWO, consistent(1, 0, 3)).settle();
    engine(100, 2);
    assertThat(b.state.replays.applied().count()).isZero();
    engine(100, 3);
    assertThat(b.state.replays.applied().last().us()).isEqualTo(200_000);
    assertThat(b.state.replays.applied().last().ptx()).isEqualTo(3);
  }

  @Test
  void theKeptPackageBecomesATaskWithTheNextOne() {
    b.from(TWO, b.redo(1, 0, 1)).settle();
    assertThat(b.state.replays.tasks()).isEmpty();
    assertThat(b.state.replays.applied().count()).isZero();
    b.from(TWO, b.redo(2, 1, 1)).settle();
    assertThat(b.state.replays.applied().count()).isEqualTo(1);
    assertThat(stat().getReceived()).isEqualTo(2);
  }

  @Test
  void theLagIsBetweenTheLastReceivedAndTheLastReplayedCommit() {
    MalRedo.Builder first = b.redo(1, 0, 1).toBuilder();
    first.getPtxBuilder(0).setAtMs(7_000);
    MalRedo.Builder second = b.redo(2, 1, 1).toBuilder();
    second.getPtxBuilder(0).setAtMs(9_000);
    b.from(TWO, first.build()).settle().from(TWO, second.build()).settle();
    assertThat(stat().getApplyCmtMs()).isEqualTo(7_000);
    assertThat(stat().getLastCmtMs()).isEqualTo(9_000);
  }

  @Test
  void windowTotalsAndMaximaAreOfReplays() {
    b.change(s -> s.replays = Replays.of(2));
    b.engineHangs = true;
    for (int n = 1; n <= 3; n++) {
      b.from(TWO, consistent(n, n - 1, 1)).settle();
      engine(100L * n, n);
    }
    assertThat(stat().getRecentCount()).isEqualTo(2);
    assertThat(stat().getRecentApplyUs()).isEqualTo(500_000);
    assertThat(stat().getTotalApplyUs()).isEqualTo(600_000);
    assertThat(stat().getMaxApplyUs()).isEqualTo(300_000);
  }

  @Test
  void clearingForgetsFiguresAndKeepsTheQueue() {
    b.engineHangs = true;
    b.from(TWO, consistent(1, 0, 1)).settle();
    b.sql("SP_CLEAR_RAPPLY_STAT()");
    assertThat(stat().getReceived()).isZero();
    assertThat(b.state.replays.tasks()).hasSize(1);
    engine(10, 1);
    assertThat(b.state.replays.applied().count()).isEqualTo(1);
  }
}
