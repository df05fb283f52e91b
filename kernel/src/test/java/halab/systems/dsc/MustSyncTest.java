package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.MalSync;
import halab.dsc.proto.SyncValue;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Event;
import org.junit.jupiter.api.Test;

/** Parameters that must be the same on all EPs (reference 2.5, 3.8; drill 33). */
@RowsOf({"dmserver", "dmasmsvr"})
class MustSyncTest {
  private static MalSync pools(String value, boolean started) {
    return MalSync.newBuilder()
        .setStarted(started)
        .addValue(SyncValue.newBuilder().setName("DSC_N_POOLS").setValue(value))
        .build();
  }

  @Test
  void whoeverIsLinkedIsTold() {
    EpBench bench = EpBench.startup("dmserver");
    bench.event(new Event.LinkUp(bench.peer(1), 1)).fires(640);
    assertThat(bench.sentTo(MalSync.class)).containsExactly(bench.peer(1));
  }

  @Test
  void theOneThatDiffersFromAStartedEpSaysWhyItDoesNotStart() {
    EpBench bench = EpBench.startup("dmserver").from(1, pools("25", true));
    bench.fires(642);
    bench.says(
        "dm.ini: DSC_N_POOLS = 19, but DSC1 has 25; this EP is not started until they agree:"
            + " correct the file and start it again");
    bench.from(1, pools("25", true)).fires(944);
  }

  @Test
  void theOneThatGoesFirstTellsTheOther() {
    EpBench bench = EpBench.startup("dmserver").from(1, pools("25", false));
    bench.fires(644);
    assertThat(bench.sentTo(MalSync.class)).containsExactly(bench.peer(1));
    EpBench.in("dmserver", EpPhase.OPEN).from(1, pools("25", false)).fires(644);
  }

  @Test
  void ofTwoThatHaveNotStartedTheLowerGoesFirst() {
    EpBench bench = EpBench.startup("dmserver", 2);
    bench.from(1, pools("25", false)).fires(642);
  }

  @Test
  void oneThatHasJustBootedTellsThoseWhoseLinkStoodBefore() {
    EpBench bench = EpBench.born("dmserver").event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(Paper.dcrBlocks(EpBench.PLAN)).slotRead(Block.EMPTY);
    assertThat(Told.of(Effect.Send.class, bench.effects))
        .hasSize(2)
        .allSatisfy(s -> assertThat(((MalSync) s.message()).getStarted()).isFalse());
  }

  @Test
  void theSameIsNothingToSpeakOf() {
    EpBench.startup("dmserver").from(1, pools("19", true)).fires(944);
    EpBench.startup("dmasmsvr").from(1, pools("19", true)).fires(944);
  }
}
