package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.kernel.Block;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The DCR outlives any one bad block, and names the part when both copies are gone. */
class DcrLayoutTest {
  private static final LabPlan PLAN = new Paper(3).plan;
  private static final DcrImage IMAGE = Paper.image(PLAN);
  private static final Block FLIPPED = Block.damaged("checksum differs");

  private static List<Block> blocks() {
    return new ArrayList<>(Paper.dcrBlocks(PLAN));
  }

  @Test
  void anyOneBlockMayBeFlippedOrEmpty() throws DcrLayout.Unreadable {
    for (Block bad : List.of(FLIPPED, Block.EMPTY)) {
      for (int at = 0; at < DcrLayout.USED; at++) {
        List<Block> blocks = blocks();
        blocks.set(at, bad);
        assertThat(DcrLayout.read(blocks)).as("block %d", at).isEqualTo(IMAGE);
      }
    }
  }

  @Test
  void aPartWithoutAGoodCopyIsNamedWithItsBlocksAndTheRemedy() {
    for (Block bad : List.of(FLIPPED, Block.EMPTY)) {
      for (int at = 0; at < DcrLayout.USED; at += 2) {
        List<Block> blocks = blocks();
        boolean used = blocks.get(at).payload() != null && at != AsmLabel.FIRST;
        blocks.set(at, bad);
        blocks.set(at + 1, bad);
        if (used) {
          assertThatThrownBy(() -> DcrLayout.read(blocks))
              .isInstanceOf(DcrLayout.Unreadable.class)
              .hasMessageContaining("block " + at)
              .hasMessageContaining("block " + (at + 1))
              .hasMessageContaining("halab init");
        }
      }
    }
  }

  @Test
  void ofTwoGroupBlocksTheYoungerCounts() throws DcrLayout.Unreadable {
    DcrGroup old = IMAGE.getGroup(Paper.DB);
    DcrGroup young = old.toBuilder().setGeneration(7).addErrEp(1).build();
    List<Block> blocks = blocks();
    blocks.set(DcrLayout.group(Paper.DB, 7), Block.of(young));
    blocks.set(DcrLayout.group(Paper.DB, 8), Block.of(old));
    assertThat(DcrLayout.read(blocks).getGroup(Paper.DB)).isEqualTo(young);
    blocks.set(DcrLayout.group(Paper.DB, 7), FLIPPED);
    assertThat(DcrLayout.read(blocks).getGroup(Paper.DB)).isEqualTo(old);
  }

  @Test
  void aStrangersBlockIsNoCopy() throws DcrLayout.Unreadable {
    List<Block> blocks = blocks();
    blocks.set(0, Block.of(IMAGE.getGroup(0)));
    assertThat(DcrLayout.read(blocks)).isEqualTo(IMAGE);
  }

  @Test
  void placesDoNotOverlap() {
    List<Integer> dcr = new ArrayList<>();
    List<Integer> vote = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      dcr.add(AsmLabel.FIRST + copy);
      vote.add(AsmLabel.FIRST + copy);
    }
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      for (long generation = 0; generation < 2; generation++) {
        dcr.add(DcrLayout.group(g, generation));
        vote.add(VoteLayout.groupRecord(g, generation));
      }
      for (int n = 0; n < VoteLayout.EPS_MAX; n++) {
        dcr.add(DcrLayout.ep(g, n));
        dcr.add(DcrLayout.ep(g, n) + 1);
        vote.add(VoteLayout.heartbeat(g, n));
        vote.add(VoteLayout.command(g, n));
        vote.add(VoteLayout.kill(g, n));
      }
    }
    assertThat(dcr).doesNotHaveDuplicates().allMatch(b -> b > 1 && b < DcrLayout.USED);
    assertThat(vote).doesNotHaveDuplicates().allMatch(b -> b > 1 && b < VoteLayout.USED);
  }

  @Test
  void anEpsRecordOnTheDataDiskIsTheYoungerGoodCopy() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < DataLayout.USED; i++) {
      blocks.add(Block.EMPTY);
    }
    assertThat(DataLayout.newest(blocks, 3).getOpen()).isFalse();
    halab.dsc.proto.EpRecord.Builder record =
        halab.dsc.proto.EpRecord.newBuilder().setSeqno(3).setOpen(true);
    blocks.set(DataLayout.record(3, 8) - DataLayout.FIRST, Block.of(record.setLsn(8).build()));
    blocks.set(DataLayout.record(3, 9) - DataLayout.FIRST, Block.of(record.setLsn(9).build()));
    assertThat(DataLayout.newest(blocks, 3).getLsn()).isEqualTo(9);
    blocks.set(DataLayout.record(3, 9) - DataLayout.FIRST, FLIPPED);
    assertThat(DataLayout.newest(blocks, 3).getLsn()).isEqualTo(8);
  }
}
