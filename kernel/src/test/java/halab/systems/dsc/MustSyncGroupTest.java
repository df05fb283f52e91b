package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** DB group of two; EP 1 has other parameters than EP 0. */
@RowsOf("dmcss.DB")
class MustSyncGroupTest {
  @Test
  void anEpThatDiffersFromTheControlEpIsNotRejoined() {
    GroupBench bench = GroupBench.rejoin(Paper.DB, 2, 1, GroupPhase.OPEN);
    bench.state(g -> g.recover = 255);
    bench.paper.beat(Paper.DB, 1, b -> b.setSyncDigest(7));
    bench.look().fires(900);
    bench.paper.beat(Paper.DB, 0, b -> b.setSyncDigest(7));
    bench.look().fires(430);
  }

  @Test
  void atAStartTheFirstOneCounts() {
    GroupBench bench = GroupBench.fresh(Paper.DB, 2);
    bench.paper.asks(Paper.DB, 0).asks(Paper.DB, 1).passes(2);
    bench.paper.beat(Paper.DB, 1, b -> b.setSyncDigest(7));
    bench.look().look().fires(110);
    assertThat(bench.state.control).isZero();
    assertThat(GroupActs.candidates(new GroupScene(bench.state, bench.scene()))).containsExactly(0);
  }
}
